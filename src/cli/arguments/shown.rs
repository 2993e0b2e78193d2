//! A tool's arguments as people are shown them: what each is, and a call to copy.

use serde_json::Value;

use super::properties;
use crate::toolkit::ToolSpec;

/// `email=jane@example.com`, from the words of the first argument that gives an example.
pub(in crate::cli) fn example(spec: &ToolSpec) -> String {
    let required = spec.input.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let all = properties(spec).into_iter().flatten();
    let mut shown: Vec<String> = all
        .clone()
        .filter(|(name, _)| required.contains(&name.as_str()))
        .filter_map(|(name, schema)| Some(format!("{name}={}", given(schema)?)))
        .collect();
    if shown.is_empty() {
        shown.extend(
            all.clone()
                .find_map(|(name, schema)| Some(format!("{name}={}", given(schema)?))),
        );
    }
    shown.join(" ")
}

/// The example of a field, as one types it.
fn given(schema: &Value) -> Option<String> {
    if let Some(first) = schema.get("enum").and_then(|words| words.get(0)) {
        return first.as_str().map(ToOwned::to_owned);
    }
    let words = schema.get("description").and_then(Value::as_str)?;
    let after = ["E.g. `", "Example: `"].into_iter().find_map(|sign| {
        let (_, after) = words.split_once(sign)?;
        Some(after.split_once('`')?.0)
    })?;
    let plain = match serde_json::from_str::<Vec<String>>(after) {
        Ok(items) => items.join(","),
        Err(_) => after.to_owned(),
    };
    let safe = |c: char| c.is_ascii_alphanumeric() || "@._,-+:".contains(c);
    Some(if plain.chars().all(safe) {
        plain
    } else {
        format!("'{plain}'")
    })
}

/// The tool's arguments, a line each: name, type, and what it is.
pub(in crate::cli) fn explained(spec: &ToolSpec) -> Vec<[String; 3]> {
    let required = spec.input.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|it| it == name));
    let one = |(name, schema): (&String, &Value)| {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        let words = schema.get("enum").and_then(Value::as_array);
        let words: Vec<&str> = words
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let kind = match text("type") {
            "array" => "list",
            "string" | "" => "text",
            other => other,
        };
        let kind = if is_required(name) {
            format!("{kind}, required")
        } else {
            kind.to_owned()
        };
        let mut about = text("description").to_owned();
        if !words.is_empty() {
            about = format!("{about} One of: {}.", words.join(", "))
                .trim()
                .to_owned();
        }
        [name.clone(), kind, about]
    };
    properties(spec).into_iter().flatten().map(one).collect()
}
