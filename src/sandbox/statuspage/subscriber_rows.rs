//! Subscribers as they are stored: which there are, how each stands, and how they go.

use crate::sandbox::{
    reply::Refusal,
    world::{Page, Subscriber, World},
};

pub(super) const MODES: [&str; 6] = [
    "email",
    "sms",
    "webhook",
    "slack",
    "teams",
    "integration_partner",
];

pub(super) fn state(subscriber: &Subscriber) -> &'static str {
    match (subscriber.confirmed, &subscriber.quarantined_at) {
        (_, Some(_)) => "quarantined",
        (false, None) => "unconfirmed",
        (true, None) => "active",
    }
}

/// The `type` and `state` asked for: by default every type, and only active ones.
pub(super) fn chosen(
    kind: Option<&str>,
    of: Option<&str>,
) -> Result<impl Fn(&Subscriber) -> bool + use<>, Refusal> {
    let kind = kind.map(str::to_owned);
    let of = of.unwrap_or("active").to_owned();
    if kind
        .as_ref()
        .is_some_and(|kind| !MODES.contains(&kind.as_str()))
    {
        return Err(Refusal::bad_request("type is invalid"));
    }
    if !["active", "unconfirmed", "quarantined", "all"].contains(&of.as_str()) {
        return Err(Refusal::bad_request("state is invalid"));
    }
    Ok(move |subscriber: &Subscriber| {
        kind.as_ref().is_none_or(|kind| kind == subscriber.mode)
            && (of == "all" || of == state(subscriber))
    })
}

pub(super) fn find<'a>(page: &'a Page, id: &str) -> Result<&'a Subscriber, Refusal> {
    page.subscribers
        .iter()
        .find(|subscriber| subscriber.id == id)
        .ok_or_else(Refusal::not_found)
}

/// Takes subscribers away; each of them gets mail unless told to be quiet.
pub(super) fn remove(
    world: &mut World,
    page: &str,
    gone: &[String],
    quiet: bool,
) -> Result<(), Refusal> {
    let on = world.page_mut(page)?;
    let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut on.subscribers)
        .into_iter()
        .partition(|subscriber| gone.contains(&subscriber.id));
    on.subscribers = kept;
    on.unsubscribed.extend(gone.iter().cloned());
    for subscriber in gone {
        world.wrote("subscriber_deleted");
        if !quiet {
            world.mail(subscriber.email.as_deref(), "unsubscribed");
        }
    }
    Ok(())
}
