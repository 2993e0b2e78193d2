//! Page access users (Statuspage API reference, `page-access-users`).
//!
//! On a page that is not audience-specific the endpoints answer as if they worked and have no effect.

use serde_json::Value;

use super::{Cx, paging, scope, subscribers, wire};
use crate::sandbox::{
    call::{flag, ids, text},
    reply::{Answer, Refusal, Reply},
    settings::{Duplicates, ListRows, OtherPages},
    time,
    world::{Audience, Page, Viewer},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    if cx.settings.other_pages == OtherPages::Refuse
        && cx.world.page(page)?.audience != Audience::Specific
    {
        return Err(Refusal::forbidden());
    }
    match (verb, rest) {
        ("GET", []) => list(cx, page),
        ("POST", []) => create(cx, page),
        ("GET", [id]) => Ok(Reply::ok(wire::viewer(
            page,
            cx.world.page(page)?.viewer(id)?,
        ))),
        ("PATCH" | "PUT", [id]) => update(cx, page, id),
        ("DELETE", [id]) => delete(cx, page, id),
        (_, [id, rest @ ..]) => scope::of_viewer(cx, verb, page, id, rest),
        _ => Err(Refusal::not_found()),
    }
}

/// `email` is only said to be an "email address to search for": here it finds parts, in any case.
fn list(cx: &Cx<'_>, page: &str) -> Answer {
    let wanted = cx.call.param("email").unwrap_or_default();
    let searches = cx.settings.searches;
    let rows = cx.world.page(page)?.viewers.iter().filter(|viewer| {
        wanted.is_empty()
            || viewer
                .email
                .as_ref()
                .is_some_and(|email| searches.find(email, wanted))
    });
    let with_groups = cx.settings.list_rows == ListRows::WithGroups;
    Ok(paging::from_one(cx, rows, |viewer| {
        let mut row = wire::viewer(page, viewer);
        if let (false, Some(row)) = (with_groups, row.as_object_mut()) {
            row.remove("page_access_group_ids");
        }
        row
    }))
}

fn create(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("page_access_user")?;
    let id = cx.world.random.id();
    let on = cx.world.page(page)?;
    let now = time::stamp();
    let mut viewer = Viewer {
        id,
        email: None,
        external_login: None,
        group_ids: Vec::new(),
        component_ids: Vec::new(),
        metric_ids: Vec::new(),
        created_at: now.clone(),
        updated_at: now,
    };
    if text(&fields, "email").is_none() && text(&fields, "external_login").is_none() {
        return Err(Refusal::invalid("email", "can't be blank"));
    }
    if on.audience != Audience::Specific {
        viewer.email = text(&fields, "email");
        viewer.external_login = text(&fields, "external_login");
        let body = wire::viewer(page, &viewer);
        cx.world.wrote("viewer_pretended");
        return Ok(Reply::ok(body));
    }
    fill(cx, on, &mut viewer, &fields)?;
    let body = wire::viewer(page, &viewer);
    let (email, id) = (viewer.email.clone(), viewer.id.clone());
    cx.world.page_mut(page)?.viewers.push(viewer);
    cx.world.wrote("viewer_created");
    cx.world.mail(email.as_deref(), "viewer_password");
    if flag(&fields, "subscribe_to_components") == Some(true) {
        subscribers::join(cx.world, page, &id, email)?;
    }
    Ok(Reply::ok(body))
}

fn update(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    // The reference shows no body: a client that sends none changes nothing and is told 200.
    let fields = if cx.call.body.is_empty() {
        Value::Null
    } else {
        cx.call.under("page_access_user")?
    };
    let on = cx.world.page(page)?;
    let mut viewer = on.viewer(id)?.clone();
    fill(cx, on, &mut viewer, &fields)?;
    viewer.updated_at = time::stamp();
    let body = wire::viewer(page, &viewer);
    *cx.world.page_mut(page)?.viewer_mut(id)? = viewer;
    cx.world.wrote("viewer_updated");
    Ok(Reply::ok(body))
}

/// Takes over what is sent and keeps the rest, for PUT too. A list that is sent replaces.
fn fill(cx: &Cx<'_>, page: &Page, viewer: &mut Viewer, fields: &Value) -> Result<(), Refusal> {
    if let Some(email) = text(fields, "email") {
        if !email.contains('@') {
            return Err(Refusal::invalid("email", "is invalid"));
        }
        let same = |other: &Viewer| {
            other
                .email
                .as_ref()
                .is_some_and(|there| there.to_lowercase() == email.to_lowercase())
        };
        if page
            .viewers
            .iter()
            .any(|other| other.id != viewer.id && same(other))
        {
            return Err(taken(cx.settings.duplicates, "email"));
        }
        viewer.email = Some(email);
    }
    if let Some(login) = text(fields, "external_login") {
        let same = |other: &Viewer| other.external_login.as_ref() == Some(&login);
        if page
            .viewers
            .iter()
            .any(|other| other.id != viewer.id && same(other))
        {
            return Err(taken(cx.settings.duplicates, "external_login"));
        }
        viewer.external_login = Some(login);
    }
    if let Some(group_ids) = ids(fields, "page_access_group_ids")? {
        if group_ids.iter().any(|id| page.group(id).is_err()) {
            return Err(Refusal::invalid("page_access_group_ids", "is invalid"));
        }
        viewer.group_ids = group_ids;
    }
    Ok(())
}

fn taken(duplicates: Duplicates, field: &str) -> Refusal {
    match duplicates {
        Duplicates::Conflict => Refusal::new(
            409,
            "The request could not be processed due to a conflict in resource state.",
        ),
        Duplicates::Unprocessable => Refusal::invalid(field, "has already been taken"),
    }
}

/// The viewer's subscriptions stay: nothing documents that they go.
fn delete(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let viewers = &mut cx.world.page_mut(page)?.viewers;
    let at = viewers
        .iter()
        .position(|viewer| viewer.id == id)
        .ok_or_else(Refusal::not_found)?;
    viewers.remove(at);
    cx.world.wrote("viewer_deleted");
    Ok(Reply::nothing(204))
}
