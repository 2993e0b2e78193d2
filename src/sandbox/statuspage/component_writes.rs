//! Components and component groups, written: what is deleted is gone from everybody who had it, and an empty group vanishes.

use serde_json::{Value, json};

use super::{Cx, components, notify, wire};
use crate::sandbox::{
    call::{flag, ids, text},
    reply::{Answer, Refusal, Reply},
    time,
    world::{Component, Page},
};

pub(super) fn create(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("component")?;
    let mut component = blank(cx, page, &fields, false)?;
    take(cx.world.page(page)?, &mut component, &fields)?;
    let body = wire::component(page, &component);
    cx.world.page_mut(page)?.components.push(component);
    cx.world.wrote("component_created");
    Ok(Reply::created(body))
}

pub(super) fn update(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let fields = cx.call.under("component")?;
    let mut component = cx.world.page(page)?.component(id)?.clone();
    let status = text(&fields, "status");
    if status
        .as_ref()
        .is_some_and(|it| !notify::STATUSES.contains(&it.as_str()))
    {
        return Err(Refusal::invalid("status", "is not included in the list"));
    }
    take(cx.world.page(page)?, &mut component, &fields)?;
    component.updated_at = time::stamp();
    // Set below, where webhooks hear of it.
    component.status = cx.world.page(page)?.component(id)?.status.clone();
    *component_mut(cx.world.page_mut(page)?, id)? = component;
    if let Some(status) = status {
        notify::apply(cx.world, page, &[(id.to_owned(), status)])?;
    }
    prune(cx.world.page_mut(page)?);
    cx.world.wrote("component_updated");
    Ok(Reply::ok(wire::component(
        page,
        cx.world.page(page)?.component(id)?,
    )))
}

pub(super) fn delete(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let on = cx.world.page_mut(page)?;
    on.component(id)?;
    on.components.retain(|it| it.id != id);
    let lists = on.viewers.iter_mut().map(|it| &mut it.component_ids);
    let lists = lists.chain(on.groups.iter_mut().map(|it| &mut it.component_ids));
    let lists = lists.chain(on.subscribers.iter_mut().map(|it| &mut it.component_ids));
    let lists = lists.chain(on.incidents.iter_mut().map(|it| &mut it.component_ids));
    lists.for_each(|list| list.retain(|it| it != id));
    prune(on);
    cx.world.wrote("component_deleted");
    Ok(Reply::nothing(204))
}

pub(super) fn create_group(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("component_group")?;
    let group = blank(cx, page, &fields, true)?;
    let members = ids(&fields, "components")?.filter(|it| !it.is_empty());
    let members = members.ok_or_else(|| Refusal::invalid("components", "can't be blank"))?;
    let id = group.id.clone();
    let on = cx.world.page_mut(page)?;
    on.components.push(group);
    set_members(on, &id, &members)?;
    cx.world.wrote("component_group_created");
    let on = cx.world.page(page)?;
    Ok(Reply::created(components::wire_group(
        on,
        on.component(&id)?,
    )))
}

pub(super) fn update_group(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let fields = cx.call.under("component_group")?;
    let members = ids(&fields, "components")?;
    let on = cx.world.page_mut(page)?;
    let group = component_mut(on, id)?;
    if let Some(name) = text(&fields, "name") {
        group.name = name;
    }
    if let Some(about) = fields.get("description") {
        group.description = about.as_str().map(str::to_owned);
    }
    group.updated_at = time::stamp();
    if let Some(members) = members {
        set_members(on, id, &members)?;
    }
    let body = on
        .component(id)
        .map_or_else(|_| json!({"id": id}), |it| components::wire_group(on, it));
    cx.world.wrote("component_group_updated");
    Ok(Reply::ok(body))
}

pub(super) fn delete_group(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let on = cx.world.page_mut(page)?;
    let body = components::wire_group(on, on.component(id)?);
    on.components.retain(|it| it.id != id);
    for component in &mut on.components {
        if component.group_id.as_deref() == Some(id) {
            component.group_id = None;
        }
    }
    cx.world.wrote("component_group_deleted");
    Ok(Reply::ok(body))
}

fn blank(cx: &mut Cx<'_>, page: &str, fields: &Value, group: bool) -> Result<Component, Refusal> {
    let now = time::stamp();
    Ok(Component {
        id: cx.world.random.id(),
        group_id: None,
        group,
        name: text(fields, "name").ok_or_else(|| Refusal::invalid("name", "can't be blank"))?,
        description: text(fields, "description"),
        position: cx.world.page(page)?.components.len() + 1,
        status: "operational".to_owned(),
        showcase: false,
        only_show_if_degraded: false,
        start_date: None,
        created_at: now.clone(),
        updated_at: now,
    })
}

/// Takes over the fields that were sent, except `only_show_if_degraded`: the page lacks the feature flag for it.
fn take(page: &Page, component: &mut Component, fields: &Value) -> Result<(), Refusal> {
    if let Some(name) = text(fields, "name") {
        component.name = name;
    }
    if let Some(about) = fields.get("description") {
        component.description = about
            .as_str()
            .filter(|it| !it.is_empty())
            .map(str::to_owned);
    }
    if let Some(status) = text(fields, "status") {
        component.status = status;
    }
    if let Some(on) = flag(fields, "showcase") {
        component.showcase = on;
    }
    if let Some(day) = fields.get("start_date") {
        component.start_date = day.as_str().map(str::to_owned);
    }
    match fields.get("group_id") {
        None => {}
        Some(Value::String(id)) if id != "null" && !id.is_empty() => {
            let is_group = page.component(id).is_ok_and(|it| it.group);
            if !is_group {
                return Err(Refusal::invalid("group_id", "is invalid"));
            }
            component.group_id = Some(id.clone());
        }
        Some(_) => component.group_id = None,
    }
    Ok(())
}

/// Exactly these; whoever stood under another heading moves.
fn set_members(page: &mut Page, id: &str, members: &[String]) -> Result<(), Refusal> {
    let usable = |it: &String| page.component(it).is_ok_and(|it| !it.group);
    if !members.iter().all(usable) {
        return Err(Refusal::invalid("components", "is invalid"));
    }
    for component in &mut page.components {
        if members.contains(&component.id) {
            component.group_id = Some(id.to_owned());
        } else if component.group_id.as_deref() == Some(id) {
            component.group_id = None;
        }
    }
    prune(page);
    Ok(())
}

/// A heading over nothing is deleted.
fn prune(page: &mut Page) {
    let used: Vec<String> = page
        .components
        .iter()
        .filter_map(|it| it.group_id.clone())
        .collect();
    page.components
        .retain(|it| !it.group || used.contains(&it.id));
}

fn component_mut<'a>(page: &'a mut Page, id: &str) -> Result<&'a mut Component, Refusal> {
    let mut rows = page.components.iter_mut();
    rows.find(|it| it.id == id).ok_or_else(Refusal::not_found)
}
