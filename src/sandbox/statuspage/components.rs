//! Components, headings included, and the headings by themselves (Statuspage API reference, `components`).

use serde_json::{Value, json};

use super::{Cx, component_audience, component_writes, paging, wire};
use crate::sandbox::{
    reply::{Answer, Refusal, Reply},
    world::{Component, Page},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    match (verb, rest) {
        ("GET", []) => {
            let rows = cx.world.page(page)?.components.iter();
            Ok(paging::from_one(cx, rows, |component| {
                wire::component(page, component)
            }))
        }
        ("GET", [id]) => Ok(Reply::ok(wire::component(
            page,
            cx.world.page(page)?.component(id)?,
        ))),
        ("POST", []) => component_writes::create(cx, page),
        ("PATCH" | "PUT", [id]) => component_writes::update(cx, page, id),
        ("DELETE", [id]) => component_writes::delete(cx, page, id),
        (_, [id, audience]) => component_audience::route(cx, verb, page, id, audience),
        _ => Err(Refusal::not_found()),
    }
}

pub(super) fn route_groups(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let on = cx.world.page(page)?;
    match (verb, rest) {
        ("GET", []) => {
            let rows = on.components.iter().filter(|component| component.group);
            Ok(paging::from_one(cx, rows, |heading| {
                wire_group(on, heading)
            }))
        }
        ("GET", [id]) => {
            let heading = on
                .component(id)
                .ok()
                .filter(|component| component.group)
                .ok_or_else(Refusal::not_found)?;
            Ok(Reply::ok(wire_group(on, heading)))
        }
        ("POST", []) => component_writes::create_group(cx, page),
        ("PATCH" | "PUT", [id]) => component_writes::update_group(cx, page, id),
        ("DELETE", [id]) => component_writes::delete_group(cx, page, id),
        _ => Err(Refusal::not_found()),
    }
}

pub(super) fn wire_group(page: &Page, heading: &Component) -> Value {
    let under = page
        .components
        .iter()
        .filter(|component| component.group_id.as_ref() == Some(&heading.id));
    json!({
        "id": heading.id,
        "page_id": page.id,
        "name": heading.name,
        "description": heading.description,
        "components": under.map(|component| &component.id).collect::<Vec<_>>(),
        "position": heading.position,
        "created_at": heading.created_at,
        "updated_at": heading.updated_at,
    })
}
