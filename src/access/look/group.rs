//! The members and items of a page access group, and their change.

use std::collections::BTreeSet;

use crate::roster::{ComponentId, MetricId, PageAccessGroup, SetMerged, ViewerId};

/// The changes to a group, worked out.
pub(in crate::access) struct Merged {
    pub members: SetMerged<ViewerId>,
    pub components: SetMerged<ComponentId>,
    pub metrics: SetMerged<MetricId>,
}

/// The members and items of a group, as sets.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Held {
    pub members: BTreeSet<ViewerId>,
    pub components: BTreeSet<ComponentId>,
    pub metrics: BTreeSet<MetricId>,
}

impl Held {
    /// All of it, or which part the answer did not say.
    pub(in crate::access) fn of(group: &PageAccessGroup) -> Result<Self, &'static str> {
        Ok(Self {
            members: set(group.member_ids.as_ref()).ok_or("members")?,
            components: set(group.component_ids.as_ref()).ok_or("components")?,
            metrics: set(group.metric_ids.as_ref()).ok_or("metrics")?,
        })
    }
}

fn set<T: Ord + Clone>(ids: Option<&Vec<T>>) -> Option<BTreeSet<T>> {
    Some(ids?.iter().cloned().collect())
}
