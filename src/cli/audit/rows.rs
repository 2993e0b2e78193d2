//! Lines of the record for people: what stands in the columns.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::cli::columns::text;
use crate::cli::output;
use crate::roster::sheet;

pub(super) fn detail(line: &Value, key: &str) -> String {
    line.get("detail")
        .map_or_else(String::new, |it| text(it, key))
}

const HEADS: [&str; 5] = ["TIME", "STATUS", "WHAT", "BY WHOM", "WHO APPROVED"];

/// The last rows: one for each change, with its outcome, and for each refusal and decision.
pub(super) fn cells(lines: &[String], most: usize) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let parsed: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| Value::String(line.clone())))
        .collect();
    let mut outcomes = BTreeMap::new();
    let mut approved = BTreeMap::new();
    let mut begun = BTreeSet::new();
    for line in &parsed {
        match text(line, "kind").as_str() {
            "intent" => {
                begun.insert(text(line, "intent"));
            }
            "outcome" => {
                outcomes.insert(text(line, "intent"), line);
            }
            "event" if ["confirmed", "approved"].contains(&text(line, "event").as_str()) => {
                let by = [detail(line, "by"), detail(line, "how"), detail(line, "way")];
                let by = by.into_iter().find(|by| !by.is_empty());
                approved.insert(
                    detail(line, "plan"),
                    by.unwrap_or_else(|| "by token".to_owned()),
                );
            }
            _ => {}
        }
    }
    let mut rows = Vec::new();
    for line in &parsed {
        let at = text(line, "at");
        let at = at.parse::<Timestamp>().map_or(at, |at| {
            at.to_zoned_datetime(jiff::tz::TimeZone::system())
                .strftime("%Y-%m-%d %H:%M:%S")
                .to_string()
        });
        let row = match text(line, "kind").as_str() {
            "intent" => {
                let end = outcomes.get(&text(line, "intent"));
                let status = end.map_or_else(
                    || "no outcome on record".to_owned(),
                    |end| text(end, "status"),
                );
                let whom = line
                    .pointer("/target/name")
                    .map_or_else(String::new, crate::cli::columns::plain);
                let by = approved
                    .get(&text(line, "plan"))
                    .cloned()
                    .unwrap_or_default();
                [
                    at,
                    status,
                    format!("{}: {whom}", text(line, "action")),
                    who(line.get("caller")),
                    by,
                ]
            }
            "outcome" if begun.contains(&text(line, "intent")) => continue,
            "outcome" => [
                at,
                text(line, "status"),
                text(line, "detail"),
                String::new(),
                String::new(),
            ],
            "event" => {
                let detail = line.get("detail").cloned().unwrap_or_default();
                let what = [text(&detail, "words"), text(&detail, "summary")];
                let shown = detail
                    .pointer("/shown/summary")
                    .map_or_else(String::new, crate::cli::columns::plain);
                let what = what.into_iter().chain([shown]).find(|it| !it.is_empty());
                let what = what.unwrap_or_else(|| format!("plan {}", text(&detail, "plan")));
                let tool = text(&detail, "tool");
                let what = if tool.is_empty() {
                    what
                } else {
                    format!("{tool}: {what}")
                };
                let caller = who(detail.get("caller"));
                [at, text(line, "event"), what, caller, text(&detail, "by")]
            }
            kind => [
                at,
                kind.to_owned(),
                String::new(),
                String::new(),
                String::new(),
            ],
        };
        rows.push(row.map(|cell| output::harmless(&cell)).into());
    }
    let rows = rows.split_off(rows.len().saturating_sub(most));
    (HEADS.to_vec(), rows)
}

/// The caller and the client it came with.
fn who(caller: Option<&Value>) -> String {
    let Some(caller) = caller else {
        return String::new();
    };
    let (name, client) = (text(caller, "name"), text(caller, "client"));
    if client.is_empty() {
        name
    } else {
        format!("{name} ({client})")
    }
}

/// Prints the rows as CSV, for a spreadsheet.
pub(super) fn csv(lines: &[String], most: usize) {
    let (_, rows) = cells(lines, most);
    let mut out = sheet::line(["time", "status", "what", "by_whom", "who_approved"]);
    for row in rows {
        out.push_str(&sheet::line(row.iter().map(String::as_str)));
    }
    output::line(out.trim_end_matches('\n'));
}
