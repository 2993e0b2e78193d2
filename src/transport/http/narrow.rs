//! Headers by which a client asks for less than it may have. None of them can widen anything.

use std::collections::BTreeSet;

use http::HeaderMap;

use crate::caller::{Caller, Scope};

/// `X-Roster-Read-Only: true`: look, change nothing.
const READ_ONLY: &str = "x-roster-read-only";

/// `X-Roster-Tools: list_org_users, get_permissions`: these tools and no other.
const TOOLS: &str = "x-roster-tools";

/// Narrows a caller's rights to what its own headers ask for.
pub(super) fn narrowed(mut caller: Caller, headers: &HeaderMap) -> Caller {
    // Whatever it says but a clear no: a client that misspells `true` wanted less, not more.
    let read_only = headers
        .get_all(READ_ONLY)
        .iter()
        .any(|value| !matches!(value.as_bytes(), b"false" | b"0" | b""));
    if read_only {
        caller.scopes.retain(|scope| *scope == Scope::Read);
    }
    let mut lists = headers.get_all(TOOLS).iter().peekable();
    if lists.peek().is_some() {
        let only: BTreeSet<String> = lists
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tool| tool.trim().to_owned())
            .filter(|tool| !tool.is_empty())
            .collect();
        caller.only = Some(only);
    }
    caller
}
