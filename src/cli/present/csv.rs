//! Rows as CSV: what is nested is a column of its own, and a list stands in one cell.

use serde_json::Value;

use crate::cli::columns::plain;
use crate::roster::sheet;

/// The rows, with a header of every column that one of them has.
pub(super) fn text(rows: &[Value]) -> String {
    let rows: Vec<Vec<(String, String)>> = rows.iter().map(|row| cells("", row)).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut out = sheet::line(names.iter().copied());
    for row in &rows {
        let cell = |name: &&str| {
            row.iter()
                .find(|(its, _)| its == name)
                .map_or("", |(_, cell)| cell.as_str())
        };
        out.push_str(&sheet::line(names.iter().map(cell)));
    }
    out
}

fn cells(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(fields) => {
            let below = |(key, value): (&String, &Value)| {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}_{key}")
                };
                cells(&name, value)
            };
            fields.iter().flat_map(below).collect()
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            vec![(name.to_owned(), items.join(";"))]
        }
        Value::Null => Vec::new(),
        Value::Bool(yes) => vec![(name.to_owned(), yes.to_string())],
        other => vec![(name.to_owned(), plain(other))],
    }
}
