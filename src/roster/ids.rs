//! Identifiers, one type per kind of thing, so that a viewer's cannot be passed where a team member's is wanted.
//!
//! Statuspage documents no grammar for them; every official example is lower-case letters and digits, and directory ids
//! are UUIDs. What is accepted is `^[A-Za-z0-9_-]{1,64}$`: nothing that could mean anything in a path, a shell or a table.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{text, words::words};

/// Marks, in a schema, a text that is the id of something that people call by a name.
pub const NAMES: &str = "x-names";

words! {
    /// Something of a page that people call by a name, and the page itself.
    Thing {
        /// A status page.
        Page = "page",
        /// A component or a component group.
        Component = "component",
        /// A page access group.
        Group = "group",
        /// A metric.
        Metric = "metric",
        /// An incident or a maintenance.
        Incident = "incident",
    }
}

/// Characters that an id may have at most.
const LONGEST: usize = 64;

/// A text that is not an identifier. Holds the text, cleaned and cut, for the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is not an id: an id is 1 to 64 letters, digits, `_` or `-`")]
pub struct BadId {
    shown: String,
}

fn check(text: &str) -> Result<(), BadId> {
    let fits = (1..=LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits {
        Ok(())
    } else {
        Err(BadId {
            shown: text::clean(text, LONGEST).text,
        })
    }
}

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident $(= $thing:literal)?;)+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(SmolStr);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// When the text is not 1 to 64 letters, digits, `_` or `-`.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                check(text)?;
                Ok(Self(SmolStr::new(text)))
            }

            /// The characters.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(&text)?;
                Ok(Self(text.into()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" $(, "x-names": $thing)? })
            }
        }
    )+};
}

ids! {
    /// A status page.
    PageId = "page";
    /// A team member (organization user).
    UserId;
    /// A page access user: one per person and page.
    ViewerId;
    /// A page access group, or a group of a directory.
    GroupId = "group";
    /// A component, or a component group.
    ComponentId = "component";
    /// A metric of a page.
    MetricId = "metric";
    /// An incident or a maintenance.
    IncidentId = "incident";
    /// Something that was said of an incident.
    IncidentUpdateId;
    /// A metrics provider.
    MetricsProviderId;
    /// A subscriber of a page.
    SubscriberId;
    /// A Statuspage organization.
    OrganizationId;
    /// A user directory.
    DirectoryId;
    /// A person in a user directory.
    DirectoryUserId;
    /// A member of a StatusApp team.
    MemberId;
    /// An invitation to a StatusApp team.
    InvitationId;
    /// The id of a [`Record`](super::Record), whatever its kind; [`Record::user_id`](super::Record::user_id) and its
    /// neighbours give the kind's own type.
    RecordId;
}

macro_rules! into_record_id {
    ($($name:ident),+) => {$(
        impl From<$name> for RecordId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )+};
}

into_record_id!(
    PageId,
    UserId,
    ViewerId,
    SubscriberId,
    OrganizationId,
    DirectoryId,
    DirectoryUserId,
    MemberId,
    InvitationId
);

macro_rules! from_record_id {
    ($($name:ident),+) => {$(
        impl $name {
            /// Gives the characters a kind's own type; only a record that is of the kind calls this.
            pub(super) fn of_record(id: &RecordId) -> Self {
                Self(id.0.clone())
            }
        }
    )+};
}

from_record_id!(
    PageId,
    UserId,
    ViewerId,
    SubscriberId,
    DirectoryUserId,
    MemberId
);
