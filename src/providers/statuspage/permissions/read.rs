//! Permissions from whatever shape they come in.
//!
//! Documentation, examples and clients disagree: `pages` is a list of objects with `page_id` and three switches (the official
//! example, and what two vendors' integrations read), one such object (the official schema), a map of page ids to switches
//! (the form that is written), to lists of role names, or to one text; each may be wrapped in `data`.
//!
//! Strict on purpose: a page or a role that is overlooked here is one that somebody loses with the next change.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::{Map, Value};

use super::super::wire::kind;
use crate::{
    providers::ProviderError,
    roster::{PageId, PageRoles, Permissions, Role, UserId, text},
};

type Result<T> = std::result::Result<T, ProviderError>;

fn untrusted<T>(place: impl Into<String>, why: impl Into<String>) -> Result<T> {
    let place = text::clean(&place.into(), 120).text;
    Err(ProviderError::Untrusted {
        what: "permissions",
        place,
        why: why.into(),
    })
}

/// The permissions of `user` in an answer.
///
/// # Errors
/// Says where the answer is of no known shape, is about somebody else, or contradicts itself.
pub(super) fn read(answer: &Value, user: &UserId) -> Result<Permissions> {
    let Some(top) = answer.as_object() else {
        return untrusted(".", format!("expected an object, found {}", kind(answer)));
    };
    let (at, body) = match (top.get("pages"), top.get("data")) {
        (None, Some(Value::Object(data))) => ("data.pages", data),
        _ => ("pages", top),
    };
    match body.get("user_id") {
        None | Some(Value::Null) => {}
        Some(Value::String(id)) if id == user.as_str() => {}
        Some(_) => return untrusted("user_id", format!("the answer is not about `{user}`")),
    }
    let mut pages = BTreeMap::new();
    match body.get("pages") {
        Some(Value::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                listed(&mut pages, &format!("{at}[{n}]"), item)?;
            }
        }
        Some(Value::Object(one)) if one.get("page_id").is_some_and(Value::is_string) => {
            listed(&mut pages, at, &Value::Object(one.clone()))?;
        }
        Some(Value::Object(map)) => {
            for (id, value) in map {
                let place = format!("{at}.{id}");
                let roles = mapped(&place, id, value)?;
                add(&mut pages, &place, id, roles)?;
            }
        }
        Some(other) => {
            return untrusted(
                at,
                format!("expected a list or a map, found {}", kind(other)),
            );
        }
        None => {
            return untrusted(
                at,
                "there is no list of pages, which is not the same as an empty one",
            );
        }
    }
    Ok(Permissions { pages })
}

fn add(
    pages: &mut BTreeMap<PageId, PageRoles>,
    place: &str,
    id: &str,
    roles: PageRoles,
) -> Result<()> {
    let Ok(id) = PageId::parse(id) else {
        return untrusted(place, "not a page id");
    };
    match pages.entry(id) {
        Entry::Vacant(free) => {
            free.insert(roles);
        }
        Entry::Occupied(held) if *held.get() == roles => {}
        Entry::Occupied(_) => {
            return untrusted(place, "the page is listed twice, with different roles");
        }
    }
    Ok(())
}

/// An object that names its page.
fn listed(pages: &mut BTreeMap<PageId, PageRoles>, place: &str, item: &Value) -> Result<()> {
    let Some(fields) = item.as_object() else {
        return untrusted(place, format!("expected an object, found {}", kind(item)));
    };
    match fields.get("page_id") {
        Some(Value::String(id)) => add(pages, place, id, switches(place, fields)?),
        _ => untrusted(format!("{place}.page_id"), "there is no page id"),
    }
}

/// Reads the roles that a page id maps to.
fn mapped(place: &str, id: &str, value: &Value) -> Result<PageRoles> {
    match value {
        Value::Object(fields) => match fields.get("page_id") {
            None => switches(place, fields),
            Some(Value::String(named)) if named == id => switches(place, fields),
            Some(_) => untrusted(place, "it names another page than its key"),
        },
        Value::Array(names) => {
            let mut page = PageRoles {
                role_based: true,
                ..PageRoles::default()
            };
            for (n, name) in names.iter().enumerate() {
                let Some(name) = name.as_str() else {
                    return untrusted(
                        format!("{place}[{n}]"),
                        format!("expected a role, found {}", kind(name)),
                    );
                };
                match Role::from_word(name) {
                    Some(role) => drop(page.roles.insert(role)),
                    None => drop(page.unknown.insert(name.to_owned(), true)),
                }
            }
            Ok(page)
        }
        Value::String(names) => {
            let each = names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            let roles: Option<BTreeSet<Role>> = each.map(Role::from_word).collect();
            match roles {
                Some(roles) => Ok(PageRoles {
                    roles,
                    role_based: true,
                    ..PageRoles::default()
                }),
                None => untrusted(place, "the text is no role that is known"),
            }
        }
        other => untrusted(place, format!("expected roles, found {}", kind(other))),
    }
}

/// The switches of one page: all three roles, or none where the organization has no role-based access control.
fn switches(place: &str, fields: &Map<String, Value>) -> Result<PageRoles> {
    let mut page = PageRoles::default();
    let mut roles = 0;
    for (name, value) in fields.iter().filter(|(name, _)| *name != "page_id") {
        match (Role::from_word(name), value) {
            (_, Value::Null) => {}
            (Some(role), Value::Bool(on)) => {
                roles += 1;
                if *on {
                    page.roles.insert(role);
                }
            }
            (Some(_), other) => {
                return untrusted(
                    format!("{place}.{name}"),
                    format!("expected true or false, found {}", kind(other)),
                );
            }
            (None, Value::Bool(on)) => drop(page.unknown.insert(name.clone(), *on)),
            // A name, a date: it describes the page and gives nobody anything.
            (None, Value::String(_) | Value::Number(_)) => {}
            (None, other) => {
                let why = format!(
                    "{} that is not known may give access, and could not be sent back",
                    kind(other)
                );
                return untrusted(format!("{place}.{name}"), why);
            }
        }
    }
    page.role_based = roles > 0;
    if roles == 0 || roles == Role::ALL.len() {
        Ok(page)
    } else {
        untrusted(
            place,
            format!(
                "{roles} of the three roles are there; what a missing one means is not documented"
            ),
        )
    }
}
