//! Places in fixed texts: `{/name}` stands for what a JSON pointer finds.

use serde_json::Value;

/// `value` with every place in every text filled from `from`.
pub(crate) fn filled(value: &Value, from: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, from)),
        Value::Array(items) => items.iter().map(|item| filled(item, from)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| (key.clone(), filled(field, from)))
            .collect(),
        other => other.clone(),
    }
}

/// One text.
pub(crate) fn fill(text: &str, from: &Value) -> String {
    let mut parts = text.split("{/");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap_or((part, ""));
        match from.pointer(&format!("/{place}")) {
            Some(Value::String(found)) => whole.push_str(found),
            Some(found) => whole.push_str(&found.to_string()),
            None => {}
        }
        whole.push_str(rest);
    }
    whole
}
