//! Page access users to whom a component or a metric was given directly. No list says who they are, so each viewer is asked: one request
//! for each, over as many calls as that takes.

use std::collections::VecDeque;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::change::effect::Loss;
use crate::access::operations::step::of_readers;
use crate::access::reads::scan::Feed;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::reach::{given_components, given_metrics};
use crate::access::words::who;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder as Viewer, Scan, Statuspage};
use crate::roster::{ComponentId, MetricId, Names, PageId, Record};
use crate::upstream::Cx;

/// Viewers that are asked about at most: of more the words say that they were not.
const MOST: usize = 500;
/// How old the answer may be: the call with the token is to find what the first one found.
const FRESH: Duration = Duration::from_secs(600);
/// Names in one sentence at most.
const MOST_NAMES: usize = 100;

/// What may have been given directly.
#[derive(Debug, Clone)]
pub(in crate::access) enum Given {
    Component(ComponentId),
    Metric(MetricId),
}

impl Given {
    fn word(&self) -> (&'static str, &str) {
        match self {
            Self::Component(id) => ("component", id.as_str()),
            Self::Metric(id) => ("metric", id.as_str()),
        }
    }
}

/// Somebody who holds it.
#[derive(Debug, Clone)]
pub(in crate::access) struct DirectHolder {
    record: Record,
    /// Whether it is all that the person sees: no group, and nothing else directly.
    nothing_else: bool,
}

impl Weighs for DirectHolder {
    fn weight(&self) -> usize {
        self.record.weight() + 1
    }
}

/// The walk over the viewers of a page.
struct Walk {
    statuspage: Statuspage,
    page: PageId,
    given: Given,
    viewers: Scan<Record>,
    pending: VecDeque<Record>,
    asked: usize,
    too_many: bool,
}

impl Walk {
    /// Whether this viewer holds it, and whether anything else.
    async fn look(&self, cx: &Cx, record: &Record) -> Result<Option<bool>, ProviderError> {
        let Some(id) = record.viewer_id() else {
            return Ok(None);
        };
        let (statuspage, page) = (&self.statuspage, &self.page);
        let holder = Viewer::Viewer(id.clone());
        let in_no_group = record.groups.as_ref().is_some_and(Vec::is_empty);
        let (holds, others) = match &self.given {
            Given::Component(wanted) => {
                let held = given_components(statuspage, cx, page, &holder).await?;
                let holds = held.contains(wanted);
                let alone = holds && in_no_group && held.len() == 1;
                (
                    holds,
                    !alone || !given_metrics(statuspage, cx, page, &id).await?.is_empty(),
                )
            }
            Given::Metric(wanted) => {
                let held = given_metrics(statuspage, cx, page, &id).await?;
                let holds = held.contains(wanted);
                let alone = holds && in_no_group && held.len() == 1;
                (
                    holds,
                    !alone
                        || !given_components(statuspage, cx, page, &holder)
                            .await?
                            .is_empty(),
                )
            }
        };
        Ok(holds.then_some(!others))
    }
}

impl Feed<DirectHolder> for Walk {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<DirectHolder>, ProviderError>>> {
        Box::pin(async move {
            let Some(record) = self.pending.front().cloned() else {
                let batch = match self.viewers.next(cx).await? {
                    Ok(batch) => batch.records,
                    Err(error) => return Some(Err(error)),
                };
                self.pending.extend(batch);
                return Some(Ok(Vec::new()));
            };
            if self.asked >= MOST {
                self.too_many = true;
                return None;
            }
            let found = match self.look(cx, &record).await {
                Ok(found) => found,
                Err(error) if error.is_not_found() => None,
                Err(error) => return Some(Err(error)),
            };
            self.pending.pop_front();
            self.asked += 1;
            let holder = |nothing_else| DirectHolder {
                record,
                nothing_else,
            };
            Some(Ok(found.map(holder).into_iter().collect()))
        })
    }

    fn flaw(&self) -> Option<String> {
        if self.too_many {
            return Some(format!(
                "the page has more than {MOST} page access users, and each costs a request"
            ));
        }
        crate::access::reads::scan::flaw(self.viewers.progress())
    }

    fn scanned(&self) -> usize {
        self.asked
    }
}

impl Access {
    /// What those lose to whom it was given directly, or a report where reading goes on in the next call.
    pub(in crate::access) async fn direct_losers(
        &self,
        ask: &Ask,
        page: &PageId,
        given: &Given,
        shown: &str,
    ) -> Result<Result<Vec<Loss>, Box<ChangeReport>>, Refusal> {
        let statuspage = self.statuspage()?;
        let (word, id) = given.word();
        let what = format!("to whom {word} {shown} was given directly");
        let feed = || -> Box<dyn Feed<DirectHolder>> {
            Box::new(Walk {
                statuspage: statuspage.clone(),
                page: page.clone(),
                given: given.clone(),
                viewers: statuspage.viewers(page),
                pending: VecDeque::new(),
                asked: 0,
                too_many: false,
            })
        };
        let key = format!("{page}/{word}/{id}");
        let scan = self
            .holders
            .held_or_new(self.clock(), &key, &what, |_, age| age < FRESH, feed);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if !reach.ended {
            return Ok(Err(Box::new(ChangeReport::reading(&what, &reach))));
        }
        let holders = scan.with_rows(0, |rows, _| rows.to_vec()).await;
        let mut losses = Vec::new();
        let (alone, others): (Vec<_>, Vec<_>) = holders.into_iter().partition(|it| it.nothing_else);
        for (holders, then) in [
            (others, "no longer seeing it"),
            (
                alone,
                "no longer seeing it, and nothing at all of this page then",
            ),
        ] {
            if !holders.is_empty() {
                losses.push(Loss {
                    who: holders.iter().map(|it| Names::of(&it.record)).collect(),
                    words: format!("{word} {shown} given directly, {then}: {}", names(&holders)),
                });
            }
        }
        if !reach.complete {
            losses.push(of_readers(format!(
                "further page access users to whom {word} {shown} was given directly lose it too, and were not looked for ({}); `list_page_access_users` with `user_id` and `detail` shows it of one",
                reach.why.unwrap_or_default()
            )));
        }
        Ok(Ok(losses))
    }
}

fn names(holders: &[DirectHolder]) -> String {
    let each: Vec<String> = holders
        .iter()
        .take(MOST_NAMES)
        .map(|it| who(&it.record))
        .collect();
    match holders.len().saturating_sub(MOST_NAMES) {
        0 => each.join(", "),
        more => format!("{} and {more} more", each.join(", ")),
    }
}
