//! The components and metrics that a viewer reaches, directly or by groups; each with every way to it.
//!
//! Guarantees: a thing is reached when somebody gave it to the viewer or to a group that the viewer is in, and not otherwise; a
//! group that does not say what it gives is named, so that nobody takes "not seen" for "not reached".

use std::collections::{BTreeMap, BTreeSet};

use super::{ComponentId, GroupId, MetricId, PageAccessGroup, ViewerScope};

/// The ways to one thing. Never empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// Given to the viewer.
    pub direct: bool,
    /// Given by these groups.
    pub groups: BTreeSet<GroupId>,
}

/// Everything that a viewer reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Components.
    pub components: BTreeMap<ComponentId, Ways>,
    /// Metrics.
    pub metrics: BTreeMap<MetricId, Ways>,
    /// Groups of the viewer that are not there, or whose answer did not say what they give.
    pub silent: BTreeSet<GroupId>,
}

impl Reach {
    /// Computes the reach of `scope` where the page has these groups.
    #[must_use]
    pub fn of(scope: &ViewerScope, groups: &BTreeMap<GroupId, PageAccessGroup>) -> Self {
        let mut reach = Self::default();
        for id in &scope.components {
            reach.components.entry(id.clone()).or_default().direct = true;
        }
        for id in &scope.metrics {
            reach.metrics.entry(id.clone()).or_default().direct = true;
        }
        for id in &scope.groups {
            let grants = groups.get(id).and_then(|group| {
                Some((group.component_ids.as_ref()?, group.metric_ids.as_ref()?))
            });
            let Some((components, metrics)) = grants else {
                reach.silent.insert(id.clone());
                continue;
            };
            for component in components {
                let ways = reach.components.entry(component.clone()).or_default();
                ways.groups.insert(id.clone());
            }
            for metric in metrics {
                let ways = reach.metrics.entry(metric.clone()).or_default();
                ways.groups.insert(id.clone());
            }
        }
        reach
    }
}
