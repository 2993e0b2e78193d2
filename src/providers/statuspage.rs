//! Atlassian Statuspage's Manage API: team members, their permissions, pages, and the people and groups that a page lets in.
//!
//! Guarantees: lists are walked to their end or say that they were not; nothing is removed by leaving it out of a request that the
//! caller did not mean as a whole; a DELETE names one thing in its path. A write returns when Statuspage accepts it, which
//! is no proof that it did anything: the caller reads back.

mod audience;
mod component_settings;
mod components;
mod groups;
mod incidents;
mod letter_case;
mod metric_details;
mod metrics;
mod page_settings;
mod pages;
mod permissions;
mod refusal;
mod subscribers;
mod users;
mod viewer_scope;
mod viewers;

use std::sync::Arc;

use jiff::Timestamp;

use super::scan::Explain;
use super::{ProviderError, wire};
use crate::{
    audit::Intent,
    clock::Clock,
    roster::{Level, OrganizationId, PageId, RecordScope},
    upstream::{Client, Cx, Error, List, Path, Row, Write},
};

pub use super::scan::{Batch, Scan};
pub use audience::{Seen, evidence};
pub use component_settings::{ComponentWrite, GroupWrite};
pub use groups::{GroupChange, NewGroup};
pub use incidents::{IncidentList, IncidentWrite, LONGEST_BODY, Publish, UpdateEdit};
pub use letter_case::{Learned, LetterCase};
pub use metric_details::{NewMetric, Point};
pub use page_settings::{is_read_only, is_writable};
pub use subscribers::{Contact, Counts, NewSubscriber, Notify, StateFilter, SubscriberQuery};
pub use users::NewTeamMember;
pub use viewer_scope::Holder;
pub use viewers::{NewViewer, SignIn, ViewerChange};

type Result<T> = std::result::Result<T, ProviderError>;

/// One organization on Statuspage, seen with one key. Cheap to clone.
#[derive(Clone)]
pub struct Statuspage(Arc<Inner>);

struct Inner {
    client: Client,
    organization: OrganizationId,
    clock: Clock,
    viewer_search: Learned,
    subscriber_search: Learned,
}

impl Statuspage {
    /// The organization that `client`'s key belongs to. No endpoint tells its id, so it is the operator's to give.
    #[must_use]
    pub fn new(client: Client, organization: OrganizationId, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            client,
            organization,
            clock,
            viewer_search: Learned::default(),
            subscriber_search: Learned::default(),
        }))
    }

    /// The way to the network, for its budget and its last contact.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.0.organization
    }

    /// Returns the findings about the search for a page access user by address.
    #[must_use]
    pub fn viewer_search(&self) -> &Learned {
        &self.0.viewer_search
    }

    /// Returns the findings about the search for a subscriber by address.
    #[must_use]
    pub fn subscriber_search(&self) -> &Learned {
        &self.0.subscriber_search
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A scan of `list` whose rows become what `read` makes of them.
    fn scan<W: Row, T: Send + 'static>(
        &self,
        list: List,
        read: impl Fn(W, Timestamp) -> T + Send + Sync + 'static,
    ) -> Scan<T> {
        Scan::of(self.0.client.clone(), self.0.clock, list, read)
    }

    /// Tells a failed list as a refusal of this call.
    fn about(&self, call: refusal::Call) -> Explain {
        let statuspage = self.clone();
        Box::new(move |cx, error| {
            let statuspage = statuspage.clone();
            Box::pin(async move { statuspage.explain(cx, call, error).await })
        })
    }

    /// A write of which nothing but its acceptance matters.
    async fn send(&self, cx: &Cx, intent: &Intent, write: Write) -> Result<()> {
        self.0.client.write(cx, intent, write).await?;
        Ok(())
    }

    /// Returns the scope of the team members.
    #[must_use]
    pub fn organization_scope(&self) -> RecordScope {
        RecordScope {
            level: Level::Organization,
            id: Some(self.0.organization.clone().into()),
        }
    }

    fn organization_path(&self) -> Path {
        Path::new().push("organizations").push(&self.0.organization)
    }
}

/// Returns whether a refusal means that the account is there already: 409, or one of the fields that name it "has already been taken". The
/// wording is not documented; these are Rails' own.
fn taken(error: &Error, by: &[&str]) -> bool {
    let says_so = |text: &String| {
        ["taken", "exists", "already"]
            .iter()
            .any(|word| text.to_lowercase().contains(word))
    };
    match error {
        Error::Conflict { .. } => true,
        Error::Invalid {
            message, fields, ..
        } => {
            let names = |text: &str| by.iter().any(|word| text.contains(word));
            let naming = fields
                .iter()
                .filter(|(name, _)| names(name))
                .flat_map(|(_, texts)| texts);
            naming.into_iter().any(says_so)
                || (fields.is_empty() && names(&message.to_lowercase()) && says_so(message))
        }
        _ => false,
    }
}

fn page_path(page: &PageId) -> Path {
    Path::new().push("pages").push(page)
}

/// A list under a page's own address: where it is not there, the page is not.
fn of_page<T>(scan: Scan<T>) -> Scan<T> {
    scan.explained(Box::new(|_, error| {
        let explained = match error {
            cause @ Error::NotFound { .. } => ProviderError::Explained {
                cause,
                hint: "the key's organization has no page of this id: `list_pages` shows those that it has",
            },
            error => error.into(),
        };
        Box::pin(std::future::ready(explained))
    }))
}
