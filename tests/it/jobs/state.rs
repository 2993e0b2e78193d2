//! What the sandbox holds before and after a job.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tools::world::World;

/// The name of a component of a page that no other has.
pub(super) fn unique_component(world: &World, page: &str) -> (String, String) {
    let page = world.stored_page(page);
    let rows = page["components"].as_array().unwrap();
    let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
    let alone = |row: &&Value| {
        row["group"] == false && rows.iter().filter(|it| name(it) == name(row)).count() == 1
    };
    let row = rows.iter().find(alone).unwrap();
    (name(row), row["id"].as_str().unwrap().to_owned())
}

/// Where two states differ: what stands in a list is found by its id.
pub(super) fn differences(path: &str, before: &Value, after: &Value, found: &mut BTreeSet<String>) {
    let by_id = |rows: &[Value]| -> Option<Vec<(String, Value)>> {
        let each = rows
            .iter()
            .map(|row| Some((row["id"].as_str()?.to_owned(), row.clone())));
        each.collect()
    };
    let pairs: Option<(Vec<_>, Vec<_>)> = match (before, after) {
        (Value::Object(a), Value::Object(b)) => Some((
            a.clone().into_iter().collect(),
            b.clone().into_iter().collect(),
        )),
        (Value::Array(a), Value::Array(b)) => by_id(a).zip(by_id(b)),
        _ => None,
    };
    let Some((a, b)) = pairs else {
        if before != after {
            found.insert(path.to_owned());
        }
        return;
    };
    let value = |rows: &[(String, Value)], key: &str| {
        let row = rows.iter().find(|(it, _)| it == key);
        row.map_or(Value::Null, |(_, value)| value.clone())
    };
    let keys: BTreeSet<&String> = a.iter().chain(&b).map(|(key, _)| key).collect();
    for key in keys {
        if key == "updated_at" || key == "modified" {
            continue;
        }
        differences(
            &format!("{path}/{key}"),
            &value(&a, key),
            &value(&b, key),
            found,
        );
    }
}

/// Holds that nothing changed but what lies under paths with one of these parts.
pub(super) fn nothing_else(before: &Value, world: &World, parts: &[&str]) {
    let mut found = BTreeSet::new();
    differences("", before, &world.sandbox.world(), &mut found);
    let others: Vec<&String> = found
        .iter()
        .filter(|path| !parts.iter().any(|part| path.contains(part)))
        .collect();
    assert_eq!(others, [""; 0], "changed besides");
    assert!(!found.is_empty(), "something changed");
}

pub(super) fn ids(world: &World, page: &str, kind: &str, emails: &[String]) -> Vec<String> {
    let page = world.stored_page(page);
    let rows = page[kind].as_array().unwrap().iter();
    let of = |row: &&Value| emails.iter().any(|email| row["email"] == email.as_str());
    rows.filter(of)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}
