//! Team members: `/organizations/{org}/users` (Statuspage API reference, `users`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cx, paging};
use crate::sandbox::{
    call::text,
    reply::{Answer, Refusal, Reply},
    seed::known,
    settings::Accounts,
    time,
    world::User,
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, rest: &[&str]) -> Answer {
    let accounts = cx.settings.accounts;
    match (verb, rest) {
        ("GET", []) if accounts == Accounts::AtlassianWithoutList => Err(Refusal::forbidden()),
        ("GET", []) => Ok(paging::from_one(cx, cx.world.users.iter(), wire)),
        ("POST", []) | ("DELETE", [_]) if accounts != Accounts::Statuspage => {
            Err(Refusal::forbidden())
        }
        ("POST", []) => create(cx),
        ("DELETE", [id]) => delete(cx, id),
        _ => Err(Refusal::not_found()),
    }
}

fn wire(user: &User) -> Value {
    json!({
        "id": user.id,
        "organization_id": known::ORGANIZATION,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn create(cx: &mut Cx<'_>) -> Answer {
    let fields = cx.call.under("user")?;
    let required = |key| text(&fields, key).ok_or_else(|| Refusal::invalid(key, "can't be blank"));
    let (email, first_name, last_name) = (
        required("email")?,
        required("first_name")?,
        required("last_name")?,
    );
    required("password")?;
    if !email.contains('@') {
        return Err(Refusal::invalid("email", "is invalid"));
    }
    if cx
        .world
        .users
        .iter()
        .any(|user| user.email.eq_ignore_ascii_case(&email))
    {
        return Err(Refusal::invalid("email", "has already been taken"));
    }
    if cx.world.users.len() >= cx.settings.seats {
        return Err(Refusal::new(
            422,
            "You reached the maximum number of team members for your plan.",
        ));
    }
    let now = time::stamp();
    let user = User {
        id: cx.world.random.id(),
        email,
        first_name: Some(first_name),
        last_name: Some(last_name),
        created_at: now.clone(),
        updated_at: now,
        owner: false,
        permissions: BTreeMap::new(),
    };
    let body = wire(&user);
    cx.world.users.push(user);
    cx.world.wrote("user_created");
    Ok(Reply::created(body))
}

fn delete(cx: &mut Cx<'_>, id: &str) -> Answer {
    let users = &mut cx.world.users;
    let at = users
        .iter()
        .position(|user| user.id == id)
        .ok_or_else(Refusal::not_found)?;
    if users.get(at).is_some_and(|user| user.owner) {
        return Err(Refusal::forbidden());
    }
    let user = users.remove(at);
    cx.world.wrote("user_deleted");
    Ok(Reply::ok(wire(&user)))
}
