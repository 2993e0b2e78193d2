//! Subscribers (Statuspage API reference, `subscribers`): the one list that counts its pages from 0.

use serde_json::{Value, json};

use super::{
    Cx, paging, subscriber_lists,
    subscriber_rows::{chosen, find, remove},
};
use crate::sandbox::{
    call::{Call, flag, ids, text},
    reply::{Answer, Refusal, Reply},
    settings::AllComponents,
    time,
    world::{Page, Subscriber, World},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    match (verb, rest) {
        ("GET", []) => list(cx, page),
        ("POST", []) => create(cx, page),
        ("GET", ["count"]) => subscriber_lists::count(cx, page),
        ("GET", ["histogram_by_state"]) => subscriber_lists::histogram(cx, page),
        ("GET", ["unsubscribed"]) => Ok(paging::from_one(
            cx,
            cx.world.page(page)?.unsubscribed.iter(),
            wire,
        )),
        ("POST", ["unsubscribe"]) => subscriber_lists::unsubscribe(cx, page),
        ("POST", ["reactivate"]) => subscriber_lists::reactivate(cx, page),
        ("POST", ["resend_confirmation"]) => subscriber_lists::resend(cx, page),
        ("GET", [id]) => {
            let on = cx.world.page(page)?;
            let shape = cx.settings.all_components;
            Ok(Reply::ok(shaped(on, shape, find(on, id)?)))
        }
        ("PATCH", [id]) => update(cx, page, id),
        ("DELETE", [id]) => delete(cx, page, id),
        ("POST", [id, "resend_confirmation"]) => subscriber_lists::resend_one(cx, page, id),
        _ => Err(Refusal::not_found()),
    }
}

pub(super) fn wire(subscriber: &Subscriber) -> Value {
    let digits = subscriber.phone_number.as_deref();
    json!({
        "id": subscriber.id,
        "skip_confirmation_notification": false,
        "mode": subscriber.mode,
        "email": subscriber.email,
        "endpoint": subscriber.endpoint,
        "phone_number": digits,
        "phone_country": subscriber.phone_country,
        "display_phone_number": digits.map(|number| format!("+1 {number}")),
        "obfuscated_channel_name": subscriber.channel,
        "workspace_name": subscriber.workspace,
        "quarantined_at": subscriber.quarantined_at,
        "purge_at": null,
        "components": subscriber.component_ids,
        "page_access_user_id": subscriber.page_access_user_id,
        "created_at": subscriber.created_at,
    })
}

/// A subscriber, with the components in the shape that the settings want for all of them.
fn shaped(on: &Page, shape: AllComponents, subscriber: &Subscriber) -> Value {
    let mut row = wire(subscriber);
    if let (true, Some(fields)) = (subscriber.component_ids.is_empty(), row.as_object_mut()) {
        let leaves = on.components.iter().filter(|component| !component.group);
        let every = leaves.map(|component| component.id.clone());
        match shape {
            AllComponents::Empty => {}
            AllComponents::Null => drop(fields.insert("components".to_owned(), Value::Null)),
            AllComponents::Absent => drop(fields.remove("components")),
            AllComponents::EveryId => {
                let every: Vec<String> = every.collect();
                fields.insert("components".to_owned(), json!(every));
            }
        }
    }
    row
}

fn list(cx: &Cx<'_>, page: &str) -> Answer {
    let call: &Call = cx.call;
    let chosen = chosen(call.param("type"), call.param("state"))?;
    let wanted = call.param("q").unwrap_or_default();
    let searches = cx.settings.searches;
    let found = |subscriber: &&Subscriber| {
        let fields = [
            &subscriber.email,
            &subscriber.endpoint,
            &subscriber.phone_number,
        ];
        wanted.is_empty()
            || fields
                .into_iter()
                .flatten()
                .any(|field| searches.find(field, wanted))
    };
    let mut rows: Vec<&Subscriber> = cx
        .world
        .page(page)?
        .subscribers
        .iter()
        .filter(|subscriber| chosen(subscriber))
        .filter(found)
        .collect();
    match call.param("sort_field").unwrap_or("primary") {
        "created_at" => rows.sort_by(|a, b| a.created_at.cmp(&b.created_at)),
        "quarantined_at" => rows.sort_by(|a, b| a.quarantined_at.cmp(&b.quarantined_at)),
        "relevance" if wanted.is_empty() => return Err(Refusal::bad_request("relevance needs q")),
        "primary" | "relevance" => {}
        _ => return Err(Refusal::bad_request("sort_field is invalid")),
    }
    if call.param("sort_direction") == Some("desc") {
        rows.reverse();
    }
    let (on, shape) = (cx.world.page(page)?, cx.settings.all_components);
    let row = |subscriber: &Subscriber| shaped(on, shape, subscriber);
    Ok(paging::from_zero(cx, rows.into_iter(), row))
}

fn create(cx: &mut Cx<'_>, page: &str) -> Answer {
    let fields = cx.call.under("subscriber")?;
    let id = cx.world.random.id();
    let on = cx.world.page(page)?;
    let (email, endpoint, phone) = (
        text(&fields, "email"),
        text(&fields, "endpoint"),
        text(&fields, "phone_number"),
    );
    let mode = match (&email, &endpoint, &phone) {
        (Some(email), _, _) if !email.contains('@') => {
            return Err(Refusal::invalid("email", "is invalid"));
        }
        // A webhook also carries an address, to write to when it fails.
        (Some(_), Some(_), None) => "webhook",
        (None, Some(_), _) => return Err(Refusal::invalid("email", "can't be blank")),
        (_, _, Some(_)) => "sms",
        (Some(_), None, None) => "email",
        (None, None, None) => return Err(Refusal::invalid("email", "can't be blank")),
    };
    let same = |there: &&Subscriber| {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        there.mode == mode
            && lower(&there.email) == lower(&email)
            && there.endpoint == endpoint
            && there.phone_number == phone
    };
    if on.subscribers.iter().any(|there| same(&there)) {
        return Err(Refusal::invalid("email", "is already subscribed"));
    }
    let viewer = text(&fields, "page_access_user");
    if viewer.as_ref().is_some_and(|id| on.viewer(id).is_err()) {
        return Err(Refusal::not_found());
    }
    let confirmed = flag(&fields, "skip_confirmation_notification") == Some(true);
    let subscriber = Subscriber {
        id,
        mode,
        endpoint,
        phone_country: phone
            .as_ref()
            .map(|_| text(&fields, "phone_country").unwrap_or_else(|| "US".to_owned())),
        phone_number: phone,
        channel: None,
        workspace: None,
        confirmed,
        quarantined_at: None,
        component_ids: component_ids(on, &fields)?.unwrap_or_default(),
        page_access_user_id: viewer,
        created_at: time::stamp(),
        email: email.clone(),
    };
    let body = wire(&subscriber);
    cx.world.page_mut(page)?.subscribers.push(subscriber);
    cx.world.wrote("subscriber_created");
    if !confirmed {
        cx.world.mail(email.as_deref(), "subscription_confirmation");
    }
    Ok(Reply::created(body))
}

/// Subscribes a new viewer, as `subscribe_to_components` asks; an existing subscription is left alone.
pub(super) fn join(
    world: &mut World,
    page: &str,
    viewer: &str,
    email: Option<String>,
) -> Result<(), Refusal> {
    let id = world.random.id();
    let on = world.page_mut(page)?;
    if email.is_none()
        || on
            .subscribers
            .iter()
            .any(|there| there.mode == "email" && there.email == email)
    {
        return Ok(());
    }
    on.subscribers.push(Subscriber {
        id,
        mode: "email",
        email,
        endpoint: None,
        phone_number: None,
        phone_country: None,
        channel: None,
        workspace: None,
        confirmed: true,
        quarantined_at: None,
        component_ids: Vec::new(),
        page_access_user_id: Some(viewer.to_owned()),
        created_at: time::stamp(),
    });
    world.wrote("subscriber_created");
    Ok(())
}

/// Without `component_ids` the subscription is to all components: leaving them out is a change.
fn update(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let fields = cx.call.fields()?;
    let on = cx.world.page_mut(page)?;
    find(on, id)?;
    let component_ids = component_ids(on, &fields)?;
    if component_ids.as_ref().is_some_and(Vec::is_empty) {
        return Err(Refusal::invalid(
            "component_ids",
            "must have at least one element",
        ));
    }
    let subscriber = on
        .subscribers
        .iter_mut()
        .find(|subscriber| subscriber.id == id)
        .ok_or_else(Refusal::not_found)?;
    subscriber.component_ids = component_ids.unwrap_or_default();
    let body = wire(subscriber);
    cx.world.wrote("subscriber_updated");
    Ok(Reply::ok(body))
}

fn component_ids(page: &Page, fields: &Value) -> Result<Option<Vec<String>>, Refusal> {
    let named = ids(fields, "component_ids")?;
    if named.iter().flatten().any(|id| page.component(id).is_err()) {
        return Err(Refusal::invalid("component_ids", "is invalid"));
    }
    Ok(named)
}

fn delete(cx: &mut Cx<'_>, page: &str, id: &str) -> Answer {
    let quiet = cx.call.param("skip_unsubscription_notification") == Some("true");
    let body = wire(find(cx.world.page(page)?, id)?);
    remove(cx.world, page, &[id.to_owned()], quiet)?;
    Ok(Reply::ok(body))
}
