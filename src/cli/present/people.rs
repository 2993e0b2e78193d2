//! A result for people: what it comes to in a sentence, its rows as a table, and what to know and to type next.

mod heading;
mod listed;

use serde_json::Value;

use self::heading::heading;
use self::listed::{listed, one_line};

use super::{is_list, rows};
use crate::cli::columns::{self, plain, text};
use crate::cli::end::End;
use crate::cli::progress::time_of_day;
use crate::cli::screen::{Screen, Tone};
use crate::cli::{output, table};

/// Prints it.
pub(super) fn print(screen: &Screen, tool: &str, result: &Value, again: &str) {
    let is_list = is_list(result);
    let mut out = Vec::new();
    out.push(screen.tint(
        tone(result),
        &screen.wrapped(&output::harmless(&heading(tool, result)), ""),
    ));
    if is_list {
        let rows = rows(result);
        let columns = columns::of(tool, &rows);
        let heads: Vec<&str> = columns.iter().map(|(head, _)| head.as_str()).collect();
        let cells = rows.iter().map(|row| {
            let cells = columns.iter().map(|(_, cell)| output::harmless(&cell(row)));
            cells.collect::<Vec<_>>()
        });
        out.push(table::text(screen, &heads, &cells.collect::<Vec<_>>()));
    } else if result.get("status").is_none() {
        out.push(fields(screen, result));
    }
    steps(screen, result, &mut out);
    for (key, title) in [
        ("losses", "Lost by it:"),
        ("after", "Now:"),
        ("difference", "What changed since the plan was shown:"),
        ("unknown", "Not known:"),
        ("not_checked", "Not checked:"),
        ("residual", "What no API can show or remove:"),
        ("warnings", "To know:"),
    ] {
        listed(screen, title, result.get(key), &mut out);
    }
    if End::of(result) == End::Confirm {
        confirm(screen, result, again, &mut out);
    } else if let Some(next) = result.get("next").and_then(Value::as_str) {
        out.push(screen.wrapped(&output::harmless(&format!("Next: {next}")), ""));
    }
    out.retain(|part| !part.is_empty());
    output::painted(&out.join("\n"));
}

fn tone(result: &Value) -> Tone {
    match End::of(result) {
        End::Done | End::Found => Tone::Good,
        End::Failed | End::Usage => Tone::Bad,
        End::Confirm | End::Incomplete | End::NoEffect => Tone::Warn,
    }
}

/// A result that is no list and no change: a line for each field.
fn fields(screen: &Screen, result: &Value) -> String {
    const SAID: [&str; 8] = [
        "complete", "as_of", "rate", "warnings", "summary", "unknown", "next", "scanned",
    ];
    let fields = result.as_object().into_iter().flatten();
    let rows = fields
        .filter(|(key, _)| !SAID.contains(&key.as_str()))
        .map(|(key, value)| {
            let objects = value
                .as_array()
                .is_some_and(|all| all.iter().any(Value::is_object));
            let value = match value {
                Value::Array(all) if objects => {
                    all.iter().map(one_line).collect::<Vec<_>>().join(" · ")
                }
                Value::Object(_) => one_line(value),
                other => plain(other),
            };
            vec![key.replace('_', " "), output::harmless(&value)]
        });
    table::text(screen, &["FIELD", "VALUE"], &rows.collect::<Vec<_>>())
}

fn steps(screen: &Screen, result: &Value, out: &mut Vec<String>) {
    let steps = result.get("steps").and_then(Value::as_array);
    let Some(steps) = steps.filter(|steps| !steps.is_empty()) else {
        return;
    };
    if steps.iter().any(|step| step.get("action").is_some()) {
        let planned = End::of(result) == End::Confirm;
        let row = |(index, step): (usize, &Value)| {
            let mut cells = ["action", "target", "status", "detail"]
                .map(|key| output::harmless(&text(step, key)));
            if let [_, _, status, _] = &mut cells
                && status.is_empty()
                && !planned
            {
                "not done".clone_into(status);
            }
            [(index + 1).to_string()].into_iter().chain(cells).collect()
        };
        let rows: Vec<_> = steps.iter().enumerate().map(row).collect();
        out.push(table::text(
            screen,
            &["#", "STEP", "WHOM", "STATUS", "DETAIL"],
            &rows,
        ));
    } else {
        listed(screen, "Steps:", result.get("steps"), out);
    }
    if let Some(more) = result
        .pointer("/not_shown/steps")
        .and_then(Value::as_u64)
        .filter(|more| *more > 0)
    {
        out.push(format!("and {more} more steps"));
    }
}

/// The end of a plan: that nothing happened yet, and what to type.
fn confirm(screen: &Screen, result: &Value, again: &str, out: &mut Vec<String>) {
    let token = text(result, "confirmation_token");
    let until = text(result, "expires_at");
    let until = until.parse().map_or(until, time_of_day);
    out.push(screen.tint(Tone::Strong, "Nothing was changed yet."));
    let words = if token.is_empty() {
        result.get("next").map_or_else(String::new, plain)
    } else {
        format!("To carry out exactly this plan, before {until}, type:")
    };
    out.push(screen.wrapped(&output::harmless(&words), ""));
    if !token.is_empty() {
        // In one piece, so that it can be copied.
        out.push(output::harmless(&format!("  {again}{token}")));
    }
}
