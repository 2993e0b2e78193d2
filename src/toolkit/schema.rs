//! JSON Schemas that every client accepts.
//!
//! Seen in clients: `$ref` and root combinators make a tool vanish, integer formats make validators complain, a `null` in
//! an input's type makes strict providers refuse. So: everything inlined, an object at the root, no `$schema`, no integer
//! formats, no null where absence says the same.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use super::arguments::LIST_TOO;
use super::names::NAMES;

/// The schema of what a tool takes, in full.
pub(super) fn whole_input<T: JsonSchema>() -> Map<String, Value> {
    compact(generator(SchemaSettings::for_deserialize).into_root_schema_for::<T>())
}

/// Returns the input schema that clients receive.
pub(super) fn input(whole: &Map<String, Value>) -> Map<String, Value> {
    let mut schema = whole.clone();
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for field in fields.into_iter().flat_map(Map::values_mut) {
        field.as_object_mut().map(|field| field.remove(LIST_TOO));
        without_names(field);
    }
    say_once(&mut schema);
    schema
}

/// Takes the marks of names out, at any depth.
fn without_names(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove(NAMES);
            map.values_mut().for_each(without_names);
        }
        Value::Array(items) => items.iter_mut().for_each(without_names),
        _ => {}
    }
}

/// Items of the same shape stand in several fields of a tool: the first explains them, the others name them.
fn say_once(schema: &mut Map<String, Value>) {
    let mut described = Vec::new();
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for field in fields.into_iter().flat_map(Map::values_mut) {
        let Some(Value::Object(items)) = field.get_mut("items") else {
            continue;
        };
        // The tool refuses other fields all the same.
        items.remove("additionalProperties");
        let parts = items.get_mut("properties").and_then(Value::as_object_mut);
        for (name, part) in parts.into_iter().flatten() {
            let Some(part) = part.as_object_mut() else {
                continue;
            };
            let words = (name.clone(), part.get("description").cloned());
            if described.contains(&words) {
                part.remove("description");
                if let Some(Value::Object(items)) = part.get_mut("items") {
                    items.remove("enum");
                }
            } else {
                described.push(words);
            }
        }
    }
}

/// The schema of what a tool answers, in full.
pub(super) fn whole_output<T: JsonSchema>() -> Map<String, Value> {
    let mut schema = compact(generator(SchemaSettings::for_serialize).into_root_schema_for::<T>());
    // Every answer has a place for what everybody is warned of.
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(fields) = fields {
        fields.entry("warnings").or_insert_with(
            || json!({"type": "array", "items": {"type": "string"}, "description": "What to know."}),
        );
    }
    schema
}

/// Marks an optional field of a result that a client sends back with the next call: `#[schemars(extend("x-sent-back" = true))]`.
const SENT_BACK: &str = "x-sent-back";

/// Fields of every list, which need not be named twenty times to be read.
const ENVELOPE: [&str; 4] = ["scanned", "matched", "shown", "warnings"];

/// Returns the output schema that clients receive: the fields that are always there, and the types of those that are sent back.
///
/// A list of tools is sent to the model with every request, and twenty whole output schemas are 90 KB of it. Clients use
/// the schema to validate; what a result means stands in the tool's words.
pub(super) fn outline(whole: &Map<String, Value>) -> Map<String, Value> {
    let mut outline = Map::new();
    for key in ["type", "required"] {
        outline.extend(whole.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    if let Some(Value::Array(names)) = outline.get_mut("required") {
        names.retain(|name| !ENVELOPE.iter().any(|it| name == it));
    }
    let fields = whole.get("properties").and_then(Value::as_object);
    let sent_back: Map<String, Value> = fields
        .into_iter()
        .flatten()
        .filter(|(_, field)| field.get(SENT_BACK).is_some())
        .map(|(name, field)| (name.clone(), json!({"type": field.get("type")})))
        .collect();
    if !sent_back.is_empty() {
        outline.insert("properties".to_owned(), Value::Object(sent_back));
    }
    outline
}

fn generator(contract: fn(SchemaSettings) -> SchemaSettings) -> SchemaGenerator {
    let settings =
        contract(SchemaSettings::draft2020_12()).with(|settings| settings.inline_subschemas = true);
    SchemaGenerator::new(settings)
}

fn compact(schema: schemars::Schema) -> Map<String, Value> {
    let mut root = match schema.to_value() {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    root.remove("$schema");
    root.remove("title");
    // The fields describe what a tool takes; the description of the type itself is for readers of the code.
    root.remove("description");
    tidy_object(&mut root);
    root.entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    // An empty input type says nothing of other fields; the tool refuses them all the same.
    root.entry("additionalProperties")
        .or_insert(Value::Bool(false));
    root
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(map) => tidy_object(map),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_object(map: &mut Map<String, Value>) {
    drop_null_alternative(map);
    let number = map
        .get("type")
        .is_some_and(|kind| kind == "integer" || kind == "number");
    if number {
        map.remove("format");
    }
    // A default that is null, `false` or empty is left out, and so is a minimum of 0: clients assume them.
    if map.get("default").is_some_and(says_nothing) {
        map.remove("default");
    }
    if map.get("minimum").is_some_and(|least| *least == 0) {
        map.remove("minimum");
    }
    if let Some(Value::Object(items)) = map.get_mut("items") {
        items.remove("description");
    }
    flatten_named_constants(map);
    map.values_mut().for_each(tidy);
}

fn says_nothing(default: &Value) -> bool {
    match default {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// `["string", "null"]` and `anyOf: [X, null]` say "may be absent", which the absence from `required` says already.
fn drop_null_alternative(map: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = map.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    let Some(Value::Array(choices)) = map.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    if let [Value::Object(only)] = choices.as_slice() {
        let only = only.clone();
        map.remove("anyOf");
        for (key, value) in only {
            map.entry(key).or_insert(value);
        }
    }
}

/// Documented enum variants arrive as `oneOf` of constants; a plain `enum` with the words in the description is what
/// every client understands.
fn flatten_named_constants(map: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = map.get("oneOf") else {
        return;
    };
    let mut values = Vec::new();
    let mut words = Vec::new();
    for choice in choices {
        let listed = choice.get("enum").and_then(Value::as_array).cloned();
        let Some(names) = choice.get("const").map(|one| vec![one.clone()]).or(listed) else {
            return;
        };
        if let (Some(name), Some(text)) = (
            names.first().and_then(Value::as_str),
            choice.get("description").and_then(Value::as_str),
        ) {
            words.push(format!("`{name}`: {}", text.trim_end_matches('.')));
        }
        values.extend(names);
    }
    map.remove("oneOf");
    map.insert("type".to_owned(), "string".into());
    map.insert("enum".to_owned(), Value::Array(values));
    if !words.is_empty() {
        let before = map
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let text = format!("{before} {}.", words.join("; "));
        map.insert("description".to_owned(), text.trim().into());
    }
}
