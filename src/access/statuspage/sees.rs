//! Who sees a component or a metric, and who sees nothing: what groups give, and what was given directly.
//!
//! No list says what was given directly, so each viewer is asked: one request for each, once for everybody who wants to know, over as many
//! calls as that takes.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::reads::counted::Counted;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::reach::{Groups, given_components, given_metrics, groups_of};
use crate::access::{Access, Ask, Refusal, Window};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{By, ComponentId, GroupId, MetricId, PageAccessGroup, PageId, Record};
use crate::upstream::Cx;

/// How long answers about single viewers are kept where the caller does not say: they cost a request each.
const KEPT: Duration = Duration::from_secs(900);

/// What is asked of a page's viewers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Sees {
    Component(ComponentId),
    Metric(MetricId),
    Nothing,
}

impl Sees {
    /// What is read of each viewer for it.
    fn reads(&self) -> &'static str {
        match self {
            Self::Component(_) => "components",
            Self::Metric(_) => "metrics",
            Self::Nothing => "anything",
        }
    }
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
        size_of::<Self>() + self.record.weight() + ids * 48
    }
}

impl Counted for Granted {
    fn values(&self, by: By) -> Vec<String> {
        self.record.values(by)
    }
}

/// How a viewer comes to see something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Answer {
    /// By these ways.
    By { direct: bool, groups: Vec<GroupId> },
    /// Not at all.
    Not,
    /// It is not known: Statuspage did not say in which groups the viewer is, or what one of them gives.
    Unknown,
}

impl Sees {
    /// Whether a viewer is one of those who are asked for, and by which ways.
    pub(in crate::access) fn answer(&self, granted: &Granted, groups: &Groups) -> Answer {
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
            (Self::Nothing, true) => Answer::Not,
            (Self::Nothing, false) if silent => Answer::Unknown,
            (_, false) if silent => Answer::Unknown,
            (Self::Nothing, false) | (_, true) => Answer::By { direct, groups: by },
            (_, false) => Answer::Not,
        }
    }

    fn without_groups(&self, granted: &Granted) -> Answer {
        match (self, self.directly(granted)) {
            (Self::Nothing, true) => Answer::Not,
            (_, true) => Answer::By {
                direct: true,
                groups: Vec::new(),
            },
            (_, false) => Answer::Unknown,
        }
    }

    /// Whether a group gives it; of a question about nothing, whether it gives anything.
    fn gives(&self, group: &PageAccessGroup) -> Option<bool> {
        let components = group.component_ids.as_ref();
        let metrics = group.metric_ids.as_ref();
        match self {
            Self::Component(id) => Some(components?.contains(id)),
            Self::Metric(id) => Some(metrics?.contains(id)),
            Self::Nothing => match (components.map(Vec::is_empty), metrics.map(Vec::is_empty)) {
                (Some(false), _) | (_, Some(false)) => Some(true),
                (Some(true), Some(true)) => Some(false),
                _ => None,
            },
        }
    }

    fn directly(&self, granted: &Granted) -> bool {
        let components = granted.components.as_ref();
        let metrics = granted.metrics.as_ref();
        match self {
            Self::Component(id) => components.is_some_and(|all| all.contains(id)),
            Self::Metric(id) => metrics.is_some_and(|all| all.contains(id)),
            Self::Nothing => {
                components.is_some_and(|all| !all.is_empty())
                    || metrics.is_some_and(|all| !all.is_empty())
            }
        }
    }
}

fn groups_in(record: &Record, groups: &Groups) -> Option<BTreeSet<GroupId>> {
    groups_of(record, &record.viewer_id()?, groups)
}

/// The walk over the viewers of a page.
struct Walk {
    statuspage: Statuspage,
    page: PageId,
    sees: Sees,
    groups: Arc<Groups>,
    viewers: Arc<Scan<Record>>,
    listed: usize,
    all_listed: bool,
    pending: VecDeque<Record>,
    asked: usize,
    flaw: Option<String>,
}

impl Walk {
    /// What was given to a viewer directly, as far as the question needs it.
    async fn look(&self, cx: &Cx, record: Record) -> Result<Granted, ProviderError> {
        let mut granted = Granted {
            record,
            components: None,
            metrics: None,
        };
        let Some(id) = granted.record.viewer_id() else {
            return Ok(granted);
        };
        let (statuspage, page) = (&self.statuspage, &self.page);
        let holder = Holder::Viewer(id.clone());
        let wanted = match &self.sees {
            Sees::Component(_) => (true, false),
            Sees::Metric(_) => (false, true),
            // Who sees something by a group need not be asked.
            Sees::Nothing => {
                let covered = self.sees.answer(&granted, &self.groups) == Answer::Not;
                (!covered, !covered)
            }
        };
        if wanted.0 {
            granted.components = Some(given_components(statuspage, cx, page, &holder).await?);
        }
        let some = granted.components.as_ref().is_some_and(|it| !it.is_empty());
        if wanted.1 && !(some && self.sees == Sees::Nothing) {
            granted.metrics = Some(given_metrics(statuspage, cx, page, &id).await?);
        }
        Ok(granted)
    }
}

impl Feed<Granted> for Walk {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<Granted>, ProviderError>>> {
        Box::pin(async move {
            // All of them first: then it is known what asking each costs.
            if !self.all_listed {
                match self.viewers.after(self.listed, cx).await {
                    Some(Ok(rows)) => {
                        self.listed += rows.len();
                        self.pending.extend(rows);
                    }
                    Some(Err(error)) => return Some(Err(error)),
                    None => {
                        self.all_listed = true;
                        self.flaw = self.viewers.reach().await.why;
                    }
                }
                return Some(Ok(Vec::new()));
            }
            let record = self.pending.front().cloned()?;
            let granted = match self.look(cx, record).await {
                Ok(granted) => Some(granted),
                // Removed since the list was read.
                Err(error) if error.is_not_found() => None,
                Err(error) => return Some(Err(error)),
            };
            self.pending.pop_front();
            self.asked += 1;
            Some(Ok(granted.into_iter().collect()))
        })
    }

    fn flaw(&self) -> Option<String> {
        self.flaw.clone()
    }

    fn failed(&self) -> bool {
        self.viewers.has_failed()
    }

    fn scanned(&self) -> usize {
        self.asked
    }
}

impl Access {
    /// The read of what each viewer of a page was given directly.
    pub(in crate::access) fn granted_scan(
        &self,
        page: &PageId,
        sees: &Sees,
        groups: &Arc<Groups>,
        window: &Window,
    ) -> Result<Arc<Scan<Granted>>, Refusal> {
        let statuspage = self.statuspage()?;
        let viewers = self.viewer_scan(page, None, window.max_age())?;
        let feed = || -> Box<dyn Feed<Granted>> {
            Box::new(Walk {
                statuspage: statuspage.clone(),
                page: page.clone(),
                sees: sees.clone(),
                groups: groups.clone(),
                viewers,
                listed: 0,
                all_listed: false,
                pending: VecDeque::new(),
                asked: 0,
                flaw: None,
            })
        };
        let key = format!("{page}/{}", sees.reads());
        let what = format!("what each page access user of page {page} was given directly");
        let most = window
            .max_age_s
            .map_or(KEPT, |seconds| Duration::from_secs(u64::from(seconds)));
        // One that is still being read is gone on with, unless a fresh one is asked for.
        let young = |scan: &Scan<Granted>, age: Duration| {
            age < most || (window.max_age_s.is_none() && !scan.has_ended())
        };
        Ok(self
            .granted
            .held_or_new(self.clock(), &key, &what, young, feed))
    }

    /// What the rest of such a read costs, in words; nothing where it ended.
    pub(in crate::access) fn rest_of(
        &self,
        page: &PageId,
        scanned: usize,
        rate: Option<crate::access::Rate>,
    ) -> Option<String> {
        let viewers = self.people.current(&format!("viewers/{page}/"))?;
        let all = viewers.glance(|rows, reach| reach.ended.then_some(rows.len()))??;
        let left = all.checked_sub(scanned).filter(|left| *left > 0)?;
        let minutes = rate
            .and_then(|rate| left.checked_div(usize::try_from(rate.limit).ok()?))
            .unwrap_or_default();
        Some(format!(
            "{scanned} of {all} page access users were asked what they were given directly, one request each; the other {left} take about {} more",
            match minutes {
                0 => "a minute".to_owned(),
                1 => "2 minutes".to_owned(),
                more => format!("{} minutes", more + 1),
            }
        ))
    }

    /// Every group of a page from the list that everybody reads; refused unless it is all of them.
    pub(in crate::access) async fn groups_at_hand(
        &self,
        ask: &Ask,
        page: &PageId,
        max_age: Duration,
    ) -> Result<Arc<Groups>, Refusal> {
        let scan = self.group_scan(page, max_age)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        let by_id = |rows: &[PageAccessGroup], _| {
            let each = rows.iter().map(|group| (group.id.clone(), group.clone()));
            Arc::new(each.collect::<Groups>())
        };
        Ok(scan.with_rows(0, by_id).await)
    }
}
