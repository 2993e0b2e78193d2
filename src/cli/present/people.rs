//! A result for people: what it comes to in a sentence, its rows as a table, and what to know and to type next.

use serde_json::Value;

use super::rows;
use crate::cli::columns::{self, plain, text};
use crate::cli::end::End;
use crate::cli::progress::time_of_day;
use crate::cli::screen::{Screen, Tone};
use crate::cli::{output, table};

/// Prints it.
pub(super) fn print(screen: &Screen, tool: &str, result: &Value, again: &str) {
    let is_list = ["records", "findings"]
        .iter()
        .any(|key| result.get(key).is_some());
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
        End::Done => Tone::Good,
        End::Failed | End::Usage => Tone::Bad,
        End::Confirm | End::Incomplete | End::NoEffect => Tone::Warn,
    }
}

/// What it comes to, in a sentence: `… has 5 accounts (complete, read 14:02:35, 13 of 60 requests)`.
fn heading(tool: &str, result: &Value) -> String {
    let mut notes = Vec::new();
    if let Some(complete) = result.get("complete").and_then(Value::as_bool) {
        notes.push(if complete { "complete" } else { "INCOMPLETE" }.to_owned());
    }
    let at = result.get("as_of").and_then(Value::as_str);
    if let Some(at) = at.and_then(|at| at.parse().ok()) {
        notes.push(format!("read {}", time_of_day(at)));
    }
    if let Some(rate) = result.get("rate") {
        notes.push(format!(
            "{} of {} requests",
            text(rate, "used"),
            text(rate, "limit")
        ));
    }
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join(", "))
    };
    if let Some(summary) = result.get("summary").and_then(Value::as_str) {
        return match notes.as_str() {
            "" => summary.to_owned(),
            _ => format!("{}{notes}", summary.trim_end_matches('.')),
        };
    }
    let shown = rows(result).len();
    let matched = result.get("matched").and_then(Value::as_u64);
    let what = if tool == "review_access" {
        "finding"
    } else {
        "row"
    };
    match matched {
        Some(matched) if usize::try_from(matched).ok() == Some(shown) => {
            let s = if matched == 1 { "" } else { "s" };
            let none = if matched == 0 { "Nothing found: " } else { "" };
            format!("{none}{matched} {what}{s}{notes}")
        }
        Some(matched) => format!("{shown} of {matched} {what}s{notes}; `--all` shows every one"),
        None => format!("{tool}{notes}"),
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

/// An object in one line: `name: value, …`.
fn one_line(value: &Value) -> String {
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

fn steps(screen: &Screen, result: &Value, out: &mut Vec<String>) {
    let steps = result.get("steps").and_then(Value::as_array);
    let Some(steps) = steps.filter(|steps| !steps.is_empty()) else {
        return;
    };
    if steps.iter().any(|step| step.get("action").is_some()) {
        let row = |(index, step): (usize, &Value)| {
            let cells = ["action", "target", "status", "detail"]
                .map(|key| output::harmless(&text(step, key)));
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

fn listed(screen: &Screen, title: &str, items: Option<&Value>, out: &mut Vec<String>) {
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
    match (item.get("what"), item.get("why")) {
        (Some(what), Some(why)) => format!("{}: {}", plain(what), plain(why)),
        _ if item.is_object() => one_line(item),
        _ => plain(item),
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
