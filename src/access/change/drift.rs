//! The differences between a plan made now and the one that was confirmed, in words.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::access::change::plan::Plan;
use crate::access::change::promise::{Promised, Stands};

/// A difference.
pub(in crate::access) struct Drift {
    /// One line for each, all of them.
    pub lines: Vec<String>,
    /// True when somebody loses something else now. `None`: the plan that was shown is no longer kept.
    pub losses_changed: Option<bool>,
    /// Warnings of the plan that was shown.
    pub warned: Vec<String>,
}

/// Says how the plan of now differs. Its lines are never empty: if nothing else can be said, that is said.
pub(in crate::access) fn words(
    shown: &[Promised],
    stands: &[Stands],
    plan: &Plan,
    besides: &[usize],
    before: &Value,
) -> Drift {
    let mut lines = Vec::new();
    for (step, stands) in shown.iter().zip(stands) {
        let how = match stands {
            Stands::Planned(_) => continue,
            Stands::Gone => "no longer",
            Stands::Differs => "no longer as it was shown",
            Stands::Unread => "could not be looked at",
        };
        lines.push(format!("{how}: {}", step.words()));
    }
    let losses: BTreeSet<&String> = shown.iter().flat_map(|step| &step.losses).collect();
    for act in besides.iter().filter_map(|at| plan.acts.get(*at)) {
        let step = Promised::of(act.as_ref());
        lines.push(format!("now also: {}", step.words()));
        let new = step.losses.iter().filter(|loss| !losses.contains(loss));
        lines.extend(new.map(|loss| format!("now also lost: {loss}")));
    }
    compare("", before, &plan.state, &mut lines);
    if lines.is_empty() {
        lines.push(
            "the steps read the same, but the ids or values that they act on changed".to_owned(),
        );
    }
    let now = plan.promised();
    let now: BTreeSet<&String> = now.iter().flat_map(|step| &step.losses).collect();
    Drift {
        lines,
        losses_changed: Some(now != losses),
        warned: Vec::new(),
    }
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
            whole(old),
            whole(new)
        )),
    }
}

/// Values were cleaned and cut when they were read.
fn whole(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        other => other.to_string(),
    }
}
