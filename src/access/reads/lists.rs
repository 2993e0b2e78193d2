//! Whole lists as parts of a read of several, shared with all callers: a list that was read a moment ago is not read again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::look::whole::read_all;
use crate::access::reads::journey::{Part, Yield};
use crate::access::reads::scan::{Feed, Reach, Scan};
use crate::access::reads::shelf::Shelf;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::subscribers::SubscriberFilter;
use crate::access::{Access, Refusal};
use crate::clock::Clock;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Page, PageAccessGroup, PageId, Record, Subscriber, System};
use crate::upstream::Cx;

/// The time for which a whole list in memory proves, together with fresh searches, that an address is not there in another form.
const PROVES: Duration = Duration::from_secs(600);

/// The purpose of a list in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::access) enum Age {
    /// As an answer: no older than whoever asks allows, and nothing changed since.
    Asked,
    /// To know the stored forms of addresses, together with a fresh search.
    Proves,
}

/// The shared lists of Statuspage, and their greatest age. Cheap to clone.
#[derive(Clone)]
pub(in crate::access) struct Lists {
    pub statuspage: Statuspage,
    people: Arc<Shelf<Record>>,
    subscribers: Arc<Shelf<Subscriber>>,
    groups: Arc<Shelf<PageAccessGroup>>,
    clock: Clock,
    max_age: Duration,
    /// The operator's list of pages, where there is one.
    allowed: Option<BTreeSet<PageId>>,
}

impl Access {
    /// Statuspage's lists.
    pub(in crate::access) fn lists(&self, max_age: Duration) -> Result<Lists, Refusal> {
        Ok(Lists {
            statuspage: self.statuspage()?.clone(),
            people: self.people.clone(),
            subscribers: self.subscribers.clone(),
            groups: self.groups.clone(),
            clock: *self.clock(),
            max_age,
            allowed: self.rules().pages.clone(),
        })
    }
}

impl Lists {
    fn at_hand<T: Weighs + Send + 'static>(
        &self,
        shelf: &Shelf<T>,
        key: &str,
        what: &str,
        feed: impl FnOnce() -> Box<dyn Feed<T>>,
    ) -> Arc<Scan<T>> {
        let young = |_: &Scan<T>, age| age < self.max_age;
        shelf.held_or_new(&self.clock, key, what, young, feed)
    }

    /// The team members.
    pub(in crate::access) fn team<R: Send + 'static>(
        &self,
        make: fn(Record) -> R,
    ) -> Box<dyn Part<R>> {
        let what = "the team members";
        let scan = self.at_hand(&self.people, "team", what, || {
            Box::new(self.statuspage.team_members())
        });
        tail(System::Statuspage, scan, make)
    }

    /// The page access users of a page.
    pub(in crate::access) fn viewers<R: Send + 'static>(
        &self,
        page: &PageId,
        make: fn(Record) -> R,
    ) -> Box<dyn Part<R>> {
        let what = format!("the page access users of page {page}");
        let scan = self.at_hand(&self.people, &format!("viewers/{page}/"), &what, || {
            Box::new(self.statuspage.viewers(page))
        });
        tail(System::Statuspage, scan, make)
    }

    /// The page access users of a page that go by one of these addresses, from a whole list that is in memory and young enough;
    /// nothing where there is none.
    pub(in crate::access) fn viewers_in_memory(
        &self,
        page: &PageId,
        age: Age,
        wanted: impl Fn(&Record) -> bool,
    ) -> Option<Vec<Record>> {
        let key = format!("viewers/{page}/");
        self.in_memory(&self.people, &key, age, wanted)
    }

    /// Returns the subscribers of a page like [`Lists::viewers_in_memory`].
    pub(in crate::access) fn subscribers_in_memory(
        &self,
        page: &PageId,
        age: Age,
        wanted: impl Fn(&Subscriber) -> bool,
    ) -> Option<Vec<Subscriber>> {
        let key = SubscriberFilter::everybody(page.clone()).key().to_string();
        self.in_memory(&self.subscribers, &key, age, wanted)
    }

    fn in_memory<T: Clone + Weighs + Send + 'static>(
        &self,
        shelf: &Shelf<T>,
        key: &str,
        age: Age,
        wanted: impl Fn(&T) -> bool,
    ) -> Option<Vec<T>> {
        let (scan, oldest) = match age {
            Age::Asked => (shelf.current(key)?, self.max_age),
            Age::Proves => (shelf.remembered().remove(key)?, PROVES),
        };
        let now = self.clock.monotonic();
        if now.saturating_sub(scan.began) >= oldest {
            return None;
        }
        scan.is_used(now);
        let rows = |rows: &[T], reach: Reach| {
            let wanted = rows.iter().filter(|row| wanted(row)).cloned();
            reach.complete.then(|| wanted.collect())
        };
        scan.glance(rows)?
    }

    /// The page access groups of a page.
    pub(in crate::access) fn groups<R: Send + 'static>(
        &self,
        page: &PageId,
        make: fn(PageAccessGroup) -> R,
    ) -> Box<dyn Part<R>> {
        let what = format!("the page access groups of page {page}");
        let scan = self.at_hand(&self.groups, page.as_str(), &what, || {
            Box::new(self.statuspage.groups(page))
        });
        tail(System::Statuspage, scan, make)
    }

    /// The subscribers of a page, in every state.
    pub(in crate::access) fn subscribers<R: Send + 'static>(
        &self,
        page: &PageId,
        make: fn(Subscriber) -> R,
    ) -> Box<dyn Part<R>> {
        let what = format!("the subscribers of page {page}");
        let all = SubscriberFilter::everybody(page.clone());
        let scan = self.at_hand(&self.subscribers, &all.key().to_string(), &what, || {
            Box::new(self.statuspage.subscribers(page, &all.query()))
        });
        tail(System::Statuspage, scan, make)
    }

    /// The list of pages, and then what `each` makes of every page that is asked for and allowed.
    pub(in crate::access) fn each_page<R: Send + 'static>(
        &self,
        only: Option<Vec<PageId>>,
        each: impl Fn(&Lists, &Page) -> Vec<Box<dyn Part<R>>> + Send + 'static,
    ) -> Box<dyn Part<R>> {
        Box::new(EachPage {
            lists: self.clone(),
            only,
            each: Box::new(each),
        })
    }
}

/// A shared scan of any system as a part of a read of several lists.
pub(in crate::access) fn tail<T: Clone + Send + 'static, R: Send + 'static>(
    system: System,
    scan: Arc<Scan<T>>,
    make: fn(T) -> R,
) -> Box<dyn Part<R>> {
    Box::new(Tail {
        system,
        scan,
        at: 0,
        flaw: None,
        make,
    })
}

/// The rows of a shared scan.
struct Tail<T, R> {
    system: System,
    scan: Arc<Scan<T>>,
    at: usize,
    flaw: Option<String>,
    make: fn(T) -> R,
}

impl<T: Clone + Send + 'static, R: Send + 'static> Part<R> for Tail<T, R> {
    fn what(&self) -> String {
        self.scan.what.clone()
    }

    fn system(&self) -> System {
        self.system
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>> {
        Box::pin(async move {
            let Some(rows) = self.scan.after(self.at, cx).await else {
                self.flaw = self.scan.reach().await.why;
                return None;
            };
            Some(rows.map(|rows| {
                self.at += rows.len();
                Yield::Rows(rows.into_iter().map(self.make).collect())
            }))
        })
    }

    fn flaw(&self) -> Option<String> {
        self.flaw.clone()
    }

    fn failed(&self) -> bool {
        self.scan.has_failed()
    }

    fn scanned(&self) -> usize {
        self.at
    }
}

type Each<R> = Box<dyn Fn(&Lists, &Page) -> Vec<Box<dyn Part<R>>> + Send>;

/// The pages, opened.
struct EachPage<R> {
    lists: Lists,
    only: Option<Vec<PageId>>,
    each: Each<R>,
}

impl<R: Send + 'static> Part<R> for EachPage<R> {
    fn what(&self) -> String {
        "the list of pages".to_owned()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>> {
        Box::pin(async move {
            let pages = match read_all(self.lists.statuspage.pages(), cx, "pages").await {
                Ok(pages) => pages,
                Err(error) => return Some(Err(error)),
            };
            let mut parts = Vec::new();
            let mut forbidden = 0;
            for page in &pages {
                let asked = self
                    .only
                    .as_ref()
                    .is_none_or(|only| only.contains(&page.id));
                let allowed = self
                    .lists
                    .allowed
                    .as_ref()
                    .is_none_or(|list| list.contains(&page.id));
                match (asked, allowed) {
                    (true, true) => parts.extend((self.each)(&self.lists, page)),
                    (true, false) => forbidden += 1,
                    (false, _) => {}
                }
            }
            if forbidden > 0 {
                let what = format!("{forbidden} other pages");
                let why = "`policy.pages` does not allow them".to_owned();
                parts.push(Gap::part(what, why));
            }
            for wanted in self.only.iter().flatten() {
                if !pages.iter().any(|page| page.id == *wanted) {
                    let why = "the organization has no such page: `list_pages` shows the ids";
                    parts.push(Gap::part(format!("page {wanted}"), why.to_owned()));
                }
            }
            Some(Ok(Yield::Parts(parts)))
        })
    }

    fn scanned(&self) -> usize {
        0
    }
}

/// Rows that are at hand.
pub(in crate::access) struct Given<R>(pub Option<Vec<R>>, pub String);

impl<R: Send + 'static> Part<R> for Given<R> {
    fn what(&self) -> String {
        self.1.clone()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        _cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>> {
        let rows = self.0.take();
        Box::pin(std::future::ready(rows.map(|rows| Ok(Yield::Rows(rows)))))
    }

    fn scanned(&self) -> usize {
        0
    }
}

/// Something that is not read.
struct Gap(String, String);

impl Gap {
    fn part<R: Send + 'static>(what: String, why: String) -> Box<dyn Part<R>> {
        Box::new(Self(what, why))
    }
}

impl<R: Send + 'static> Part<R> for Gap {
    fn what(&self) -> String {
        self.0.clone()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        _cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>> {
        Box::pin(std::future::ready(None))
    }

    fn flaw(&self) -> Option<String> {
        Some(self.1.clone())
    }

    fn scanned(&self) -> usize {
        0
    }
}
