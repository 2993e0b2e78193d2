//! The part of a review that an answer shows.

use serde::Serialize;

use super::grouped::Group;
use super::{FindingKind, Severity};

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
    pub(super) fn has(&self, group: &Group) -> bool {
        let kinds = self.kinds.as_ref();
        kinds.is_none_or(|kinds| kinds.contains(&group.head.kind))
            && self
                .severity
                .is_none_or(|least| group.head.severity <= least)
    }
}
