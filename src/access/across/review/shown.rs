//! The part of a review that an answer shows.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Finding, Severity};
use crate::access::Refusal;
use crate::roster::text;

/// Addresses in a summary at most.
const MOST_ADDRESSES: usize = 500;
/// Every kind of finding.
const KINDS: [&str; 32] = [
    "address_changed",
    "directory_group_without_members",
    "directory_user_not_in_identities",
    "group_gives_nothing",
    "group_without_members",
    "hidden_or_broken_text",
    "inactive_with_access",
    "invitation_expired",
    "invitation_not_in_identities",
    "invitation_pending_long",
    "key_ends",
    "key_of_somebody_gone",
    "member_not_in_identities",
    "name_of_two_people",
    "outside_address",
    "owner_has_left",
    "owner_is_shared",
    "owner_not_in_team",
    "quarantined_subscriber",
    "same_address_twice",
    "several_addresses",
    "shared_mailbox",
    "single_team_member",
    "statusapp_not_in_identities",
    "statusapp_single_owner",
    "statusapp_without_owner",
    "subscriber_not_in_identities",
    "viewer_not_in_identities",
    "viewer_without_group",
    "viewers_without_effect",
    "webhook_to_unknown_host",
    "without_atlassian_account",
];
/// Which findings of a review are shown. What is looked for is the same.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    /// None of them, but how many there are and whom they are about.
    pub summary_only: bool,
    /// Those of these kinds; `None`: every kind.
    pub kinds: Option<Vec<String>>,
    /// Those that matter at least so much.
    pub severity: Option<Severity>,
}

impl Shown {
    /// Refuses a kind that no finding is of.
    ///
    /// # Errors
    /// Names the kinds that there are.
    pub(super) fn checked(&self) -> Result<(), Refusal> {
        let mut kinds = self.kinds.iter().flatten();
        let unknown = kinds.find(|kind| !KINDS.contains(&kind.as_str()));
        unknown.map_or(Ok(()), |unknown| {
            Err(Refusal::arguments(format!(
                "`kinds` has no `{}`: the kinds are {}",
                text::clean(unknown, 60).text,
                KINDS.join(", ")
            )))
        })
    }

    pub(super) fn has(&self, finding: &Finding) -> bool {
        let kinds = self.kinds.as_ref();
        kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind == finding.kind()))
            && self.severity.is_none_or(|least| finding.severity <= least)
    }
}

/// The addresses that findings are about, each once.
pub(super) fn addresses<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let all: BTreeSet<&str> = findings.flat_map(Finding::addresses).collect();
    all.into_iter()
        .take(MOST_ADDRESSES)
        .map(ToOwned::to_owned)
        .collect()
}
