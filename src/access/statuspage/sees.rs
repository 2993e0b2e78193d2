//! Finds who sees a component or a metric, and who sees nothing: by what groups give, and by what was given directly.
//!
//! No list says what was given directly, so each viewer is asked: one request for each, once for everybody who wants to know, over as many
//! calls as that takes.

mod walk;

use std::collections::BTreeSet;

use crate::access::reads::counted::Counted;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::reach::{Groups, groups_of};
use crate::roster::{By, ComponentId, GroupId, MetricId, PageAccessGroup, Record, ViewerScope};

/// Something of a page that viewers can be let see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Visible {
    Component(ComponentId),
    Metric(MetricId),
}

impl Visible {
    /// Its kind in a word, and its id.
    pub(in crate::access) fn word(&self) -> (&'static str, &str) {
        match self {
            Self::Component(id) => ("component", id.as_str()),
            Self::Metric(id) => ("metric", id.as_str()),
        }
    }

    /// Returns whether a group gives it. `None`: the answer did not say.
    pub(in crate::access) fn by(&self, group: &PageAccessGroup) -> Option<bool> {
        match self {
            Self::Component(id) => Some(group.component_ids.as_ref()?.contains(id)),
            Self::Metric(id) => Some(group.metric_ids.as_ref()?.contains(id)),
        }
    }

    /// Returns whether a group gives anything else, or may: what it did not say is not taken for nothing.
    pub(in crate::access) fn gives_more(&self, group: &PageAccessGroup) -> bool {
        let (Some(components), Some(metrics)) = (&group.component_ids, &group.metric_ids) else {
            return true;
        };
        match self {
            Self::Component(id) => !metrics.is_empty() || components.iter().any(|it| it != id),
            Self::Metric(id) => !components.is_empty() || metrics.iter().any(|it| it != id),
        }
    }
}

/// A question about the viewers of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Sees {
    /// Asks who sees it.
    This(Visible),
    /// Asks who sees it, and who sees nothing else.
    Last(Visible),
    /// Asks who sees nothing at all.
    Nothing,
    /// Asks what each viewer sees: everybody is one of those asked for.
    Everything,
}

/// A viewer, and what was given directly: `None` where that was not read.
#[derive(Debug, Clone)]
pub(in crate::access) struct Granted {
    pub record: Record,
    components: Option<BTreeSet<ComponentId>>,
    metrics: Option<BTreeSet<MetricId>>,
}

impl Weighs for Granted {
    fn weight(&self) -> usize {
        // An id of 12 characters and what holds it.
        let ids = self.components.as_ref().map_or(0, BTreeSet::len)
            + self.metrics.as_ref().map_or(0, BTreeSet::len);
        size_of::<Self>() - size_of::<Record>() + self.record.weight() + ids * 48
    }
}

impl Granted {
    /// Returns what was given to the viewer and the groups it is in. `None`: neither the viewer nor the groups say who is in which.
    pub(in crate::access) fn scope(&self, groups: &Groups) -> Option<ViewerScope> {
        Some(ViewerScope {
            groups: groups_in(&self.record, groups)?.into_iter().collect(),
            components: self.components.iter().flatten().cloned().collect(),
            metrics: self.metrics.iter().flatten().cloned().collect(),
        })
    }

    /// Returns whether it was given to the viewer directly.
    pub(in crate::access) fn directly(&self, visible: &Visible) -> bool {
        match visible {
            Visible::Component(id) => self.components.as_ref().is_some_and(|it| it.contains(id)),
            Visible::Metric(id) => self.metrics.as_ref().is_some_and(|it| it.contains(id)),
        }
    }

    /// Returns whether a group of the viewer gives it.
    pub(in crate::access) fn by_group(&self, visible: &Visible, groups: &Groups) -> bool {
        let inside = groups_in(&self.record, groups).into_iter().flatten();
        let inside = inside.filter_map(|id| groups.get(&id));
        inside.into_iter().any(|it| visible.by(it) == Some(true))
    }

    /// Returns whether it is all that the viewer sees, as far as that was read. Where neither the viewer nor the groups say who is in which,
    /// it is not.
    fn sees_no_more(&self, visible: &Visible, groups: &Groups) -> bool {
        let Some(inside) = groups_in(&self.record, groups) else {
            return false;
        };
        let mut inside = inside.iter().filter_map(|id| groups.get(id));
        let component = |it: &ComponentId| *visible != Visible::Component(it.clone());
        let metric = |it: &MetricId| *visible != Visible::Metric(it.clone());
        !inside.any(|group| visible.gives_more(group))
            && !self.components.iter().flatten().any(component)
            && !self.metrics.iter().flatten().any(metric)
    }

    /// Returns whether it is all that the viewer sees: everything was read that was given directly.
    pub(in crate::access) fn sees_only(&self, visible: &Visible, groups: &Groups) -> bool {
        let all_read = self.components.is_some() && self.metrics.is_some();
        all_read && self.sees_no_more(visible, groups)
    }
}

impl Counted for Granted {
    fn values(&self, by: By) -> Vec<String> {
        self.record.values(by)
    }
}

/// The ways by which a viewer sees something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum SeenBy {
    /// By these ways.
    By { direct: bool, groups: Vec<GroupId> },
    /// Not at all.
    Not,
    /// It is not known: Statuspage did not say in which groups the viewer is, or what one of them gives.
    Unknown,
}

impl Sees {
    /// Returns whether a viewer is one of those who are asked for, and by which ways.
    pub(in crate::access) fn answer(&self, granted: &Granted, groups: &Groups) -> SeenBy {
        if *self == Self::Everything {
            return SeenBy::By {
                direct: false,
                groups: Vec::new(),
            };
        }
        let Some(member_of) = groups_in(&granted.record, groups) else {
            return self.without_groups(granted);
        };
        let mut silent = false;
        let mut by = Vec::new();
        for id in member_of {
            match groups.get(&id).and_then(|group| self.gives(group)) {
                Some(true) => by.push(id),
                Some(false) => {}
                None => silent = true,
            }
        }
        let direct = self.directly(granted);
        let sees = direct || !by.is_empty();
        match (self, sees) {
            (Self::Nothing, true) => SeenBy::Not,
            (Self::Nothing, false) if silent => SeenBy::Unknown,
            (_, false) if silent => SeenBy::Unknown,
            (Self::Nothing, false) | (_, true) => SeenBy::By { direct, groups: by },
            (_, false) => SeenBy::Not,
        }
    }

    fn without_groups(&self, granted: &Granted) -> SeenBy {
        match (self, self.directly(granted)) {
            (Self::Nothing, true) => SeenBy::Not,
            (_, true) => SeenBy::By {
                direct: true,
                groups: Vec::new(),
            },
            (_, false) => SeenBy::Unknown,
        }
    }

    /// Returns whether a group gives it; of a question about nothing, whether it gives anything.
    fn gives(&self, group: &PageAccessGroup) -> Option<bool> {
        match self {
            Self::This(visible) | Self::Last(visible) => visible.by(group),
            Self::Nothing | Self::Everything => {
                let components = group.component_ids.as_ref().map(Vec::is_empty);
                match (components, group.metric_ids.as_ref().map(Vec::is_empty)) {
                    (Some(false), _) | (_, Some(false)) => Some(true),
                    (Some(true), Some(true)) => Some(false),
                    _ => None,
                }
            }
        }
    }

    fn directly(&self, granted: &Granted) -> bool {
        match self {
            Self::This(visible) | Self::Last(visible) => granted.directly(visible),
            Self::Nothing | Self::Everything => {
                granted.components.iter().flatten().next().is_some()
                    || granted.metrics.iter().flatten().next().is_some()
            }
        }
    }
}

fn groups_in(record: &Record, groups: &Groups) -> Option<BTreeSet<GroupId>> {
    groups_of(record, &record.viewer_id()?, groups)
}
