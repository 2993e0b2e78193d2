//! Subscribers of a page: list, find, and end subscriptions.

use serde_json::{Value, json};

use super::acts::{self, delete_subscriber::DeleteSubscriber};
use super::change::Plan;
use super::scan::Feed;
use super::team::read_all;
use super::{Access, Ask, ChangeReport, Listing, Refusal, Who, Window};
use crate::caller::Scope;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Notify, StateFilter, Statuspage, SubscriberQuery};
use crate::roster::{Email, Mode, PageId, Status, Subscriber, SubscriberId};
use crate::upstream::Cx;

/// Which subscribers are wanted.
#[derive(Debug, Clone)]
pub struct SubscriberFilter {
    /// Of which page.
    pub page_id: PageId,
    /// Exactly this address, without regard to case. Costs one request.
    pub email: Option<Email>,
    /// In which state; quarantined ones belong to `All`.
    pub state: StateFilter,
    /// Told in which way.
    pub mode: Option<Mode>,
}

impl SubscriberFilter {
    /// Everybody who is told of a page, in every state.
    pub(super) fn everybody(page_id: PageId) -> Self {
        Self {
            page_id,
            email: None,
            state: StateFilter::All,
            mode: None,
        }
    }

    pub(super) fn query(&self) -> SubscriberQuery {
        SubscriberQuery {
            state: self.state,
            mode: self.mode,
            email: self.email.clone(),
        }
    }

    /// What tells this list from any other.
    pub(super) fn key(&self) -> Value {
        json!([
            self.page_id,
            self.email.as_ref().map(Email::folded),
            format!("{:?}", self.state),
            self.mode
        ])
    }
}

impl Access {
    /// The subscribers of a page, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_subscribers(
        &self,
        ask: &Ask,
        filter: &SubscriberFilter,
        window: &Window,
    ) -> Result<Listing<Subscriber>, Refusal> {
        let page = &filter.page_id;
        self.permit_page(ask, page)?;
        let key = filter.key();
        let anew = || {
            let statuspage = self.statuspage()?;
            let query = filter.query();
            let feed =
                || -> Box<dyn Feed<Subscriber>> { Box::new(statuspage.subscribers(page, &query)) };
            let what = format!("the subscribers of page {page}");
            Ok(self
                .subscribers
                .at_hand(self, &key.to_string(), &what, window.max_age(), feed))
        };
        let filtered = filter.email.is_some() || filter.mode.is_some();
        let found = self.found(&self.subscribers, ask, window, &key, filtered, anew)?;
        // The system filters already; a row of another type or address would be a wrong answer, so it is looked at again.
        let keep = |row: &Subscriber| {
            let mode = filter.mode.is_none_or(|mode| row.mode == mode);
            let email = filter
                .email
                .as_ref()
                .is_none_or(|email| row.record.has_email(email));
            (mode && email).then(|| row.clone())
        };
        self.piece(ask, window, &key, found, keep).await
    }

    /// Ends the subscription with an id, or every one with an address, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_subscriber(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
        notify: Notify,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let named: Vec<Email> = match who {
            Who::Email(email) => vec![email.clone()],
            Who::Id(_) => Vec::new(),
        };
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &named)?;
        let statuspage = self.statuspage()?.clone();
        let cx = ask.interactive();
        let found = match who {
            Who::Email(email) => subscribers_by_email(&statuspage, &cx, page, email).await?,
            Who::Id(id) => {
                let id = SubscriberId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                subscriber_by_id(&statuspage, &cx, page, &id, None)
                    .await?
                    .into_iter()
                    .collect()
            }
        };
        let mut plan = Plan::to(match found.as_slice() {
            [] => format!("{who} is not subscribed to page {page}."),
            [one] => format!(
                "{} is unsubscribed from page {page}.",
                acts::subscription(one)
            ),
            several => format!(
                "{} subscriptions of {who} to page {page} end.",
                several.len()
            ),
        });
        plan.pages.push(page.clone());
        plan.state = found.iter().map(stable_subscriber).collect();
        if !found.is_empty() {
            plan.warnings.push(match notify {
                Notify::No => "Statuspage is asked to send no message about it",
                Notify::Yes => "Statuspage sends a message about it to each subscriber: an outsider sees it",
            }.to_owned());
        }
        plan.to_type = named.first().map(ToString::to_string);
        for subscriber in found {
            plan.removes.extend(subscriber.record.email.clone());
            if !matches!(subscriber.mode, Mode::Email | Mode::Sms) {
                plan.warnings.push(format!(
                    "{} is not a person's mailbox: whoever relies on it is no longer told",
                    acts::subscription(&subscriber)
                ));
            }
            plan.acts.extend(end(&statuspage, page, subscriber, notify));
        }
        self.carry_out(ask, token, plan).await
    }
}

/// The step that ends a subscription.
pub(super) fn end(
    statuspage: &Statuspage,
    page: &PageId,
    subscriber: Subscriber,
    notify: Notify,
) -> Option<Box<dyn super::act::Act>> {
    Some(Box::new(DeleteSubscriber {
        statuspage: statuspage.clone(),
        page: page.clone(),
        id: subscriber.record.subscriber_id()?,
        subscriber,
        notify,
    }))
}

/// Every subscription with exactly this address, quarantined ones too. One request where it is fewer than 100.
pub(super) async fn subscribers_by_email(
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

/// One subscription. Statuspage leaves quarantined ones out of what it does not have to show ("excluded from API
/// responses and interactions by default"), so "not found" is believed only after a list that is asked for them.
pub(super) async fn subscriber_by_id(
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
    // What is known not to be in quarantine is gone.
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

/// A subscriber without the time it was read at.
pub(super) fn stable_subscriber(subscriber: &Subscriber) -> Value {
    let mut value = json!(subscriber);
    if let Some(map) = value.as_object_mut() {
        map.remove("provenance");
    }
    value
}
