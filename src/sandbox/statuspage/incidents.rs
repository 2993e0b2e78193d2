//! Incidents and maintenances (Statuspage API reference, `incidents`): a write mails unless it says no, and no write is idempotent.

use serde_json::{Value, json};

use super::{Cx, incident_wire, notify, paging, updates};
use crate::sandbox::{
    call::{flag, ids, text},
    reply::{Answer, Refusal, Reply},
    time,
    world::{Incident, Page},
};

/// Flags of a maintenance that are kept as they are sent.
const FLAGS: [&str; 8] = [
    "scheduled_remind_prior",
    "scheduled_auto_in_progress",
    "scheduled_auto_completed",
    "auto_transition_to_maintenance_state",
    "auto_transition_to_operational_state",
    "auto_transition_deliver_notifications_at_start",
    "auto_transition_deliver_notifications_at_end",
    "reminder_intervals",
];

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let on = cx.world.page(page)?;
    match (verb, rest) {
        ("GET", []) => {
            let searched = cx.call.param("q").map(str::to_lowercase);
            let rows = on.incidents.iter().filter(|it| {
                let holds = |text: &str| {
                    text.to_lowercase()
                        .contains(searched.as_deref().unwrap_or(""))
                };
                holds(&it.name)
                    || holds(&it.status)
                    || it.updates.iter().any(|update| holds(&update.body))
            });
            Ok(paging::from_one_with_limit(cx, rows, |it| {
                incident_wire::incident(on, it)
            }))
        }
        ("GET", [list @ ("unresolved" | "scheduled" | "upcoming" | "active_maintenance")]) => {
            let rows = on.incidents.iter().filter(|it| belongs(it, list));
            Ok(paging::from_one(cx, rows, |it| {
                incident_wire::incident(on, it)
            }))
        }
        ("POST", []) => create(cx, page),
        ("GET", [id]) => Ok(Reply::ok(incident_wire::incident(on, on.incident(id)?))),
        ("PATCH" | "PUT", [id]) => change(cx, page, id),
        ("DELETE", [id]) => {
            let body = incident_wire::incident(on, on.incident(id)?);
            cx.world.page_mut(page)?.incidents.retain(|it| it.id != *id);
            cx.world.wrote("incident_deleted");
            Ok(Reply::ok(body))
        }
        (_, [id, rest @ ..]) => updates::route(cx, verb, page, id, rest),
        _ => Err(Refusal::not_found()),
    }
}

fn belongs(incident: &Incident, list: &str) -> bool {
    match list {
        "unresolved" => !incident.is_scheduled() && !incident.is_over(),
        // The documents do not say whether maintenances that are over are in this list: here they are.
        "scheduled" => {
            incident.is_scheduled()
                && !matches!(incident.status.as_str(), "in_progress" | "verifying")
        }
        "upcoming" => incident.status == "scheduled",
        _ => matches!(incident.status.as_str(), "in_progress" | "verifying"),
    }
}

fn statuses(scheduled: bool) -> [&'static str; 4] {
    if scheduled {
        ["scheduled", "in_progress", "verifying", "completed"]
    } else {
        ["investigating", "identified", "monitoring", "resolved"]
    }
}

fn create(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("incident")?;
    let now = time::stamp();
    let mut incident = Incident {
        id: cx.world.random.id(),
        name: text(&fields, "name").ok_or_else(|| Refusal::invalid("name", "can't be blank"))?,
        backfilled: flag(&fields, "backfilled") == Some(true),
        metadata: json!({}),
        created_at: now.clone(),
        updated_at: now,
        ..Incident::default()
    };
    if incident.backfilled {
        if fields.get("components").is_some() || fields.get("component_ids").is_some() {
            return Err(Refusal::invalid(
                "components",
                "must not be given for a backfilled incident",
            ));
        }
        let date = text(&fields, "backfill_date")
            .ok_or_else(|| Refusal::invalid("backfill_date", "can't be blank"))?;
        incident.created_at = if date.len() == 10 {
            format!("{date}T00:00:00.000Z")
        } else {
            date
        };
    }
    take(&mut incident, &fields)?;
    let scheduled = incident.is_scheduled();
    let usual = match (scheduled, incident.backfilled) {
        (true, _) => "scheduled",
        (false, true) => "resolved",
        (false, false) => "investigating",
    };
    incident.status = text(&fields, "status").unwrap_or_else(|| usual.to_owned());
    check_status(&incident)?;
    let statuses = component_statuses(cx.world.page(page)?, &fields)?;
    attach(cx.world.page(page)?, &mut incident, &fields, &statuses)?;
    let notifies = !incident.backfilled && flag(&fields, "deliver_notifications").unwrap_or(true);
    let affected = notify::apply(cx.world, page, &statuses)?;
    let body = text(&fields, "body").unwrap_or_default();
    let update = updates::made(cx.world, &incident, body, notifies, affected);
    incident.updates.insert(0, update);
    let id = incident.id.clone();
    cx.world.page_mut(page)?.incidents.insert(0, incident);
    cx.world.wrote("incident_created");
    if notifies {
        notify::incident(cx.world, page, &id, "incident")?;
    }
    let on = cx.world.page(page)?;
    Ok(Reply::created(incident_wire::incident(
        on,
        on.incident(&id)?,
    )))
}

/// Each change with a text or a status is one more update, also when both are as before.
fn change(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let fields = cx.call.under("incident")?;
    let on = cx.world.page(page)?;
    let mut incident = on.incident(id)?.clone();
    if incident.backfilled {
        return Err(Refusal::invalid(
            "incident",
            "is historical and cannot be updated",
        ));
    }
    if let Some(name) = text(&fields, "name") {
        incident.name = name;
    }
    take(&mut incident, &fields)?;
    let status = text(&fields, "status");
    if let Some(status) = &status {
        incident.status.clone_from(status);
        check_status(&incident)?;
        incident.resolved_at = incident.is_over().then(time::stamp);
    }
    let statuses = component_statuses(on, &fields)?;
    attach(on, &mut incident, &fields, &statuses)?;
    incident.updated_at = time::stamp();
    let body = text(&fields, "body");
    let affected = notify::apply(cx.world, page, &statuses)?;
    let says = status.is_some() || body.is_some();
    let notifies = says && flag(&fields, "deliver_notifications").unwrap_or(true);
    if says {
        let update = updates::made(
            cx.world,
            &incident,
            body.unwrap_or_default(),
            notifies,
            affected,
        );
        incident.updates.insert(0, update);
    }
    *cx.world.page_mut(page)?.incident_mut(id)? = incident;
    cx.world.wrote("incident_updated");
    if notifies {
        notify::incident(cx.world, page, id, "incident")?;
    }
    let on = cx.world.page(page)?;
    Ok(Reply::ok(incident_wire::incident(on, on.incident(id)?)))
}

fn check_status(incident: &Incident) -> Result<(), Refusal> {
    let fits = statuses(incident.is_scheduled()).contains(&incident.status.as_str());
    fits.then_some(())
        .ok_or_else(|| Refusal::invalid("status", "is not included in the list"))
}

/// Takes over the fields that are kept as they are sent.
fn take(incident: &mut Incident, fields: &Value) -> Result<(), Refusal> {
    if incident.name.chars().count() > 255 {
        return Err(Refusal::invalid(
            "name",
            "is too long (maximum is 255 characters)",
        ));
    }
    if text(fields, "body").is_some_and(|body| body.chars().count() > 25_000) {
        return Err(Refusal::invalid(
            "body",
            "is too long (maximum is 25000 characters)",
        ));
    }
    if let Some(impact) = text(fields, "impact_override") {
        if !["none", "maintenance", "minor", "major", "critical"].contains(&impact.as_str()) {
            return Err(Refusal::invalid(
                "impact_override",
                "is not included in the list",
            ));
        }
        incident.impact_override = Some(impact);
    }
    for (key, place) in [
        ("scheduled_for", &mut incident.scheduled_for),
        ("scheduled_until", &mut incident.scheduled_until),
    ] {
        if let Some(moment) = text(fields, key) {
            let moment: jiff::Timestamp = moment
                .parse()
                .map_err(|_| Refusal::invalid(key, "is invalid"))?;
            *place = Some(format!("{moment:.3}"));
        }
    }
    if incident.scheduled_for.is_some() && incident.scheduled_until <= incident.scheduled_for {
        return Err(Refusal::invalid(
            "scheduled_until",
            "must be after the start",
        ));
    }
    for name in FLAGS {
        if let Some(value) = fields.get(name) {
            incident.flags.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(metadata @ Value::Object(_)) = fields.get("metadata") {
        incident.metadata = metadata.clone();
    }
    Ok(())
}

/// The map that acts at once; a list is something else, and is not looked at.
fn component_statuses(page: &Page, fields: &Value) -> Result<Vec<(String, String)>, Refusal> {
    let Some(Value::Object(map)) = fields.get("components") else {
        return Ok(Vec::new());
    };
    map.iter()
        .map(|(id, status)| {
            let status = status.as_str().unwrap_or_default();
            if !page.has_component(id) || !notify::STATUSES.contains(&status) {
                return Err(Refusal::invalid("components", "is invalid"));
            }
            Ok((id.clone(), status.to_owned()))
        })
        .collect()
}

/// `component_ids` is the list from then on; what the map names is in it too.
fn attach(
    page: &Page,
    incident: &mut Incident,
    fields: &Value,
    statuses: &[(String, String)],
) -> Result<(), Refusal> {
    if let Some(listed) = ids(fields, "component_ids")? {
        if listed.iter().any(|id| !page.has_component(id)) {
            return Err(Refusal::invalid("component_ids", "is invalid"));
        }
        incident.component_ids = listed;
    }
    for (id, _) in statuses {
        if !incident.component_ids.contains(id) {
            incident.component_ids.push(id.clone());
        }
    }
    Ok(())
}
