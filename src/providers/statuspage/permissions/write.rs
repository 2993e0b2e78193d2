//! The documented body: a map of page ids to switches, as JSON (a form cannot express an empty map).

use serde_json::{Map, Value, json};

use crate::roster::{PageRoles, Permissions, Role};

/// Every role is sent, on or off: what a missing one means is not documented. A page without roles is sent as `{}`, as documented.
pub(super) fn body(permissions: &Permissions) -> Value {
    let pages: Map<String, Value> = permissions
        .pages
        .iter()
        .map(|(id, page)| (id.to_string(), Value::Object(switches(page))))
        .collect();
    json!({ "pages": pages })
}

fn switches(page: &PageRoles) -> Map<String, Value> {
    let mut switches: Map<String, Value> = page
        .unknown
        .iter()
        .map(|(name, on)| (name.clone(), Value::Bool(*on)))
        .collect();
    if page.role_based {
        for role in Role::ALL {
            switches.insert(role.to_string(), Value::Bool(page.roles.contains(role)));
        }
    }
    switches
}
