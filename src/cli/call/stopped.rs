//! The message after Ctrl-C: it says what was not done, and how to go on.

use serde_json::Value;

use crate::cli::columns::text;
use crate::cli::{output, screen};

/// Steps that are named; the rest is counted.
const MOST: usize = 20;

/// Returns whether a step of a result was not begun.
pub(in crate::cli) fn is_open(step: &Value) -> bool {
    matches!(
        step.get("status").and_then(Value::as_str),
        None | Some("not_attempted")
    )
}

pub(super) fn tell(result: &Value, again: &str) {
    say("status-roster: stopped before the end. What is done stands, and is not done twice.");
    let steps = result.get("steps").and_then(Value::as_array);
    let open: Vec<&Value> = steps
        .into_iter()
        .flatten()
        .filter(|it| is_open(it))
        .collect();
    if !open.is_empty() {
        say("Not done:");
    }
    for step in open.iter().take(MOST) {
        say(&format!(
            "- {}: {}",
            text(step, "action"),
            text(step, "target")
        ));
    }
    if open.len() > MOST {
        say(&format!("and {} more steps", open.len() - MOST));
    }
    match result.get("confirmation_token").and_then(Value::as_str) {
        // In one piece, so that it can be copied.
        Some(token) => output::aside(&format!("To go on with the rest, type:\n  {again}{token}")),
        None => say("The same command goes on from there."),
    }
}

fn say(sentence: &str) {
    output::aside(&screen::for_errors(sentence));
}
