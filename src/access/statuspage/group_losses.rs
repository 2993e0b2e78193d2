//! Determines who loses what when a group changes: by name, without what other groups still give.
//!
//! Not known here: what members were given directly, which would cost a request for each. The words say so.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::change::effect::Loss;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::members::Members;
use crate::access::statuspage::reach::{Groups, out_of_sight};
use crate::roster::{ComponentId, GroupId, MetricId, Reach, ViewerId, ViewerScope, Ways};

/// The components and metrics that a group stops giving, and the members who lose them.
pub(in crate::access) struct GroupLoss<'a> {
    pub group: &'a GroupId,
    /// Everybody in it before.
    pub members: &'a BTreeSet<ViewerId>,
    /// Those who leave it: they lose all of it.
    pub leaving: &'a BTreeSet<ViewerId>,
    /// The components and metrics that it gave before.
    pub gave: (&'a BTreeSet<ComponentId>, &'a BTreeSet<MetricId>),
    /// The components and metrics that it no longer gives to those who stay.
    pub stops: (&'a BTreeSet<ComponentId>, &'a BTreeSet<MetricId>),
}

impl GroupLoss<'_> {
    /// Those who are reached by it.
    pub(in crate::access) fn affected(&self) -> BTreeSet<ViewerId> {
        if self.stops.0.is_empty() && self.stops.1.is_empty() {
            self.leaving.clone()
        } else {
            self.members.union(self.leaving).cloned().collect()
        }
    }

    /// One line for each set of people who lose the same.
    pub(in crate::access) fn words(
        &self,
        groups: &Groups,
        items: &Items,
        members: &Members,
    ) -> Vec<Loss> {
        let others = self.other_groups(groups);
        let (gave, stops) = (reach(self.gave), reach(self.stops));
        let mut alike: BTreeMap<(bool, Vec<String>), Vec<ViewerId>> = BTreeMap::new();
        for id in self.affected() {
            let leaves = self.leaving.contains(&id);
            let scope = ViewerScope {
                groups: others.get(&id).cloned().unwrap_or_default(),
                ..ViewerScope::default()
            };
            let still = Reach::of(&scope, groups);
            let gone = out_of_sight(if leaves { &gave } else { &stops }, &still, items);
            alike.entry((leaves, gone)).or_default().push(id);
        }
        alike
            .into_iter()
            .map(|((leaves, gone), ids)| {
                let who = members.names(&ids);
                let leaves = if leaves { "out of the group, and " } else { "" };
                let words = if gone.is_empty() {
                    format!("{leaves}still seeing the same through other groups: {who}")
                } else {
                    format!(
                        "{leaves}no longer seeing {} unless given directly: {who}",
                        gone.join(", ")
                    )
                };
                Loss {
                    who: members.known_by(&ids),
                    words,
                }
            })
            .collect()
    }

    /// The other groups of each member.
    fn other_groups(&self, groups: &Groups) -> BTreeMap<ViewerId, Vec<GroupId>> {
        let mut others: BTreeMap<ViewerId, Vec<GroupId>> = BTreeMap::new();
        for group in groups.values().filter(|group| group.id != *self.group) {
            for id in group.member_ids.iter().flatten() {
                others.entry(id.clone()).or_default().push(group.id.clone());
            }
        }
        others
    }
}

fn reach((components, metrics): (&BTreeSet<ComponentId>, &BTreeSet<MetricId>)) -> Reach {
    let way = Ways::default;
    Reach {
        components: components.iter().map(|id| (id.clone(), way())).collect(),
        metrics: metrics.iter().map(|id| (id.clone(), way())).collect(),
        silent: BTreeSet::new(),
    }
}
