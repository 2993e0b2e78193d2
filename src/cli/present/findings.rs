//! Findings as rows: in a result those with the same to do are one entry, in a table each is a row.

use serde_json::{Map, Value, json};

use crate::cli::columns::text;

/// Each finding of a group, whole.
pub(super) fn each(group: &Value) -> Vec<Value> {
    let about = group.get("about").and_then(Value::as_array);
    about
        .into_iter()
        .flatten()
        .map(|one| whole(group, one))
        .collect()
}

fn whole(group: &Value, one: &Value) -> Value {
    let mut row = Map::new();
    let mut put = |key: &str, value: Option<&Value>| {
        if let Some(value) = value {
            row.insert(key.to_owned(), value.clone());
        }
    };
    put("id", one.get("id"));
    put("severity", group.get("severity"));
    let title = format!("{} {}", text(one, "who"), text(group, "title"));
    put("title", Some(&json!(title)));
    put("name", one.get("name"));
    put("access", one.get("access"));
    let lines = |of: &Value| of.get("evidence").and_then(Value::as_array).cloned();
    let evidence = [lines(group), lines(one)].into_iter().flatten().flatten();
    put("evidence", Some(&evidence.collect()));
    if let Some(mut fix) = group.get("fix").cloned() {
        let more = one.get("arguments").and_then(Value::as_object).cloned();
        let arguments = fix.get_mut("arguments").and_then(Value::as_object_mut);
        if let (Some(arguments), Some(more)) = (arguments, more) {
            arguments.extend(more);
        }
        put("fix", Some(&fix));
    }
    put("next", group.get("next"));
    Value::Object(row)
}
