//! Incidents, updates, postmortems and templates as the API shows them.

use serde_json::{Value, json};

use super::wire;
use crate::sandbox::world::{Incident, Page, Postmortem, Template, Update};

/// With the components as they are now, and every update, newest first.
pub(super) fn incident(page: &Page, it: &Incident) -> Value {
    let components = page
        .components
        .iter()
        .filter(|row| it.component_ids.contains(&row.id));
    let components: Vec<_> = components.collect();
    let worst = components.iter().map(|row| match row.status.as_str() {
        "major_outage" => "critical",
        "partial_outage" => "major",
        "degraded_performance" => "minor",
        _ => "none",
    });
    let rank = |impact: &&str| {
        ["none", "minor", "major", "critical"]
            .iter()
            .position(|it| it == impact)
    };
    let impact = it.impact_override.clone().unwrap_or_else(|| {
        if it.is_scheduled() {
            "maintenance".to_owned()
        } else {
            worst.max_by_key(rank).unwrap_or("none").to_owned()
        }
    });
    let written = it.postmortem.as_ref();
    let published = written.and_then(|it| it.published_at.clone());
    let mut row = json!({
        "id": it.id,
        "page_id": page.id,
        "name": it.name,
        "status": if published.is_some() { "postmortem" } else { it.status.as_str() },
        "impact": impact,
        "impact_override": it.impact_override,
        "created_at": it.created_at,
        "started_at": it.scheduled_for.as_ref().unwrap_or(&it.created_at),
        "updated_at": it.updated_at,
        "monitoring_at": null,
        "resolved_at": it.resolved_at,
        "shortlink": format!("https://stspg.example/{}", it.id),
        "metadata": it.metadata,
        "reminder_intervals": null,
        "scheduled_for": it.scheduled_for,
        "scheduled_until": it.scheduled_until,
        "scheduled_reminded_at": null,
        "components": components.into_iter().map(|row| wire::component(&page.id, row)).collect::<Vec<_>>(),
        "incident_updates": it.updates.iter().map(|row| update(&it.id, row)).collect::<Vec<_>>(),
        "incident_impacts": [],
        "postmortem_body": written.and_then(|it| it.body.clone()),
        "postmortem_published_at": published,
        "postmortem_ignored": false,
        "postmortem_notified_subscribers": null,
        "postmortem_notified_twitter": false,
    });
    if let Some(row) = row.as_object_mut() {
        for name in [
            "scheduled_remind_prior",
            "scheduled_auto_in_progress",
            "scheduled_auto_completed",
        ] {
            row.insert(name.to_owned(), json!(false));
        }
        row.extend(it.flags.clone());
    }
    row
}

pub(super) fn update(incident: &str, it: &Update) -> Value {
    json!({
        "id": it.id,
        "incident_id": incident,
        "status": it.status,
        "body": it.body,
        "display_at": it.display_at,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "deliver_notifications": it.deliver_notifications,
        "wants_twitter_update": false,
        "custom_tweet": null,
        "tweet_id": null,
        "affected_components": it.affected_components,
    })
}

pub(super) fn postmortem(it: &Postmortem) -> Value {
    json!({
        "preview_key": "3b5ac1d2",
        "body": it.body,
        "body_updated_at": it.body.as_ref().map(|_| &it.updated_at),
        "body_draft": it.draft,
        "body_draft_updated_at": it.updated_at,
        "published_at": it.published_at,
        "notify_subscribers": false,
        "notify_twitter": false,
        "custom_tweet": null,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
    })
}

pub(super) fn template(page: &Page, it: &Template) -> Value {
    let components = page
        .components
        .iter()
        .filter(|row| it.component_ids.contains(&row.id));
    json!({
        "id": it.id,
        "name": it.name,
        "title": it.title,
        "body": it.body,
        "group_id": null,
        "update_status": it.update_status,
        "should_tweet": false,
        "should_send_notifications": it.should_send_notifications,
        "components": components.map(|row| wire::component(&page.id, row)).collect::<Vec<_>>(),
    })
}
