//! Which columns a tool's rows have on a terminal. What is not here is in `--output json`.

use serde_json::Value;

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
    // What says which row it is comes first.
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

/// The system as people call it.
fn system(row: &Value) -> String {
    match text(row, "system").as_str() {
        "atlassian_scim" => "directory".to_owned(),
        other => other.to_owned(),
    }
}

/// The kind of account in the words of those who work with it.
fn account(row: &Value) -> String {
    match (text(row, "kind").as_str(), text(row, "mode")) {
        ("page_access_user", _) => "viewer".to_owned(),
        ("directory_user", _) => "person".to_owned(),
        ("subscriber", mode) if !mode.is_empty() => format!("subscriber ({mode})"),
        (kind, _) => kind.replace('_', " "),
    }
}

fn name(row: &Value) -> String {
    let names = [text(row, "first_name"), text(row, "last_name")];
    let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        text(row, "display_name")
    } else {
        names.join(" ")
    }
}

fn place(row: &Value) -> String {
    let name = text(row, "page_name");
    if name.is_empty() {
        let id = row.pointer("/scope/id").map_or_else(String::new, plain);
        let level = row.pointer("/scope/level").map_or_else(String::new, plain);
        if level == "page" { id } else { String::new() }
    } else {
        name
    }
}

/// What the account gives: groups, roles, or how many components.
fn access(row: &Value) -> String {
    let named = row
        .pointer("/access/groups")
        .map_or_else(String::new, plain);
    let groups = if named.is_empty() {
        text(row, "groups")
    } else {
        named
    };
    if !groups.is_empty() {
        return groups;
    }
    let pages = row.get("page_roles").and_then(Value::as_array);
    if let Some(pages) = pages {
        let pages = pages.iter().map(|page| {
            let name = text(page, "page_name");
            let page_name = if name.is_empty() {
                text(page, "page_id")
            } else {
                name
            };
            match text(page, "roles") {
                roles if roles.is_empty() => page_name,
                roles => format!("{page_name}: {roles}"),
            }
        });
        return pages.collect::<Vec<_>>().join("; ");
    }
    let roles = text(row, "roles");
    if !roles.is_empty() {
        return roles;
    }
    let components = row.pointer("/access/components").and_then(Value::as_array);
    components.map_or_else(String::new, |all| match all.len() {
        0 => String::new(),
        count => format!("{count} components"),
    })
}

/// A finding's fix as a command, or what a person decides.
fn to_do(row: &Value) -> String {
    let next = text(row, "next");
    let Some(fix) = row.get("fix") else {
        return next;
    };
    let tool = text(fix, "tool");
    let arguments = fix.get("arguments").and_then(Value::as_object);
    let typed = arguments.into_iter().flatten().map(|(key, value)| {
        let value = match value {
            Value::Array(items) if items.iter().all(Value::is_string) => {
                plain(value).replace(", ", ",")
            }
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let quoted = if value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "@._,-+:".contains(c))
        {
            value
        } else {
            format!("'{}'", value.replace('\'', "'\\''"))
        };
        format!("{key}={quoted}")
    });
    let call = format!("call {tool} {}", typed.collect::<Vec<_>>().join(" "));
    if next.is_empty() {
        call
    } else {
        format!("{call}. {next}")
    }
}
