//! A subscription as it is now, quarantined or not.

use super::whole::read_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Contact, StateFilter, Statuspage, SubscriberQuery};
use crate::roster::{Email, Mode, PageId, Status, Subscriber, SubscriberId};
use crate::upstream::Cx;

/// Every subscription with exactly this address, quarantined ones too. One request where it is fewer than 100.
pub(in crate::access) async fn subscribers_by_email(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    email: &Email,
) -> Result<Vec<Subscriber>, ProviderError> {
    let query = SubscriberQuery {
        state: StateFilter::All,
        mode: None,
        email: Some(email.clone()),
    };
    read_all(
        statuspage.subscribers(page, &query),
        cx,
        "subscribers with this address",
    )
    .await
}

/// The subscriptions of a page among which this one would be: those of the address, or all of the same kind.
pub(in crate::access) async fn of_contact(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    contact: &Contact,
) -> Result<Vec<Subscriber>, ProviderError> {
    if let Contact::Email(email) = contact {
        return subscribers_by_email(statuspage, cx, page, email).await;
    }
    let query = SubscriberQuery {
        state: StateFilter::All,
        mode: Some(contact.mode()),
        email: None,
    };
    read_all(statuspage.subscribers(page, &query), cx, "subscribers").await
}

/// One subscription. Statuspage leaves quarantined ones out of what it does not have to show ("excluded from API
/// responses and interactions by default"), so "not found" is believed only after a list that is asked for them.
pub(in crate::access) async fn subscriber_by_id(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    id: &SubscriberId,
    hint: Option<&Subscriber>,
) -> Result<Option<Subscriber>, ProviderError> {
    match statuspage.subscriber(cx, page, id).await {
        Ok(found) => return Ok(Some(found)),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error),
    }
    // A subscription that was not in quarantine before, and is not found, is gone.
    if hint.is_some_and(|known| known.record.status != Some(Status::Quarantined)) {
        return Ok(None);
    }
    let query = SubscriberQuery {
        state: StateFilter::Quarantined,
        mode: hint.map(|known| known.mode),
        email: hint.and_then(|known| known.record.email.clone()),
    };
    let quarantined = read_all(
        statuspage.subscribers(page, &query),
        cx,
        "quarantined subscribers",
    )
    .await?;
    Ok(quarantined
        .into_iter()
        .find(|row| row.record.subscriber_id().as_ref() == Some(id)))
}

/// The subscription, where it waits for its address to be confirmed. A row does not say whether it does; to be in the list
/// of the unconfirmed does. One request.
pub(in crate::access) async fn unconfirmed(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    email: &Email,
    id: &SubscriberId,
) -> Result<Option<Subscriber>, ProviderError> {
    let query = SubscriberQuery {
        state: StateFilter::Unconfirmed,
        mode: Some(Mode::Email),
        email: Some(email.clone()),
    };
    let waiting = read_all(
        statuspage.subscribers(page, &query),
        cx,
        "unconfirmed subscribers with this address",
    )
    .await?;
    Ok(waiting
        .into_iter()
        .find(|row| row.record.subscriber_id().as_ref() == Some(id)))
}

/// Returns whether a subscription covers the whole page: no list, an empty one, and one that names every component all say so. Components
/// are read only where there is a list: one request for 100.
pub(in crate::access) async fn covers_all(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    held: &Subscriber,
) -> Result<bool, ProviderError> {
    let Some(held) = held.component_ids.as_ref().filter(|ids| !ids.is_empty()) else {
        return Ok(true);
    };
    let every = read_all(statuspage.components(page), cx, "components").await?;
    let mut every = every.iter().filter(|component| !component.is_group);
    Ok(every.all(|component| held.contains(&component.id)))
}
