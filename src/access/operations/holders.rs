//! Viewers who lose a component or a metric that is deleted, and those who see nothing of the page then. Groups say what they give and
//! to whom; what was given directly no list says, so each viewer is asked: one request for each, over as many calls as that takes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::change::effect::Loss;
use crate::access::operations::step::of_readers;
use crate::access::reads::scan::Feed;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::items::named;
use crate::access::statuspage::members::Members;
use crate::access::statuspage::reach::{Groups, given_components, given_metrics, groups_of};
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder as Viewer, Scan, Statuspage};
use crate::roster::{
    Audience, ComponentId, MetricId, Page, PageAccessGroup, PageId, Record, ViewerId,
};
use crate::upstream::Cx;

/// Viewers that are asked about at most: of more the words say that they were not.
const MOST: usize = 500;
/// How old the answer may be: the call with the token is to find what the first one found.
const FRESH: Duration = Duration::from_secs(600);

/// What is deleted.
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

    /// Whether a group gives it. `None`: the answer did not say.
    fn by(&self, group: &PageAccessGroup) -> Option<bool> {
        match self {
            Self::Component(id) => Some(group.component_ids.as_ref()?.contains(id)),
            Self::Metric(id) => Some(group.metric_ids.as_ref()?.contains(id)),
        }
    }

    /// Whether a group gives anything else, or may: what it did not say is not taken for nothing.
    fn gives_more(&self, group: &PageAccessGroup) -> bool {
        let (Some(components), Some(metrics)) = (&group.component_ids, &group.metric_ids) else {
            return true;
        };
        match self {
            Self::Component(id) => !metrics.is_empty() || components.iter().any(|it| it != id),
            Self::Metric(id) => !components.is_empty() || metrics.iter().any(|it| it != id),
        }
    }
}

/// A viewer who loses it.
#[derive(Debug, Clone)]
pub(in crate::access) struct Loser {
    record: Record,
    /// Whether it was given to the viewer, and not to a group alone.
    directly: bool,
    /// Whether it is all that the viewer sees: no group gives anything else, and nothing else was given directly.
    nothing_else: bool,
}

impl Weighs for Loser {
    fn weight(&self) -> usize {
        self.record.weight() + 2
    }
}

/// The walk over the viewers of a page.
struct Walk {
    statuspage: Statuspage,
    page: PageId,
    given: Given,
    groups: Groups,
    viewers: Scan<Record>,
    pending: VecDeque<Record>,
    asked: usize,
    too_many: bool,
}

impl Walk {
    /// The viewer as one who loses it, if it is one.
    async fn look(&self, cx: &Cx, record: Record) -> Result<Option<Loser>, ProviderError> {
        let Some(id) = record.viewer_id() else {
            return Ok(None);
        };
        // Where neither the viewer nor the groups say who is in which, nobody is said to see nothing.
        let held = groups_of(&record, &id, &self.groups);
        let groups = |test: &dyn Fn(&PageAccessGroup) -> bool| {
            let held = held.iter().flatten();
            held.filter_map(|id| self.groups.get(id)).any(test)
        };
        let by_group = groups(&|it| self.given.by(it) == Some(true));
        let no_more = held.is_some() && !groups(&|it| self.given.gives_more(it));
        let (statuspage, page) = (&self.statuspage, &self.page);
        let holder = Viewer::Viewer(id.clone());
        let (directly, alone) = match &self.given {
            Given::Component(wanted) => {
                let given = given_components(statuspage, cx, page, &holder).await?;
                (given.contains(wanted), given.iter().all(|it| it == wanted))
            }
            Given::Metric(wanted) => {
                let given = given_metrics(statuspage, cx, page, &id).await?;
                (given.contains(wanted), given.iter().all(|it| it == wanted))
            }
        };
        if !directly && !by_group {
            return Ok(None);
        }
        // Of the other kind only those are asked who have nothing else so far.
        let nothing_else = no_more
            && alone
            && match &self.given {
                Given::Component(_) => given_metrics(statuspage, cx, page, &id).await?.is_empty(),
                Given::Metric(_) => {
                    let given = given_components(statuspage, cx, page, &holder).await?;
                    given.is_empty()
                }
            };
        Ok(Some(Loser {
            record,
            directly,
            nothing_else,
        }))
    }
}

impl Feed<Loser> for Walk {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<Loser>, ProviderError>>> {
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
            let found = match self.look(cx, record).await {
                Ok(found) => found,
                Err(error) if error.is_not_found() => None,
                Err(error) => return Some(Err(error)),
            };
            self.pending.pop_front();
            self.asked += 1;
            Some(Ok(found.into_iter().collect()))
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
    /// What viewers lose with it, or a report where reading goes on in the next call.
    pub(in crate::access) async fn losers(
        &self,
        ask: &Ask,
        page: &Page,
        given: &Given,
        shown: &str,
    ) -> Result<Result<Vec<Loss>, Box<ChangeReport>>, Refusal> {
        let evidence = self.audience(ask, page).await?;
        match evidence.audience {
            Audience::Yes => {}
            Audience::NoEvidence => return Ok(Ok(Vec::new())),
            Audience::Unknown => {
                return Ok(Ok(vec![of_readers(format!(
                    "page access users may lose sight of it: nobody was looked for, because whether the page is audience-specific is not known ({})",
                    evidence.reasons.join("; ")
                ))]));
            }
        }
        let groups = self.groups(ask, &page.id).await?;
        let statuspage = self.statuspage()?;
        let (word, id) = given.word();
        let what = format!("who sees {word} {shown}");
        let feed = || -> Box<dyn Feed<Loser>> {
            Box::new(Walk {
                statuspage: statuspage.clone(),
                page: page.id.clone(),
                given: given.clone(),
                groups: groups.clone(),
                viewers: statuspage.viewers(&page.id),
                pending: VecDeque::new(),
                asked: 0,
                too_many: false,
            })
        };
        let key = format!("{}/{word}/{id}", page.id);
        let scan = self
            .holders
            .held_or_new(self.clock(), &key, &what, |_, age| age < FRESH, feed);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if !reach.ended {
            return Ok(Err(Box::new(ChangeReport::reading(&what, &reach))));
        }
        let found = scan.with_rows(0, |rows, _| rows.to_vec()).await;
        let mut losses = self
            .groups_losing(ask, page, given, &groups, &found)
            .await?;
        let those = |test: fn(&&Loser) -> bool| -> BTreeMap<ViewerId, Record> {
            let these = found.iter().filter(test).map(|it| &it.record);
            these
                .filter_map(|it| Some((it.viewer_id()?, it.clone())))
                .collect()
        };
        for (these, words) in [
            (
                those(|it| it.directly),
                "given directly, no longer seeing it",
            ),
            (
                those(|it| it.nothing_else),
                "is all that these see of the page, so that they see nothing at all of this page then",
            ),
        ] {
            if these.is_empty() {
                continue;
            }
            let ids: Vec<ViewerId> = these.keys().cloned().collect();
            let members = Members::from(these);
            losses.push(Loss {
                who: members.known_by(&ids),
                words: format!("{word} {shown} {words}: {}", members.names(&ids)),
            });
        }
        if !reach.complete {
            losses.push(of_readers(format!(
                "further page access users may lose {word} {shown}, which was given to them directly, or see nothing then; they were not asked about ({}). `list_page_access_users` with `user_id` and `detail` shows what one sees",
                reach.why.unwrap_or_default()
            )));
        }
        Ok(Ok(losses))
    }

    /// What the members of each group lose.
    async fn groups_losing(
        &self,
        ask: &Ask,
        page: &Page,
        given: &Given,
        groups: &Groups,
        found: &[Loser],
    ) -> Result<Vec<Loss>, Refusal> {
        let mut losses = Vec::new();
        for group in groups.values() {
            let shown = named(group.name.as_deref(), group.id.as_str());
            let (word, _) = given.word();
            match given.by(group) {
                None => losses.push(of_readers(format!(
                    "group {shown}: Statuspage did not say whether it gives the {word}"
                ))),
                Some(false) => {}
                Some(true) => {
                    let mut members: BTreeMap<ViewerId, Record> = BTreeMap::new();
                    for one in found {
                        let id = one.record.viewer_id();
                        let inside = |id: &ViewerId| {
                            groups_of(&one.record, id, groups)
                                .is_some_and(|held| held.contains(&group.id))
                        };
                        if let Some(id) = id.filter(inside) {
                            members.insert(id, one.record.clone());
                        }
                    }
                    let listed = group.member_ids.iter().flatten();
                    let others: BTreeSet<ViewerId> = listed
                        .filter(|id| !members.contains_key(id))
                        .cloned()
                        .collect();
                    let ids: BTreeSet<ViewerId> = members.keys().chain(&others).cloned().collect();
                    let mut people = Members::from(members);
                    people.extend(self.members(ask, &page.id, others).await?);
                    let size = count(ids.len(), "member", "members");
                    let names = people.names(&ids);
                    let after = if given.gives_more(group) {
                        ""
                    } else {
                        ", and nothing else"
                    };
                    let colon = if ids.is_empty() { "" } else { ": " };
                    losses.push(Loss {
                        who: people.known_by(&ids),
                        words: format!(
                            "group {shown} with {size} no longer gives it{after}{colon}{names}"
                        ),
                    });
                }
            }
        }
        Ok(losses)
    }
}
