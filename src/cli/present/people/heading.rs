//! The first line of a result.

use serde_json::Value;

use crate::cli::columns::text;
use crate::cli::present::rows;
use crate::cli::progress::time_of_day;

/// Returns the heading of a result, in a sentence: `… has 5 accounts (complete, read 14:02:35, 13 of 60 requests)`.
pub(super) fn heading(tool: &str, result: &Value) -> String {
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
    if let Some(member) = result.get("member") {
        let (email, id) = (text(member, "email"), text(member, "id"));
        let who = if email.is_empty() { id } else { email };
        let s = if shown == 1 { "" } else { "s" };
        return format!("{who} reaches {shown} page{s} by page roles{notes}");
    }
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
