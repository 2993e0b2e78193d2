//! The settings of a sandbox at its start; faults are set at run time by [`super::Faults`].

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The behaviour of the sandbox. Every choice that is not the default is one that the real service may make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The address to listen on. The default is a free port on loopback.
    #[serde(skip, default = "anywhere")]
    pub addr: SocketAddr,
    /// The number of requests that one key may send in any [`Settings::window`]. Statuspage: 60.
    pub requests_per_window: u32,
    /// The length of the rolling window. Statuspage: 60 seconds.
    #[serde(rename = "window_ms", with = "milliseconds")]
    pub window: Duration,
    /// The status of a rejected request.
    pub rejection: Rejection,
    /// The form in which a rejection says when to come back.
    pub retry_after: RetryAfter,
    /// Controls whether a rejected request takes a slot too.
    pub rejected_calls: RejectedCalls,
    /// Viewers on the audience-specific page.
    pub viewers: usize,
    /// Team members of the organization.
    pub team_members: usize,
    /// The number of team members after which a creation is refused.
    pub seats: usize,
    /// The seed of everything that is invented.
    pub seed: u64,
    /// The Statuspage key that is accepted.
    pub api_key: String,
    /// Controls whether the organization has moved to Atlassian accounts.
    pub accounts: Accounts,
    /// The shape of error bodies.
    pub error_shape: ErrorShape,
    /// The shape in which permissions are answered.
    pub permissions_shape: PermissionsShape,
    /// The answer of pages that are not audience-specific to audience requests.
    pub other_pages: OtherPages,
    /// The refusal of a second viewer with the same address.
    pub duplicates: Duplicates,
    /// Controls whether rows of the viewer list carry their groups.
    pub list_rows: ListRows,
    /// Controls whether some viewers have addresses that are not valid.
    pub addresses: Addresses,
    /// Controls whether there are people who are known only by several names together.
    pub people: People,
    /// The comparison that searches for an address use.
    pub searches: Searches,
    /// The list of components that a subscription to all components shows.
    pub all_components: AllComponents,
    /// The Atlassian Guard directory.
    pub scim: Scim,
    /// The StatusApp account.
    pub statusapp: StatusApp,
}

/// The behaviour of the Atlassian Guard directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scim {
    /// The directory's own key, in `Authorization: Bearer KEY`.
    pub api_key: String,
    /// The directory.
    pub directory_id: String,
    /// The number of users at the start.
    pub users: usize,
    /// Controls whether users carry Atlassian's own extension, which its `/Schemas` does not name: strict SCIM clients refuse it.
    pub extension: Extension,
    /// Controls whether groups list their members: SCIM lets an answer leave out what has no value, and what was not asked for.
    pub members: Members,
}

/// The members in answers about directory groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// Listed.
    Listed,
    /// Left out.
    LeftOut,
}

/// Atlassian's extension of directory users, with the id of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extension {
    /// As the real directory answers.
    Shown,
    /// As the standard would have it.
    Hidden,
}

/// The behaviour of the StatusApp account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusApp {
    /// A key that acts as an owner, in `X-API-Key` or as a bearer token.
    pub api_key: String,
    /// A key that acts as an administrator: it invites and removes, and changes no role.
    pub admin_api_key: String,
    /// A key that acts as a viewer: it changes nothing.
    pub viewer_api_key: String,
    /// Members at the start.
    pub members: usize,
    /// Seats of the plan: members and pending invitations. Professional has up to 25.
    pub seats: usize,
    /// Requests in an hour. Professional: 5,000.
    pub requests_per_hour: u32,
    /// Controls whether the list of members is cut into pages. This is not documented, while other lists are cut.
    pub lists: TeamLists,
}

/// The list of StatusApp members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamLists {
    /// All members at once.
    Whole,
    /// Pages of 50 with `pagination`, as monitors and incidents have them.
    Paged,
}

fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addr: anywhere(),
            requests_per_window: 60,
            window: Duration::from_secs(60),
            rejection: Rejection::Both,
            retry_after: RetryAfter::Seconds,
            rejected_calls: RejectedCalls::AreFree,
            viewers: 1_234,
            team_members: 250,
            seats: 300,
            seed: 7,
            api_key: "sandbox-statuspage-key".to_owned(),
            accounts: Accounts::Statuspage,
            error_shape: ErrorShape::Natural,
            permissions_shape: PermissionsShape::Official,
            other_pages: OtherPages::Pretend,
            duplicates: Duplicates::Conflict,
            list_rows: ListRows::WithGroups,
            addresses: Addresses::Clean,
            people: People::Plain,
            searches: Searches::IgnoreCase,
            all_components: AllComponents::Empty,
            scim: Scim {
                api_key: "sandbox-scim-key".to_owned(),
                directory_id: "5a1ad0b0-0000-4000-8000-00000000d1c7".to_owned(),
                users: 180,
                extension: Extension::Shown,
                members: Members::Listed,
            },
            statusapp: StatusApp {
                api_key: "sandbox-statusapp-owner-key".to_owned(),
                admin_api_key: "sandbox-statusapp-admin-key".to_owned(),
                viewer_api_key: "sandbox-statusapp-viewer-key".to_owned(),
                members: 18,
                seats: 25,
                requests_per_hour: 5_000,
                lists: TeamLists::Whole,
            },
        }
    }
}

/// The status of a request over the limit. Both are documented, and both are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Always 420.
    Status420,
    /// Always 429.
    Status429,
    /// One after the other.
    Both,
}

/// The form of `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// Whole seconds, rounded up.
    Seconds,
    /// An HTTP date, rounded up to the next second.
    Date,
    /// No header.
    Absent,
}

/// Controls whether rejected requests count. The documents are silent about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectedCalls {
    /// Only answered requests take slots.
    AreFree,
    /// A rejected request takes a slot too, so that a client that hammers is never let in again.
    TakeSlots,
}

/// The kind of account that team members have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accounts {
    /// Statuspage's own: every endpoint works.
    Statuspage,
    /// Atlassian's: creating and deleting team members is refused with 403, listing works.
    Atlassian,
    /// Atlassian's, and listing is refused too.
    AtlassianWithoutList,
}

/// The body of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// `{"error": "…"}`, and `{"error": {"field": ["…"]}}` for a 422: what clients report.
    Natural,
    /// `{"message": "…"}`: the official schema.
    Message,
    /// `{"error": ["…"]}`.
    Array,
    /// An HTML page, as a proxy answers.
    Html,
    /// No body.
    Empty,
    /// Each of the others in turn.
    Rotate,
}

/// The body of `GET` and `PUT permissions/{user}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionsShape {
    /// `{"user_id", "pages": [{"page_id", …}]}`: the official example.
    Official,
    /// The official example inside `{"data": …}`: the official schema's wrapper.
    Wrapped,
    /// `pages` maps a page id to its three booleans.
    MapOfObjects,
    /// `pages` maps a page id to the names of its roles.
    MapOfNames,
}

/// Audience requests to a page of another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherPages {
    /// Success with an invented record; nothing is stored.
    Pretend,
    /// 403.
    Refuse,
}

/// A viewer whose address is there already. Both statuses are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// 409.
    Conflict,
    /// 422 with `email` as the field.
    Unprocessable,
}

/// Rows of `GET page_access_users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListRows {
    /// With `page_access_group_ids`.
    WithGroups,
    /// Without, as one published example shows them.
    WithoutGroups,
}

/// Addresses of viewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addresses {
    /// All can be written to.
    Clean,
    /// Four more viewers, whose addresses have invisible characters, two `@`, a line end.
    Hostile,
}

/// The `components` of a subscription to all components: not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllComponents {
    /// An empty list.
    Empty,
    /// Null.
    Null,
    /// No such field.
    Absent,
    /// The id of every component.
    EveryId,
}

/// People who are known only by several names together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum People {
    /// Nobody: everybody signs in with their one address.
    Plain,
    /// Somebody who signs in with another address than their mail's, two people who share a name, an address with letters outside ASCII
    /// behind its `@`, one in capitals, and one that is stored as a link.
    Namesakes,
}

/// The comparison that `email` and `q` use: not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Searches {
    /// Any part, in any case.
    IgnoreCase,
    /// The whole address as it is stored.
    TellCase,
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

impl Searches {
    pub(super) fn find(self, stored: &str, wanted: &str) -> bool {
        match self {
            Self::IgnoreCase => stored.to_lowercase().contains(&wanted.to_lowercase()),
            Self::TellCase => stored == wanted,
        }
    }
}

impl Settings {
    /// These settings with some of them changed, as the control API is told: `{"viewers": 20000, "scim": {"extension": "hidden"}}`.
    ///
    /// # Errors
    /// Fails on a setting that is unknown or of the wrong type.
    pub(super) fn changed_by(&self, changes: Value) -> Result<Self, serde_json::Error> {
        let mut all = serde_json::to_value(self)?;
        overlay(&mut all, changes);
        let changed: Self = serde_json::from_value(all)?;
        Ok(Self {
            addr: self.addr,
            ..changed
        })
    }
}

fn overlay(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                overlay(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}
