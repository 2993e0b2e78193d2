//! How a plan made now differs from the one that was confirmed, in words.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::confirmation::Before;

/// One line for each difference. Never empty: if nothing else can be said, that is said.
pub(in crate::access) fn words(
    before: Option<&Before>,
    steps: &Value,
    state: &Value,
) -> Vec<String> {
    let Some(before) = before else {
        return vec![
            "the plan that was confirmed is no longer kept, so the difference cannot be shown"
                .to_owned(),
        ];
    };
    let (old, new) = (step_words(&before.steps), step_words(steps));
    let mut lines: Vec<String> = old
        .difference(&new)
        .map(|step| format!("no longer: {step}"))
        .collect();
    lines.extend(new.difference(&old).map(|step| format!("now also: {step}")));
    let mut changed = Vec::new();
    compare("", &before.state, state, &mut changed);
    lines.extend(changed.into_iter().take(MOST));
    if lines.is_empty() {
        lines.push(
            "the steps read the same, but the ids or values that they act on changed".to_owned(),
        );
    }
    lines
}

/// Differences of the state that are named at most.
const MOST: usize = 12;

fn step_words(steps: &Value) -> BTreeSet<String> {
    let text = |step: &Value, key: &str| {
        step.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    steps
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| format!("{}: {}", text(step, "action"), text(step, "target")))
        .collect()
}

fn compare(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                compare(
                    &path,
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                    lines,
                );
            }
        }
        _ if old == new => {}
        _ => lines.push(format!(
            "{}: was {}, is {}",
            if path.is_empty() { "state" } else { path },
            short(old),
            short(new)
        )),
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        other => crate::roster::text::clean(&other.to_string(), 120).text,
    }
}
