//! Atlassian Guard's user directory, by SCIM 2.0: who works here, and who has left.
//!
//! Guarantees: nobody is ever deleted, only deactivated and reactivated, because a deleted record cannot be brought back (Atlassian
//! user provisioning API, `DELETE /Users/{id}`); a PATCH names what it changes and leaves the rest alone.
//! Not here: groups that Statuspage would see (there are none), and product access.

mod discovery;
mod groups;
mod users;
mod write;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::scan::Explain;
use super::{ProviderError, Scan, wire};
use crate::{
    audit::Intent,
    clock::Clock,
    roster::{DirectoryId, Level, RecordScope},
    upstream::{Client, Cx, Error, List, Paging, Path, Row, Write},
};

pub use discovery::Features;
pub use users::UserFilter;
pub use write::{NewDirectoryUser, UserChange};

type Result<T> = std::result::Result<T, ProviderError>;

/// One directory, seen with its own key. Cheap to clone.
#[derive(Clone)]
pub struct AtlassianScim(Arc<Inner>);

struct Inner {
    client: Client,
    directory: DirectoryId,
    clock: Clock,
}

/// The hint for a refused key. Atlassian sends no warning before a key ends.
const KEY: &str = "a SCIM key ends one year after it was made, and nobody is warned. A new one is made in admin.atlassian.com \
    (Security, User security, Identity providers, the directory); it stops the old one at once";
/// The hint for "not found" where no person and no group was named.
const DIRECTORY: &str = "`atlassian_scim.directory_id` may be wrong: it is the last part of the directory's SCIM base address";

impl AtlassianScim {
    /// The directory that `client`'s key belongs to; the client's base address ends before the directory's id.
    #[must_use]
    pub fn new(client: Client, directory: DirectoryId, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            client,
            directory,
            clock,
        }))
    }

    /// The way to the network, for its budget and its last contact.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &DirectoryId {
        &self.0.directory
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn path(&self, resource: &str) -> Path {
        Path::new().push(&self.0.directory).push(resource)
    }

    /// Returns the scope of the directory's people.
    #[must_use]
    pub fn scope(&self) -> RecordScope {
        RecordScope {
            level: Level::Directory,
            id: Some(self.0.directory.clone().into()),
        }
    }

    fn scan<W: Row, T: Send + 'static>(
        &self,
        list: List,
        read: impl Fn(W, Timestamp) -> T + Send + Sync + 'static,
    ) -> Scan<T> {
        let list = list.paged(Paging::StartIndex);
        let explain: Explain = Box::new(|_, error| Box::pin(async move { of_list(error) }));
        Scan::of(self.0.client.clone(), self.0.clock, list, read).explained(explain)
    }

    async fn send(&self, cx: &Cx, intent: &Intent, write: Write) -> Result<()> {
        self.0
            .client
            .write(cx, intent, write)
            .await
            .map(drop)
            .map_err(of_one)
    }
}

/// A failure of a call that names a person or a group.
fn of_one(error: Error) -> ProviderError {
    match error {
        cause @ (Error::BadCredential { .. } | Error::Forbidden { .. }) => {
            ProviderError::Explained { cause, hint: KEY }
        }
        error => error.into(),
    }
}

/// A failure of a call that names nothing inside the directory.
fn of_list(error: Error) -> ProviderError {
    match error {
        cause @ Error::NotFound { .. } => ProviderError::Explained {
            cause,
            hint: DIRECTORY,
        },
        error => of_one(error),
    }
}

/// Operations of a PATCH. Atlassian's schema writes `operations`; its own examples and RFC 7644 write `Operations`.
fn patch(operations: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// `name eq "value"`, with the value's quotes and backslashes escaped (RFC 7644, 3.4.2.2: a JSON string).
fn equals(name: &str, value: &str) -> String {
    format!("{name} eq {}", Value::from(value))
}
