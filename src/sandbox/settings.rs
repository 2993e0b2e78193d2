//! What a sandbox can be told at its start; the rest is told at run time by [`super::Faults`].

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

/// How the sandbox behaves. Every choice that is not the default is one that the real service may make.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen. The default is a free port on loopback.
    pub addr: SocketAddr,
    /// How many requests one key may send in any [`Settings::window`]. Statuspage: 60.
    pub requests_per_window: u32,
    /// The length of the rolling window. Statuspage: 60 seconds.
    pub window: Duration,
    /// The status of a rejected request.
    pub rejection: Rejection,
    /// How a rejection says when to come back.
    pub retry_after: RetryAfter,
    /// Whether a rejected request takes a slot too.
    pub rejected_calls: RejectedCalls,
    /// Viewers on the audience-specific page.
    pub viewers: usize,
    /// Team members of the organization.
    pub team_members: usize,
    /// How many team members fit in before a creation is refused.
    pub seats: usize,
    /// Where everything invented comes from.
    pub seed: u64,
    /// The Statuspage key that is accepted.
    pub api_key: String,
    /// Whether the organization has moved to Atlassian accounts.
    pub accounts: Accounts,
    /// The shape of error bodies.
    pub error_shape: ErrorShape,
    /// The shape in which permissions are answered.
    pub permissions_shape: PermissionsShape,
    /// What pages that are not audience-specific answer to audience requests.
    pub other_pages: OtherPages,
    /// How a second viewer with the same address is refused.
    pub duplicates: Duplicates,
    /// Whether rows of the viewer list carry their groups.
    pub list_rows: ListRows,
    /// Whether some viewers have addresses that are none.
    pub addresses: Addresses,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
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
        }
    }
}

/// The status of a request over the limit. Both are documented, and both are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// Always 420.
    Status420,
    /// Always 429.
    Status429,
    /// One after the other.
    Both,
}

/// The form of `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Whole seconds, rounded up.
    Seconds,
    /// An HTTP date, rounded up to the next second.
    Date,
    /// No header.
    Absent,
}

/// Whether rejected requests count: the documents do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectedCalls {
    /// Only answered requests take slots.
    AreFree,
    /// A rejected request takes a slot too, so that a client that hammers is never let in again.
    TakeSlots,
}

/// Whose accounts the team members have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// Statuspage's own: every endpoint works.
    Statuspage,
    /// Atlassian's: creating and deleting team members is refused with 403, listing works.
    Atlassian,
    /// Atlassian's, and listing is refused too.
    AtlassianWithoutList,
}

/// The body of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionsShape {
    /// `{"user_id", "pages": [{"page_id", …}]}`: the official example.
    Official,
    /// The same inside `{"data": …}`: the official schema's wrapper.
    Wrapped,
    /// `pages` maps a page id to its three booleans.
    MapOfObjects,
    /// `pages` maps a page id to the names of its roles.
    MapOfNames,
}

/// Audience requests to a page of another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherPages {
    /// Success with an invented record; nothing is stored.
    Pretend,
    /// 403.
    Refuse,
}

/// A viewer whose address is there already. Both statuses are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// 409.
    Conflict,
    /// 422 with `email` as the field.
    Unprocessable,
}

/// Rows of `GET page_access_users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRows {
    /// With `page_access_group_ids`.
    WithGroups,
    /// Without, as one published example shows them.
    WithoutGroups,
}

/// Addresses of viewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// All can be written to.
    Clean,
    /// Four more viewers, whose addresses have invisible characters, two `@`, a line end.
    Hostile,
}
