//! A team member's pages and roles (Statuspage API reference, `permissions`): read as a list, written as a map, and what the
//! map leaves out is taken away.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Cx;
use crate::sandbox::{
    call::truth,
    reply::{Answer, Refusal, Reply},
    settings::PermissionsShape,
    time,
    world::{Roles, User},
};

/// The roles that a listed page always shows.
pub(in crate::sandbox) const ROLES: [&str; 3] = [
    "page_configuration",
    "incident_manager",
    "maintenance_manager",
];

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, id: &str) -> Answer {
    let at = cx
        .world
        .users
        .iter()
        .position(|user| user.id == id)
        .ok_or_else(Refusal::not_found)?;
    match verb {
        "GET" => {}
        "PUT" => replace(cx, at)?,
        _ => return Err(Refusal::not_found()),
    }
    let user = cx.world.users.get(at).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(shaped(user, cx.settings.permissions_shape)))
}

fn replace(cx: &mut Cx<'_>, at: usize) -> Result<(), Refusal> {
    let fields = cx.call.fields()?;
    let pages = match fields.get("pages") {
        Some(Value::Object(pages)) => pages.clone(),
        _ => {
            return Err(Refusal::bad_request(
                "param is missing or the value is empty: pages",
            ));
        }
    };
    let mut after = BTreeMap::new();
    for (id, roles) in pages {
        let page = cx.world.page(&id)?;
        after.insert(
            id,
            if page.role_based {
                given(&roles)?
            } else {
                Roles::new()
            },
        );
    }
    let user = cx.world.users.get_mut(at).ok_or_else(Refusal::not_found)?;
    // "Admin users have access to all pages by default": success, and nothing has changed.
    if !user.owner {
        user.permissions = after;
        user.updated_at = time::stamp();
        cx.world.wrote("permissions_replaced");
    }
    Ok(())
}

/// A role that is not sent is off. Roles beyond the three are kept: the service may know more than its documents.
fn given(roles: &Value) -> Result<Roles, Refusal> {
    let mut out: Roles = ROLES
        .iter()
        .map(|role| ((*role).to_owned(), false))
        .collect();
    let Value::Object(roles) = roles else {
        return Err(Refusal::bad_request("roles of a page must be an object"));
    };
    for (role, on) in roles {
        let on = truth(on)
            .ok_or_else(|| Refusal::bad_request(&format!("{role} must be true or false")))?;
        out.insert(role.clone(), on);
    }
    Ok(out)
}

fn shaped(user: &User, shape: PermissionsShape) -> Value {
    let pages = user.permissions.iter();
    let official = || -> Vec<Value> {
        let row = |(id, roles): (&String, &Roles)| {
            let mut row = Map::from_iter([("page_id".to_owned(), json!(id))]);
            row.extend(roles.iter().map(|(role, on)| (role.clone(), json!(on))));
            Value::Object(row)
        };
        pages.clone().map(row).collect()
    };
    match shape {
        PermissionsShape::Official => json!({ "user_id": user.id, "pages": official() }),
        PermissionsShape::Wrapped => json!({ "data": { "user_id": user.id, "pages": official() } }),
        PermissionsShape::MapOfObjects => json!({ "user_id": user.id, "pages": user.permissions }),
        PermissionsShape::MapOfNames => {
            let names = |roles: &Roles| -> Vec<String> {
                roles
                    .iter()
                    .filter(|(_, on)| **on)
                    .map(|(role, _)| role.clone())
                    .collect()
            };
            let pages: BTreeMap<&String, Vec<String>> =
                pages.map(|(id, roles)| (id, names(roles))).collect();
            json!({ "user_id": user.id, "pages": pages })
        }
    }
}
