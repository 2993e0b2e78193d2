//! The walk over the viewers of a page, which asks each of them what was given directly, and the reads that everybody shares of it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use super::{Granted, SeenBy, Sees, Visible};
use crate::access::reads::scan::{Feed, Scan};
use crate::access::statuspage::reach::{Groups, given_components, given_metrics};
use crate::access::{Access, Ask, Refusal, ViewerFilter, Window};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{PageAccessGroup, PageId, Record};
use crate::upstream::Cx;

/// The time for which answers about single viewers are kept where the caller does not say: they cost a request each.
const KEPT: Duration = Duration::from_secs(900);
/// The age that they may have for a plan: the call with the token is to find what the first one found.
const PLANNED: Duration = Duration::from_secs(600);

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
    /// The filter of the viewers that are asked, where not everybody is.
    wanted: Option<ViewerFilter>,
    asked: usize,
    /// Viewers that are asked at most.
    most: usize,
    flaw: Option<String>,
}

impl Walk {
    /// Reads what was given to a viewer directly, as far as the question needs it.
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
        let components = || given_components(statuspage, cx, page, &holder);
        let metrics = || given_metrics(statuspage, cx, page, &id);
        match &self.sees {
            Sees::This(Visible::Component(_)) | Sees::Last(Visible::Component(_)) => {
                granted.components = Some(components().await?);
            }
            Sees::This(Visible::Metric(_)) | Sees::Last(Visible::Metric(_)) => {
                granted.metrics = Some(metrics().await?);
            }
            // Viewers who see something by a group need not be asked.
            Sees::Nothing if self.sees.answer(&granted, &self.groups) != SeenBy::Not => {
                let direct = components().await?;
                if direct.is_empty() {
                    granted.metrics = Some(metrics().await?);
                }
                granted.components = Some(direct);
            }
            Sees::Nothing => {}
            Sees::Everything => {
                granted.components = Some(components().await?);
                granted.metrics = Some(metrics().await?);
            }
        }
        // The other kind of item is asked for only where a viewer has nothing else so far.
        if let Sees::Last(visible) = &self.sees
            && (granted.directly(visible) || granted.by_group(visible, &self.groups))
            && granted.sees_no_more(visible, &self.groups)
        {
            match visible {
                Visible::Component(_) => granted.metrics = Some(metrics().await?),
                Visible::Metric(_) => granted.components = Some(components().await?),
            }
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
                        let fits = self.wanted.as_ref().map(ViewerFilter::fits);
                        let wanted = |row: &Record| fits.as_ref().is_none_or(|fits| fits(row));
                        self.pending.extend(rows.into_iter().filter(wanted));
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
            if self.asked >= self.most {
                self.flaw = Some(format!(
                    "the page has more than {} page access users, and each costs a request",
                    self.most
                ));
                return None;
            }
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
    /// The read of what each viewer of a page was given directly, for whoever wants to know.
    pub(in crate::access) fn granted_scan(
        &self,
        page: &PageId,
        sees: &Sees,
        groups: &Arc<Groups>,
        window: &Window,
        filter: &ViewerFilter,
    ) -> Result<Arc<Scan<Granted>>, Refusal> {
        let key = match sees {
            Sees::This(Visible::Component(_)) => "components",
            Sees::This(Visible::Metric(_)) => "metrics",
            Sees::Last(_) | Sees::Nothing => "anything",
            Sees::Everything => "everything",
        };
        let most = window
            .max_age_s
            .map_or(KEPT, |seconds| Duration::from_secs(u64::from(seconds)));
        // One that is still being read is gone on with, unless a fresh one is asked for.
        let young = |scan: &Scan<Granted>, age: Duration| {
            age < most || (window.max_age_s.is_none() && !scan.has_ended())
        };
        let viewers = self.viewer_scan(page, None, window.max_age())?;
        let mut walk = self.walk_of(page, sees, groups, viewers)?;
        let what = format!("what each page access user of page {page} was given directly");
        let mut key = format!("{page}/{key}");
        // Each costs two requests here, so those alone are asked who are wanted.
        if *sees == Sees::Everything {
            walk.wanted = Some(filter.clone());
            key = format!("{key}/{:?}/{:?}", filter.group_id, filter.domain);
        }
        let feed = || -> Box<dyn Feed<Granted>> { Box::new(walk) };
        Ok(self
            .granted
            .held_or_new(self.clock(), &key, &what, young, feed))
    }

    /// The read of who sees something that is to go, and of who sees nothing else: of all the same for as long as a plan is good. At most
    /// `most` viewers are asked.
    pub(in crate::access) fn losers_scan(
        &self,
        page: &PageId,
        visible: &Visible,
        groups: &Arc<Groups>,
        most: usize,
        what: &str,
    ) -> Result<Arc<Scan<Granted>>, Refusal> {
        let (word, id) = visible.word();
        let sees = Sees::Last(visible.clone());
        // A list of its own, read now: the one that everybody reads stays as it is.
        let (clock, rows) = (self.clock(), Box::new(self.statuspage()?.viewers(page)));
        let viewers = Scan::new(
            String::new(),
            format!("the page access users of page {page}"),
            clock.now(),
            clock.monotonic(),
            rows,
        );
        let walk = self.walk_of(page, &sees, groups, Arc::new(viewers))?;
        let feed = || -> Box<dyn Feed<Granted>> { Box::new(Walk { most, ..walk }) };
        let key = format!("{page}/{word}/{id}");
        let young = |_: &Scan<Granted>, age| age < PLANNED;
        Ok(self
            .granted
            .held_or_new(self.clock(), &key, what, young, feed))
    }

    fn walk_of(
        &self,
        page: &PageId,
        sees: &Sees,
        groups: &Arc<Groups>,
        viewers: Arc<Scan<Record>>,
    ) -> Result<Walk, Refusal> {
        Ok(Walk {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            sees: sees.clone(),
            groups: groups.clone(),
            viewers,
            listed: 0,
            all_listed: false,
            pending: VecDeque::new(),
            wanted: None,
            asked: 0,
            most: usize::MAX,
            flaw: None,
        })
    }

    /// Says what the rest of such a read costs, at one or two requests for each viewer; nothing where it ended.
    pub(in crate::access) fn rest_of(
        &self,
        page: &PageId,
        scanned: usize,
        rate: Option<crate::access::Rate>,
        each: usize,
    ) -> Option<String> {
        let viewers = self.people.current(&format!("viewers/{page}/"))?;
        let all = viewers.glance(|rows, reach| reach.ended.then_some(rows.len()))??;
        let left = all.checked_sub(scanned).filter(|left| *left > 0)?;
        let minutes = rate
            .and_then(|rate| (left * each).checked_div(usize::try_from(rate.limit).ok()?))
            .unwrap_or_default();
        Some(format!(
            "{scanned} of {all} page access users were asked what they were given directly, {} each; the other {left} take about {} more",
            if each == 1 {
                "one request"
            } else {
                "two requests"
            },
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
