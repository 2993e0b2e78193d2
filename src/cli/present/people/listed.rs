//! Lists of sentences and of objects, a line each.

use serde_json::Value;

use crate::cli::columns::plain;
use crate::cli::output;
use crate::cli::screen::{Screen, Tone};

/// An object in one line: `name: value, …`.
pub(super) fn one_line(value: &Value) -> String {
    let Some(fields) = value.as_object() else {
        return plain(value);
    };
    let fields = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| {
            let value = match value {
                Value::Object(_) => one_line(value),
                other => plain(other),
            };
            format!("{} {value}", key.replace('_', " "))
        });
    fields.collect::<Vec<_>>().join(", ")
}

pub(super) fn listed(screen: &Screen, title: &str, items: Option<&Value>, out: &mut Vec<String>) {
    let items: Vec<String> = match items {
        Some(Value::Array(items)) => items.iter().map(sentence).collect(),
        Some(Value::Object(_)) => items.map(one_line).into_iter().collect(),
        _ => return,
    };
    if items.is_empty() {
        return;
    }
    out.push(screen.tint(Tone::Strong, title));
    for item in items {
        out.push(screen.wrapped(&output::harmless(&format!("- {item}")), "  "));
    }
}

/// A line of a list: a text as it is, something unknown with its reason, anything else in one line.
fn sentence(item: &Value) -> String {
    match (item.get("what"), item.get("why"), item.get("state")) {
        (Some(what), Some(why), _) => format!("{}: {}", plain(what), plain(why)),
        (Some(what), None, Some(state)) => {
            format!("{}: {}", plain(state).replace('_', " "), plain(what))
        }
        _ if item.is_object() => one_line(item),
        _ => plain(item),
    }
}
