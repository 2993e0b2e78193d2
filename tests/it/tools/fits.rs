//! Holds every result of every test to the schemas that clients are given, by somebody else's reading of JSON Schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value};
use status_roster::toolkit::{Answer, Limits};

struct Schemas {
    /// What clients validate against.
    given: Validator,
    /// What each field means, closed: a field that no schema names is found too.
    whole: Validator,
}

static SCHEMAS: LazyLock<BTreeMap<&'static str, Schemas>> = LazyLock::new(|| {
    let catalogue = status_roster::tools::catalogue(Limits::default());
    let of = |schema: &Map<String, Value>| {
        jsonschema::draft202012::new(&Value::Object(schema.clone())).unwrap()
    };
    let schemas = |spec: &status_roster::toolkit::ToolSpec| {
        let mut whole = Value::Object(spec.whole_output.clone());
        close(&mut whole);
        Schemas {
            given: of(&spec.output),
            whole: of(whole.as_object().unwrap()),
        }
    };
    catalogue
        .specs()
        .map(|spec| (spec.name, schemas(spec)))
        .collect()
});

/// A result is what its schemas say, and its text is the same result; an error is words alone.
pub(crate) fn check(tool: &str, answer: &Answer) {
    let Some(result) = &answer.structured() else {
        let asks = answer.question.is_some();
        assert!(answer.is_error || asks, "{tool} answered with text alone");
        return;
    };
    assert!(
        !answer.is_error,
        "{tool}: clients hide the words of an error that has structured content"
    );
    let text: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(&text, result, "{tool} says two different things");
    let schemas = SCHEMAS.get(tool).unwrap();
    for (which, schema) in [("given", &schemas.given), ("whole", &schemas.whole)] {
        let wrong: Vec<String> = schema
            .iter_errors(result)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            wrong.is_empty(),
            "a result of {tool} is not what its {which} schema says:\n{}\n{result:#}",
            wrong.join("\n")
        );
    }
}

/// Forbids fields that an object's schema does not name.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("type") {
                map.entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
#[should_panic(expected = "is not what its given schema says")]
fn a_result_that_lacks_a_promised_field_is_found() {
    let structured = serde_json::json!({"records": []});
    let mut answer = Answer::error(structured.to_string());
    answer.is_error = false;
    check("list_org_users", &answer);
}
