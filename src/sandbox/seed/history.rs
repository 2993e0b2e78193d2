//! A believable month: incidents that ended, one that is open, maintenances, templates, and a metric provider of each page's own.

use serde_json::{Map, Value, json};

use super::known;
use crate::sandbox::{
    history::{Incident, Postmortem, Provider, Template, Update},
    time,
    world::{Component, Page},
};

/// A moment before or after the start of the sandbox, as the API prints it.
fn at(hours: i64) -> String {
    let moment = time::wall()
        .checked_add(jiff::SignedDuration::from_hours(hours))
        .unwrap_or_default();
    format!("{moment:.3}")
}

/// Past incidents: hours from the start of the sandbox, name, hours until it was resolved, last update.
const MONTH: [(i64, &str, i64, &str); 7] = [
    (
        -700,
        "Slow dashboards",
        3,
        "Dashboards load at their usual speed again.",
    ),
    (
        -610,
        "Delayed webhooks",
        5,
        "The queue of webhooks is empty again.",
    ),
    (
        -520,
        "Log-in errors in Europe",
        1,
        "Logging in works again for everybody.",
    ),
    (
        -400,
        "Imports fail for large files",
        9,
        "Large files are imported again.",
    ),
    (
        -290,
        "Search results out of date",
        12,
        "Search is up to date again.",
    ),
    (
        -170,
        "Payments are declined",
        2,
        "Payments go through again.",
    ),
    (-60, "E-mail is late", 6, "All e-mail that waited was sent."),
];

pub(super) fn on_public_page(page: &mut Page) {
    if let Some(first) = page.components.iter_mut().find(|it| !it.group) {
        known::PUBLIC_COMPONENT.clone_into(&mut first.id);
        "partial_outage".clone_into(&mut first.status);
    }
    page.components.push(component(
        known::LONELY_GROUP,
        "Partner systems",
        None,
        page.components.len(),
    ));
    page.components.push(component(
        known::LONELY_COMPONENT,
        "Partner gateway",
        Some(known::LONELY_GROUP),
        page.components.len(),
    ));
    month(page);
    let mut done = ended(
        known::RESOLVED_INCIDENT,
        "Data centre without power",
        -90,
        4,
        "Power is back and all services run.",
    );
    done.component_ids = vec![known::PUBLIC_COMPONENT.to_owned()];
    done.postmortem = Some(Postmortem {
        draft: "A breaker failed. We replaced both.".to_owned(),
        body: Some("A breaker failed. We replaced both.".to_owned()),
        published_at: Some(at(-40)),
        created_at: at(-50),
        updated_at: at(-40),
    });
    let mut open = begun(
        known::OPEN_INCIDENT,
        "API errors in Europe",
        "identified",
        -5,
    );
    open.component_ids = vec![known::PUBLIC_COMPONENT.to_owned()];
    open.subscribers = vec![(
        "followsopen1".to_owned(),
        "reader@northwind.example".to_owned(),
    )];
    open.updates = vec![
        update(
            "updateopen02",
            "identified",
            "A bad release is rolled back.",
            -4,
        ),
        update(
            "updateopen01",
            "investigating",
            "Some requests to the API fail.",
            -5,
        ),
    ];
    let mut planned = begun(known::MAINTENANCE, "Database upgrade", "scheduled", -20);
    planned.scheduled_for = Some(at(72));
    planned.scheduled_until = Some(at(74));
    planned.flags = flags(&[
        ("scheduled_auto_in_progress", true),
        ("scheduled_auto_completed", true),
    ]);
    planned.updates = vec![update(
        "updatemain01",
        "scheduled",
        "The database is upgraded to a new version.",
        -20,
    )];
    page.incidents.splice(0..0, [open, planned, done]);
    page.templates.push(Template {
        id: "templateapi1".to_owned(),
        name: "API outage".to_owned(),
        title: "The API is unavailable".to_owned(),
        body: "Requests to the API fail. We are looking into it.".to_owned(),
        update_status: "investigating".to_owned(),
        should_send_notifications: true,
        component_ids: vec![known::PUBLIC_COMPONENT.to_owned()],
    });
    page.providers.push(provider("providerpub1"));
}

pub(super) fn on_audience_page(page: &mut Page) {
    month(page);
    let mut open = begun(
        known::AUDIENCE_INCIDENT,
        "Payments are slow",
        "monitoring",
        -30,
    );
    open.component_ids = vec![known::COMPONENT.to_owned()];
    open.updates = vec![update(
        "updatecust01",
        "monitoring",
        "A fix is in place.",
        -30,
    )];
    page.incidents.insert(0, open);
    page.providers.push(provider(known::PROVIDER));
}

pub(super) fn on_private_page(page: &mut Page) {
    month(page);
}

fn month(page: &mut Page) {
    for (number, (began, name, took, end)) in MONTH.iter().enumerate() {
        let id = format!("incident{}{number:02}", page.id.get(..2).unwrap_or("xx"));
        page.incidents
            .insert(0, ended(&id, name, *began, *took, end));
    }
}

fn begun(id: &str, name: &str, status: &str, hours: i64) -> Incident {
    Incident {
        id: id.to_owned(),
        name: name.to_owned(),
        status: status.to_owned(),
        metadata: json!({}),
        created_at: at(hours),
        updated_at: at(hours),
        ..Incident::default()
    }
}

fn ended(id: &str, name: &str, began: i64, took: i64, end: &str) -> Incident {
    let mut incident = begun(id, name, "resolved", began);
    incident.resolved_at = Some(at(began + took));
    incident.updated_at = at(began + took);
    let number = id.get(8..).unwrap_or_default();
    incident.updates = vec![
        update(&format!("update{number}b"), "resolved", end, began + took),
        update(
            &format!("update{number}a"),
            "investigating",
            "We are looking into it.",
            began,
        ),
    ];
    incident
}

fn update(id: &str, status: &str, body: &str, hours: i64) -> Update {
    Update {
        id: id.to_owned(),
        status: status.to_owned(),
        body: body.to_owned(),
        display_at: at(hours),
        created_at: at(hours),
        updated_at: at(hours),
        deliver_notifications: true,
        affected_components: Value::Null,
    }
}

fn flags(set: &[(&str, bool)]) -> Map<String, Value> {
    let flag = |(name, on): &(&str, bool)| ((*name).to_owned(), json!(on));
    set.iter().map(flag).collect()
}

fn component(id: &str, name: &str, under: Option<&str>, after: usize) -> Component {
    Component {
        id: id.to_owned(),
        group_id: under.map(str::to_owned),
        group: under.is_none(),
        name: name.to_owned(),
        description: None,
        position: after + 1,
        status: "operational".to_owned(),
        showcase: false,
        only_show_if_degraded: false,
        start_date: None,
        created_at: at(-5_000),
        updated_at: at(-5_000),
    }
}

fn provider(id: &str) -> Provider {
    Provider {
        id: id.to_owned(),
        kind: "Self".to_owned(),
        created_at: at(-9_000),
    }
}
