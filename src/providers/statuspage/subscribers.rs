//! Subscribers: who is told about incidents of a page.
//!
//! Two traps (Manage API, `subscribers`): pages of the list count from 0 and take `limit`, unlike every other list; and quarantined
//! subscribers are left out of lists and actions unless they are asked for, so a sweep asks for [`StateFilter::All`].

mod contact;
mod counts;
mod write;

use jiff::Timestamp;
use serde::Deserialize;
use smol_str::SmolStr;
use url::Url;

use super::{Cx, Path, Result, Scan, Statuspage, of_page, page_path, wire};
use crate::{
    roster::{
        ComponentId, Email, Fingerprint, IncidentId, Kind, Mode, PageId, Record, RecordScope,
        Status, Subscriber, SubscriberId, System, ViewerId,
    },
    upstream::{List, Paging, Row, Single},
};

pub use contact::Contact;
pub use counts::Counts;
pub use write::{NewSubscriber, Notify};

/// The states of the subscribers in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Those who are told. What Statuspage itself takes when nothing is said.
    Active,
    /// Those who have not confirmed.
    Unconfirmed,
    /// Those whom messages do not reach.
    Quarantined,
    /// Everybody.
    #[default]
    All,
}

impl StateFilter {
    fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unconfirmed => "unconfirmed",
            Self::Quarantined => "quarantined",
            Self::All => "all",
        }
    }

    /// Returns the state that a row must have, when the list itself says nothing about it.
    fn status(self) -> Option<Status> {
        match self {
            Self::Active => Some(Status::Active),
            Self::Unconfirmed => Some(Status::Unconfirmed),
            Self::Quarantined => Some(Status::Quarantined),
            Self::All => None,
        }
    }
}

/// A question about subscribers. The default asks for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriberQuery {
    /// Their state.
    pub state: StateFilter,
    /// Told in which way; [`Mode::Other`] asks for all.
    pub mode: Option<Mode>,
    /// With exactly this address. Statuspage searches by part (`q`); other rows are left out here.
    pub email: Option<Email>,
}

#[derive(Deserialize)]
struct WireSubscriber {
    #[serde(deserialize_with = "wire::id")]
    id: SubscriberId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    mode: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "wire::lenient_text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    endpoint: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    phone_number: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    obfuscated_channel_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    workspace_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    quarantined_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    purge_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::ids")]
    components: Option<Vec<ComponentId>>,
    #[serde(default, deserialize_with = "wire::optional_id")]
    page_access_user_id: Option<ViewerId>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
}

impl Row for WireSubscriber {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireSubscriber {}

impl WireSubscriber {
    fn subscriber(self, page: &PageId, asked: Option<Status>, as_of: Timestamp) -> Subscriber {
        let mut record = Record::new(
            System::Statuspage,
            Kind::Subscriber,
            self.id,
            RecordScope::page(page),
            as_of,
        );
        record.take_email(self.email.as_deref());
        record.active_date = self.created_at;
        record.status = self.quarantined_at.map(|_| Status::Quarantined).or(asked);
        let host = self.endpoint.as_deref().and_then(host);
        let endpoint_host = record.take_text(host.as_deref());
        let channel = [self.workspace_name, self.obfuscated_channel_name]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        let channel = record.take_text(Some(&channel.join(" ")));
        let word = self.mode.or(self.kind).unwrap_or_default();
        let endpoint = self.endpoint.as_deref();
        let number = self.phone_number.as_deref();
        let contact = endpoint
            .map(|endpoint| Fingerprint::of(endpoint.trim()))
            .or_else(|| number.map(contact::phone));
        Subscriber {
            record,
            mode: Mode::from_word(&word).unwrap_or(Mode::Other),
            endpoint_host,
            contact,
            phone_ending: self.phone_number.as_deref().and_then(ending),
            channel,
            component_ids: self.components,
            viewer_id: self.page_access_user_id,
            quarantined_at: self.quarantined_at,
            purge_at: self.purge_at,
        }
    }
}

/// A webhook's host, its port included when it is unusual. User, password, path and query may be secrets.
fn host(endpoint: &str) -> Option<String> {
    let url = Url::parse(endpoint.trim()).ok()?;
    let host = url.host_str()?;
    Some(
        url.port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

/// The last four digits of a number that has more.
fn ending(number: &str) -> Option<SmolStr> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let (_, last) = digits.split_at_checked(digits.len().checked_sub(4)?)?;
    (digits.len() > 4).then(|| last.iter().copied().collect())
}

impl Statuspage {
    /// Subscribers of a page.
    pub fn subscribers(&self, page: &PageId, query: &SubscriberQuery) -> Scan<Subscriber> {
        let spelling = query.email.as_ref().map(Email::as_str).unwrap_or_default();
        self.subscribers_by(page, query, spelling)
    }

    /// Lists subscribers like [`Statuspage::subscribers`], and searches for the address in the given form. Nobody found is no proof of
    /// absence while [`Statuspage::subscriber_search`] has not learned that the search ignores case.
    pub fn subscribers_by(
        &self,
        page: &PageId,
        query: &SubscriberQuery,
        spelling: &str,
    ) -> Scan<Subscriber> {
        let mut list = List::new(subscribers_path(page))
            .paged(Paging::FromZero)
            .filter("state", query.state.word());
        if let Some(mode) = query.mode.filter(|mode| *mode != Mode::Other) {
            list = list.filter("type", mode.as_str());
        }
        if query.email.is_some() {
            list = list.filter("q", spelling);
        }
        let (page, asked, email) = (page.clone(), query.state.status(), query.email.clone());
        let (statuspage, spelling) = (self.clone(), spelling.to_owned());
        let rows = self.scan(list, move |row: WireSubscriber, as_of| {
            let found = row.subscriber(&page, asked, as_of);
            let stored = found.record.email.as_ref();
            statuspage.0.subscriber_search.saw(stored, &spelling);
            found
        });
        of_page(rows).keep(move |found| {
            email
                .as_ref()
                .is_none_or(|email| found.record.goes_by(email))
        })
    }

    /// Those who follow one incident alone: from the moment they joined, and of nothing else. Pages of this list count from 1.
    pub fn incident_subscribers(&self, page: &PageId, incident: &IncidentId) -> Scan<Subscriber> {
        let path = page_path(page)
            .push("incidents")
            .push(incident)
            .push("subscribers");
        let page = page.clone();
        self.scan(List::new(path), move |row: WireSubscriber, as_of| {
            row.subscriber(&page, None, as_of)
        })
    }

    /// One subscriber. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn subscriber(
        &self,
        cx: &Cx,
        page: &PageId,
        subscriber: &SubscriberId,
    ) -> Result<Subscriber> {
        let row: WireSubscriber = self
            .0
            .client
            .get(cx, subscribers_path(page).push(subscriber))
            .await?;
        Ok(row.subscriber(page, None, self.now()))
    }
}

fn subscribers_path(page: &PageId) -> Path {
    page_path(page).push("subscribers")
}
