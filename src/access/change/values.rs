//! The values that a step writes, in words: whoever confirms a plan sees each of them, also where the step's own words leave it out.

use std::collections::BTreeSet;

use serde_json::Value;

/// A step's words, with every value added that is other than before and that they do not hold.
pub(in crate::access) fn completed(
    what: String,
    target: &str,
    before: &Value,
    exact: &Value,
) -> String {
    let mut old = BTreeSet::new();
    texts(before, &mut old);
    let act_words = format!("{what} {target}");
    let mut unsaid = Vec::new();
    let texts_of_plan = Seen {
        before,
        old: &old,
        said: &act_words,
    };
    texts_of_plan.fields("", exact, &mut unsaid);
    if unsaid.is_empty() {
        what
    } else {
        format!("{what}; {}", unsaid.join("; "))
    }
}

struct Seen<'a> {
    before: &'a Value,
    /// Every text that was there before.
    old: &'a BTreeSet<String>,
    said: &'a str,
}

impl Seen<'_> {
    fn fields(&self, name: &str, value: &Value, unsaid: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.fields(name, value, unsaid);
                }
            }
            Value::Array(items) => {
                let mut new = BTreeSet::new();
                items.iter().for_each(|item| texts(item, &mut new));
                let new: Vec<String> = new
                    .into_iter()
                    .filter(|text| !self.old.contains(text) && !self.said.contains(text))
                    .collect();
                if !new.is_empty() {
                    unsaid.push(format!("{}: {}", plain(name), new.join(", ")));
                }
            }
            // A switch is named by the step itself, in a sentence.
            Value::Bool(_) => {}
            _ => self.field(name, value, unsaid),
        }
    }

    fn field(&self, name: &str, value: &Value, unsaid: &mut Vec<String>) {
        let new = text(value);
        let before = field(self.before, name).map(text);
        match (before.flatten(), new) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                if !(self.said.contains(&old) && self.said.contains(&new)) {
                    unsaid.push(format!("{}: {old} → {new}", plain(name)));
                }
            }
            (Some(old), None) => unsaid.push(format!("{}: {old} → none", plain(name))),
            (None, Some(new)) => {
                if !self.said.contains(&new) && !self.old.contains(&new) {
                    unsaid.push(format!("{}: {new}", plain(name)));
                }
            }
            (None, None) => {}
        }
    }
}

/// The value of this name, wherever it stands.
fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    let here = fields.get(name).filter(|value| text(value).is_some());
    here.or_else(|| fields.values().find_map(|inner| field(inner, name)))
}

/// Every text and number in a value.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        other => found.extend(text(other)),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}
