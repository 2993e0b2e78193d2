//! Prints a tool's result: as it is, as rows, or for people.

mod csv;
mod findings;
mod people;

use serde_json::Value;

use super::args::Format;
use super::output;
use super::screen::Screen;

/// Returns whether a result is a list.
fn is_list(result: &Value) -> bool {
    let has = |key: &str| result.get(key).is_some_and(Value::is_array);
    has("records") || has("findings") || (result.get("member").is_some() && has("pages"))
}

/// The rows of a result: the list that it holds, or else the result itself.
pub(super) fn rows(result: &Value) -> Vec<Value> {
    let list = |key: &str| result.get(key).and_then(Value::as_array).cloned();
    // The rows of a team member are its pages.
    let pages = || result.get("member").and_then(|_| list("pages"));
    let findings =
        || list("findings").map(|groups| groups.iter().flat_map(findings::each).collect());
    let found = list("records").or_else(findings).or_else(pages);
    found.unwrap_or_else(|| vec![result.clone()])
}

/// Prints a result in the form that was asked for. `again` is what to type to carry a plan out.
pub(super) fn result(screen: &Screen, tool: &str, result: &Value, again: &str) {
    match screen.format {
        Format::Json => {
            output::json(&serde_json::to_string_pretty(result).unwrap_or_default());
        }
        Format::Ndjson => rows(result)
            .iter()
            .for_each(|row| output::json(&row.to_string())),
        Format::Csv => output::line(csv::text(&rows(result)).trim_end_matches('\n')),
        Format::Table => people::print(screen, tool, result, again),
    }
}
