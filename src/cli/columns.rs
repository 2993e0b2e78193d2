//! The columns of each tool's rows on a terminal. `--output json` has the other fields too.

mod cells;

use serde_json::Value;

use self::cells::{access, account, name, place, system, to_do};

/// A heading, and what stands under it for a row.
type Column = (String, Box<dyn Fn(&Value) -> String>);

/// A heading that is known beforehand.
type Known = (&'static str, fn(&Value) -> String);

/// The columns for the rows of a tool.
pub(super) fn of(tool: &str, rows: &[Value]) -> Vec<Column> {
    let known: Vec<Known> = match tool {
        "find_person" => vec![
            ("SYSTEM", system),
            ("ACCOUNT", account),
            ("NAME", name),
            ("WHERE", place),
            ("ACCESS", access),
            ("STATUS", |row| text(row, "status")),
        ],
        "review_access" => vec![
            ("SEVERITY", |row| text(row, "severity")),
            ("FINDING", |row| text(row, "title")),
            ("WHAT TO DO", to_do),
        ],
        "get_permissions" => vec![
            ("PAGE", |row| text(row, "page_id")),
            ("NAME", |row| text(row, "page_name")),
            ("ROLES", |row| text(row, "roles")),
        ],
        "list_org_users"
        | "list_page_access_users"
        | "list_directory_users"
        | "list_team_members"
        | "list_subscribers" => vec![
            ("ID", |row| text(row, "id")),
            ("E-MAIL", |row| text(row, "email")),
            ("NAME", name),
            ("ROLES", |row| text(row, "roles")),
            ("GROUPS", |row| text(row, "groups")),
            ("MODE", |row| text(row, "mode")),
            ("STATUS", |row| text(row, "status")),
        ],
        _ => Vec::new(),
    };
    if !known.is_empty() {
        return known
            .into_iter()
            .map(|(head, cell)| (head.to_owned(), Box::new(cell) as _))
            .collect();
    }
    every(rows)
}

/// Every field that holds one value or a list of them in some row, by name.
fn every(rows: &[Value]) -> Vec<Column> {
    let mut names: Vec<&String> = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        for (key, value) in row {
            let flat = match value {
                Value::Object(_) | Value::Null => false,
                Value::Array(items) => items.iter().all(|item| !item.is_object()),
                _ => true,
            };
            if flat && !names.contains(&key) {
                names.push(key);
            }
        }
    }
    // The fields that identify a row come first.
    names.sort_by_key(|name| match name.as_str() {
        "id" => (0, (*name).clone()),
        "name" | "email" | "what" | "title" => (1, (*name).clone()),
        _ => (2, (*name).clone()),
    });
    names
        .into_iter()
        .map(|name| {
            let key = name.clone();
            let head = name.replace('_', " ").to_uppercase();
            (head, Box::new(move |row: &Value| text(row, &key)) as _)
        })
        .collect()
}

/// A field as a person reads it.
pub(super) fn text(row: &Value, key: &str) -> String {
    row.get(key).map_or_else(String::new, plain)
}

pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields
            .get("name")
            .or_else(|| fields.get("id"))
            .map_or_else(|| value.to_string(), plain),
        Value::Number(number) => number.to_string(),
    }
}
