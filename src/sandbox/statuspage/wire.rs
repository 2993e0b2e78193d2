//! Components, groups and viewers as the API shows them.

use serde_json::{Value, json};

use crate::sandbox::world::{Component, Group, Page, Viewer};

pub(super) fn component(page: &str, component: &Component) -> Value {
    json!({
        "id": component.id,
        "page_id": page,
        "group_id": component.group_id,
        "created_at": component.created_at,
        "updated_at": component.updated_at,
        "group": component.group,
        "name": component.name,
        "description": component.description,
        "position": component.position,
        "status": if component.group { "" } else { component.status.as_str() },
        "showcase": component.showcase,
        "only_show_if_degraded": component.only_show_if_degraded,
        "automation_email": format!("component+{}@notifications.statuspage.example", component.id),
        "start_date": component.start_date,
    })
}

pub(super) fn group(page: &Page, group: &Group) -> Value {
    let members = page
        .viewers
        .iter()
        .filter(|viewer| viewer.group_ids.contains(&group.id));
    json!({
        "id": group.id,
        "page_id": page.id,
        "name": group.name,
        "page_access_user_ids": members.map(|viewer| &viewer.id).collect::<Vec<_>>(),
        "external_identifier": group.external_identifier,
        "metric_ids": group.metric_ids,
        "component_ids": group.component_ids,
        "created_at": group.created_at,
        "updated_at": group.updated_at,
    })
}

pub(super) fn viewer(page: &str, viewer: &Viewer) -> Value {
    json!({
        "id": viewer.id,
        "page_id": page,
        "email": viewer.email,
        "external_login": viewer.external_login,
        "page_access_group_id": viewer.group_ids.first(),
        "page_access_group_ids": viewer.group_ids,
        "created_at": viewer.created_at,
        "updated_at": viewer.updated_at,
    })
}
