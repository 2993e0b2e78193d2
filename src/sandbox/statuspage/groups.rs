//! Page access groups (Statuspage API reference, `page-access-groups`).

use serde_json::Value;

use super::{Cx, paging, scope, wire};
use crate::sandbox::{
    call::{ids, text},
    reply::{Answer, Refusal, Reply},
    settings::OtherPages,
    time,
    world::{Audience, Group, Page},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    if cx.settings.other_pages == OtherPages::Refuse
        && cx.world.page(page)?.audience != Audience::Specific
    {
        return Err(Refusal::forbidden());
    }
    match (verb, rest) {
        ("GET", []) => {
            let on = cx.world.page(page)?;
            Ok(paging::from_one(cx, on.groups.iter(), |group| {
                wire::group(on, group)
            }))
        }
        ("POST", []) => create(cx, page),
        ("GET", [id]) => {
            let on = cx.world.page(page)?;
            Ok(Reply::ok(wire::group(on, on.group(id)?)))
        }
        ("PATCH" | "PUT", [id]) => update(cx, page, id),
        ("DELETE", [id]) => delete(cx, page, id),
        (_, [id, rest @ ..]) => scope::of_group(cx, verb, page, id, rest),
        _ => Err(Refusal::not_found()),
    }
}

fn create(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("page_access_group")?;
    let now = time::stamp();
    let group = Group {
        id: cx.world.random.id(),
        name: text(&fields, "name").ok_or_else(|| Refusal::invalid("name", "can't be blank"))?,
        external_identifier: None,
        component_ids: Vec::new(),
        metric_ids: Vec::new(),
        created_at: now.clone(),
        updated_at: now,
    };
    let id = group.id.clone();
    let on = cx.world.page(page)?;
    let filled = fill(on, group, &fields)?;
    if on.audience != Audience::Specific {
        let body = wire::group(on, &filled.0);
        cx.world.wrote("group_pretended");
        return Ok(Reply::created(body));
    }
    let on = cx.world.page_mut(page)?;
    on.groups.push(filled.0);
    on.set_members(&id, filled.1.as_deref());
    let body = wire::group(on, on.group(&id)?);
    cx.world.wrote("group_created");
    Ok(Reply::created(body))
}

fn update(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let fields = if cx.call.body.is_empty() {
        Value::Null
    } else {
        cx.call.under("page_access_group")?
    };
    let on = cx.world.page(page)?;
    let (mut group, members) = fill(on, on.group(id)?.clone(), &fields)?;
    group.updated_at = time::stamp();
    let on = cx.world.page_mut(page)?;
    *on.group_mut(id)? = group;
    on.set_members(id, members.as_deref());
    let body = wire::group(on, on.group(id)?);
    cx.world.wrote("group_updated");
    Ok(Reply::ok(body))
}

/// Takes over what is sent; a list that is sent replaces. The second part is the members, when sent.
fn fill(
    page: &Page,
    mut group: Group,
    fields: &Value,
) -> Result<(Group, Option<Vec<String>>), Refusal> {
    if let Some(name) = text(fields, "name") {
        group.name = name;
    }
    if let Some(external) = fields.get("external_identifier") {
        group.external_identifier = external
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned);
    }
    if let Some(component_ids) = scope::given(page, fields, false)? {
        group.component_ids = component_ids;
    }
    if let Some(metric_ids) = scope::given(page, fields, true)? {
        group.metric_ids = metric_ids;
    }
    let members = ids(fields, "page_access_user_ids")?;
    if members.iter().flatten().any(|id| page.viewer(id).is_err()) {
        return Err(Refusal::invalid("page_access_user_ids", "is invalid"));
    }
    Ok((group, members))
}

/// The members stay, and lose what the group gave them.
fn delete(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let on = cx.world.page_mut(page)?;
    let body = wire::group(on, on.group(id)?);
    on.groups.retain(|group| group.id != id);
    on.set_members(id, Some(&[]));
    cx.world.wrote("group_deleted");
    Ok(Reply::ok(body))
}
