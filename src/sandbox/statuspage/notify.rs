//! Notifies subscribers: of incidents by e-mail and other channels, and webhooks of component statuses too.

use serde_json::{Value, json};

use super::subscriber_rows::state;
use crate::sandbox::{
    reply::Refusal,
    report::Notification,
    time,
    world::{Subscriber, World},
};

/// The statuses of a component.
pub(super) const STATUSES: [&str; 5] = [
    "operational",
    "degraded_performance",
    "partial_outage",
    "major_outage",
    "under_maintenance",
];

/// Sets components, tells webhooks, and gives what an update shows of it: null where no component was named.
pub(super) fn apply(
    world: &mut World,
    page: &str,
    statuses: &[(String, String)],
) -> Result<Value, Refusal> {
    let mut affected = Vec::new();
    for (id, status) in statuses {
        let on = world.page_mut(page)?;
        let component = on
            .components
            .iter_mut()
            .find(|it| it.id == *id)
            .ok_or_else(Refusal::not_found)?;
        let old = std::mem::replace(&mut component.status, status.clone());
        component.updated_at = time::stamp();
        affected.push(
            json!({"code": id, "name": component.name, "old_status": old, "new_status": status}),
        );
        if old != *status {
            world.wrote("component_status_changed");
            let webhooks = active(world, page, |it| it.mode == "webhook")?;
            tell(world, &webhooks, "component_status");
        }
    }
    Ok(if affected.is_empty() {
        Value::Null
    } else {
        Value::Array(affected)
    })
}

/// Tells of an incident: those who chose an affected component or none, and those who follow it. Without an affected component
/// nobody is told.
pub(super) fn incident(
    world: &mut World,
    page: &str,
    id: &str,
    why: &'static str,
) -> Result<(), Refusal> {
    let incident = world.page(page)?.incident(id)?.clone();
    let of = &incident.component_ids;
    let recipients = active(world, page, |it| {
        let chosen =
            it.component_ids.is_empty() || it.component_ids.iter().any(|id| of.contains(id));
        !of.is_empty() && chosen
    })?;
    tell(world, &recipients, why);
    for (_, email) in &incident.subscribers {
        world.mail(Some(email), why);
    }
    Ok(())
}

fn active(
    world: &World,
    page: &str,
    keep: impl Fn(&Subscriber) -> bool,
) -> Result<Vec<Subscriber>, Refusal> {
    let rows = world.page(page)?.subscribers.iter();
    let rows = rows.filter(|it| state(it) == "active" && keep(it));
    Ok(rows.cloned().collect())
}

fn tell(world: &mut World, to: &[Subscriber], why: &'static str) {
    for subscriber in to {
        if subscriber.mode == "email" {
            world.mail(subscriber.email.as_deref(), why);
        } else {
            world.notifications.push(Notification {
                channel: subscriber.mode,
                to: subscriber.id.clone(),
                why,
            });
        }
    }
}
