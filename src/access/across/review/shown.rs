//! The part of a review that an answer shows.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Finding, FindingKind, Severity};

/// Addresses in a summary at most.
const MOST_ADDRESSES: usize = 500;
/// The findings of a review that are shown. The rules look for all of them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShownFindings {
    /// None of them, but how many there are and whom they are about.
    pub summary_only: bool,
    /// Those of these kinds; `None`: every kind.
    pub kinds: Option<Vec<FindingKind>>,
    /// Those that matter at least so much.
    pub severity: Option<Severity>,
}

impl ShownFindings {
    pub(super) fn has(&self, finding: &Finding) -> bool {
        let kinds = self.kinds.as_ref();
        kinds.is_none_or(|kinds| finding.kind().is_some_and(|kind| kinds.contains(&kind)))
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
