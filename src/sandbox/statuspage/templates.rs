//! Texts to begin an incident with; the API can neither change nor delete one.

use super::{Cx, incident_wire, paging};
use crate::sandbox::{
    call::{flag, text},
    reply::{Answer, Refusal, Reply},
    world::Template,
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let on = cx.world.page(page)?;
    match (verb, rest) {
        ("GET", []) => Ok(paging::from_one(cx, on.templates.iter(), |it| {
            incident_wire::template(on, it)
        })),
        ("POST", []) => {
            let fields = cx.call.under("template")?;
            let needed = |key: &str| {
                text(&fields, key).ok_or_else(|| Refusal::invalid(key, "can't be blank"))
            };
            let (name, title, body) = (needed("name")?, needed("title")?, needed("body")?);
            let made = Template {
                id: cx.world.random.id(),
                name,
                title,
                body,
                update_status: text(&fields, "update_status")
                    .unwrap_or_else(|| "investigating".to_owned()),
                should_send_notifications: flag(&fields, "should_send_notifications") == Some(true),
                component_ids: Vec::new(),
            };
            let on = cx.world.page_mut(page)?;
            on.templates.push(made.clone());
            let body = incident_wire::template(on, &made);
            cx.world.wrote("template_created");
            Ok(Reply::created(body))
        }
        _ => Err(Refusal::not_found()),
    }
}
