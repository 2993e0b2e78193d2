//! The content of the cells of a row.

use serde_json::Value;

use super::{plain, text};

/// The system as people call it.
pub(super) fn system(row: &Value) -> String {
    match text(row, "system").as_str() {
        "atlassian_scim" => "directory".to_owned(),
        other => other.to_owned(),
    }
}

/// The kind of account in the words of those who work with it.
pub(super) fn account(row: &Value) -> String {
    match (text(row, "kind").as_str(), text(row, "mode")) {
        ("page_access_user", _) => "viewer".to_owned(),
        ("directory_user", _) => "person".to_owned(),
        ("subscriber", mode) if !mode.is_empty() => format!("subscriber ({mode})"),
        (kind, _) => kind.replace('_', " "),
    }
}

pub(super) fn name(row: &Value) -> String {
    let names = [text(row, "first_name"), text(row, "last_name")];
    let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        text(row, "display_name")
    } else {
        names.join(" ")
    }
}

pub(super) fn place(row: &Value) -> String {
    let name = text(row, "page_name");
    if name.is_empty() {
        let id = row.pointer("/scope/id").map_or_else(String::new, plain);
        let level = row.pointer("/scope/level").map_or_else(String::new, plain);
        if level == "page" { id } else { String::new() }
    } else {
        name
    }
}

/// Returns the access that the account gives: groups, roles, or the number of components.
pub(super) fn access(row: &Value) -> String {
    let named = row
        .get("in_groups")
        .or_else(|| row.pointer("/access/groups"))
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
pub(super) fn to_do(row: &Value) -> String {
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
