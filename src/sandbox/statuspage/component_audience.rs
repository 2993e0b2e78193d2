//! A component's viewers and groups, from the component's side: POST adds, DELETE removes all of them.

use super::{Cx, scope, wire};
use crate::sandbox::reply::{Answer, Refusal, Reply};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, id: &str, audience: &str) -> Answer {
    let on = cx.world.page(page)?;
    let body = wire::component(page, on.component(id)?);
    let key = match audience {
        "page_access_users" => "page_access_user_ids",
        "page_access_groups" => "page_access_group_ids",
        _ => return Err(Refusal::not_found()),
    };
    let of_viewers = audience == "page_access_users";
    let named = match verb {
        "POST" => scope::required_ids(&cx.call.fields()?, key)?,
        "DELETE" => Vec::new(),
        _ => return Err(Refusal::not_found()),
    };
    let exists = |named: &String| {
        if of_viewers {
            on.viewer(named).is_ok()
        } else {
            on.group(named).is_ok()
        }
    };
    if !named.iter().all(exists) {
        return Err(Refusal::invalid(key, "is invalid"));
    }
    let on = cx.world.page_mut(page)?;
    let viewers = on
        .viewers
        .iter_mut()
        .map(|viewer| (&viewer.id, &mut viewer.component_ids));
    let groups = on
        .groups
        .iter_mut()
        .map(|group| (&group.id, &mut group.component_ids));
    let change = |(owner, seen): (&String, &mut Vec<String>)| {
        if verb == "DELETE" {
            seen.retain(|component| component != id);
        } else if named.contains(owner) && !seen.iter().any(|component| component == id) {
            seen.push(id.to_owned());
        }
    };
    if of_viewers {
        viewers.for_each(change);
    } else {
        groups.for_each(change);
    }
    if verb == "DELETE" {
        cx.world.wrote("component_audience_cleared");
        return Ok(Reply::ok(body));
    }
    cx.world.wrote("component_audience_added");
    Ok(Reply::created(body))
}
