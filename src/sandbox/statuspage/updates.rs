//! The parts of one incident: its updates, its postmortem and its own subscribers.

use serde_json::{Value, json};

use super::{Cx, incident_wire, notify, paging};
use crate::sandbox::{
    call::{flag, text},
    reply::{Answer, Refusal, Reply},
    time,
    world::{Incident, Postmortem, Update, World},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, id: &str, rest: &[&str]) -> Answer {
    let incident = cx.world.page(page)?.incident(id)?;
    match (verb, rest) {
        ("PATCH" | "PUT", ["incident_updates", update]) => edit(cx, page, id, update),
        ("GET", ["postmortem"]) => {
            let written = incident
                .postmortem
                .as_ref()
                .ok_or_else(Refusal::not_found)?;
            Ok(Reply::ok(incident_wire::postmortem(written)))
        }
        (_, ["postmortem", rest @ ..]) => postmortem(cx, verb, page, id, rest),
        ("GET", ["subscribers"]) => Ok(paging::from_one(
            cx,
            incident.subscribers.iter(),
            |(id, email)| json!({"id": id, "email": email, "mode": "email", "obfuscated_channel_name": null}),
        )),
        ("POST", ["subscribers"]) => {
            let fields = cx.call.under("subscriber")?;
            let email = text(&fields, "email")
                .ok_or_else(|| Refusal::invalid("email", "can't be blank"))?;
            let sid = cx.world.random.id();
            let body = json!({"id": sid, "email": email, "mode": "email"});
            let on = cx.world.page_mut(page)?;
            on.incident_mut(id)?.subscribers.push((sid, email));
            cx.world.wrote("incident_subscriber_created");
            Ok(Reply::created(body))
        }
        _ => Err(Refusal::not_found()),
    }
}

/// A new update, as its incident is now.
pub(super) fn made(
    world: &mut World,
    incident: &Incident,
    body: String,
    told: bool,
    affected: Value,
) -> Update {
    let now = if incident.backfilled {
        incident.created_at.clone()
    } else {
        time::stamp()
    };
    Update {
        id: world.random.id(),
        status: incident.status.clone(),
        body,
        display_at: now.clone(),
        created_at: now.clone(),
        updated_at: now,
        deliver_notifications: told,
        affected_components: affected,
    }
}

/// Rewrites what was said, without a trace of the old words.
fn edit(cx: &mut Cx<'_>, page: &str, id: &str, update: &str) -> Answer {
    let fields = cx.call.under("incident_update")?;
    let notifies = flag(&fields, "deliver_notifications") == Some(true);
    let incident = cx.world.page_mut(page)?.incident_mut(id)?;
    let stamp = time::stamp();
    incident.updated_at.clone_from(&stamp);
    let found = incident.updates.iter_mut().find(|it| it.id == update);
    let row = found.ok_or_else(Refusal::not_found)?;
    if let Some(body) = text(&fields, "body") {
        row.body = body;
    }
    if let Some(moment) = text(&fields, "display_at") {
        row.display_at = moment;
    }
    row.updated_at = stamp;
    let body = incident_wire::update(id, row);
    cx.world.wrote("incident_update_edited");
    if notifies {
        notify::incident(cx.world, page, id, "incident")?;
    }
    Ok(Reply::ok(body))
}

fn postmortem(cx: &mut Cx<'_>, verb: &str, page: &str, id: &str, rest: &[&str]) -> Answer {
    let now = time::stamp();
    if verb == "DELETE" && rest.is_empty() {
        let incident = cx.world.page_mut(page)?.incident_mut(id)?;
        incident.postmortem.take().ok_or_else(Refusal::not_found)?;
        cx.world.wrote("postmortem_deleted");
        return Ok(Reply::nothing(204));
    }
    if verb != "PUT" {
        return Err(Refusal::not_found());
    }
    let fields = match rest {
        ["revert"] => Value::Null,
        _ => cx.call.under("postmortem")?,
    };
    let incident = cx.world.page_mut(page)?.incident_mut(id)?;
    if !incident.is_over() {
        return Err(Refusal::bad_request("The incident is not over"));
    }
    let mut tells = false;
    match rest {
        [] => {
            let draft = text(&fields, "body_draft")
                .ok_or_else(|| Refusal::invalid("body_draft", "can't be blank"))?;
            let written = incident.postmortem.get_or_insert_with(|| Postmortem {
                created_at: now.clone(),
                ..Postmortem::default()
            });
            written.draft = draft;
        }
        ["publish"] => {
            let written = incident
                .postmortem
                .as_mut()
                .ok_or_else(Refusal::not_found)?;
            written.body = Some(written.draft.clone());
            written.published_at = Some(now.clone());
            tells = flag(&fields, "notify_subscribers").unwrap_or(true);
        }
        ["revert"] => {
            let written = incident
                .postmortem
                .as_mut()
                .ok_or_else(Refusal::not_found)?;
            written.body = None;
            written.published_at = None;
        }
        _ => return Err(Refusal::not_found()),
    }
    let written = incident
        .postmortem
        .as_mut()
        .ok_or_else(Refusal::not_found)?;
    written.updated_at = now;
    let body = incident_wire::postmortem(written);
    cx.world.wrote("postmortem_written");
    if tells {
        notify::incident(cx.world, page, id, "postmortem")?;
    }
    Ok(Reply::ok(body))
}
