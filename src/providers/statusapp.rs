//! StatusApp's team API: members, their roles, and invitations.
//!
//! Guarantees: a list is read whole or says that it was not, although the API does not say whether it has pages. Whom a key acts
//! for is nowhere to be asked, so what a key may do is the operator's to know. Resending and revoking an invitation are in the web
//! interface alone (Settings, Team).

mod account;
mod invitations;
mod members;

use std::sync::Arc;

use jiff::Timestamp;
use smol_str::{SmolStr, ToSmolStr as _};

use super::{ProviderError, Scan, wire};
use crate::{
    clock::Clock,
    roster::{Status, TeamRole, text},
    upstream::{Client, Error, List, Paging, Path, Row},
};

pub use account::Seats;
pub use members::NewMember;

type Result<T> = std::result::Result<T, ProviderError>;

/// One StatusApp account, seen with one key. Cheap to clone.
#[derive(Clone)]
pub struct StatusApp(Arc<Inner>);

struct Inner {
    client: Client,
    clock: Clock,
}

impl StatusApp {
    /// The account that `client`'s key belongs to.
    #[must_use]
    pub fn new(client: Client, clock: Clock) -> Self {
        Self(Arc::new(Inner { client, clock }))
    }

    /// The way to the network, for its budget and its last contact.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// `rows_under` is the field that holds the rows: `members`, `invitations`.
    fn scan<W: Row, T: Send + 'static>(
        &self,
        path: Path,
        rows_under: &'static str,
        read: impl Fn(W, Timestamp) -> T + Send + Sync + 'static,
    ) -> Scan<T> {
        let list = List::new(path).paged(Paging::Under(rows_under));
        Scan::of(self.0.client.clone(), self.0.clock, list, read)
    }
}

fn team(part: &str) -> Path {
    Path::new().push("team").push(part)
}

/// A role as one of the four words where it is one, else as it came: Enterprise plans have roles of their own.
fn role(word: Option<&str>) -> Option<Vec<SmolStr>> {
    let word = text::clean(word?, 60).text;
    let known = TeamRole::from_word(&word.to_lowercase());
    Some(vec![
        known.map_or_else(|| word.into(), |role| role.to_smolstr()),
    ])
}

/// `PENDING`, `ACCEPTED`, `EXPIRED`, `REVOKED`; anything else is not known.
fn status(word: Option<&str>) -> Option<Status> {
    match word?.to_uppercase().as_str() {
        "PENDING" => Some(Status::Invited),
        "ACCEPTED" => Some(Status::Active),
        "EXPIRED" => Some(Status::Expired),
        "REVOKED" => Some(Status::Revoked),
        _ => None,
    }
}

/// A refused change. The API has one answer for a key that may not and for a team that is full.
fn of_change(error: Error) -> ProviderError {
    match error {
        cause @ Error::Forbidden { .. } => ProviderError::Explained {
            cause,
            hint: "whom a key acts for decides: owners and administrators invite and remove, owners alone change roles and touch \
                   owners; or the plan has no seat left (StatusApp, Settings, Plan)",
        },
        error => error.into(),
    }
}
