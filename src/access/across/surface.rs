//! The places where a person can have an account: one [`Surface`] for each kind of account, system and page.
//!
//! Finding somebody is looking at every surface; offboarding is taking what each of them holds. Another system is another
//! file in `surfaces/` and its line in `Access::surfaces`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::account::Account;
use crate::access::across::person::Person;
use crate::access::across::spellings::Spellings;
use crate::access::across::surfaces::by_name::Namesakes;
use crate::access::change::act::Act;
use crate::access::reads::counted::Counted;
use crate::access::reads::journey::{Part, Tells, Told, Yield};
use crate::access::reads::size;
use crate::access::reads::weight::Weighs;
use crate::providers::ProviderError;
use crate::roster::{By, Email, PageId, System};
use crate::upstream::Cx;

/// One kind of account in one place.
pub(in crate::access) trait Surface: Send + Sync {
    /// The system it belongs to.
    fn system(&self) -> System;
    /// In words: `the page access users of page X`.
    fn what(&self) -> String;
    /// Every account with one of these addresses.
    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>>;
}

/// The result of a look at a surface.
#[derive(Default)]
pub(in crate::access) struct Looked {
    /// The accounts.
    pub held: Vec<Held>,
    /// The reason why there may be more of them.
    pub gap: Option<String>,
    /// True when `gap` concerns only forms of the address that were not searched for: then an account that was found once and is not found
    /// now is gone.
    pub unproved: bool,
    /// Requests that it took: for whole lists, and for addresses.
    pub took: (usize, usize),
}

/// An account, and what takes it away.
#[derive(Clone)]
pub(in crate::access) struct Held {
    /// As it is shown.
    pub account: Account,
    /// The steps that remove it.
    pub removal: Vec<Removal>,
    /// The reason why it cannot be removed, which is known before trying: it is the last that can run its system, or the key may not.
    pub forbidden: Option<String>,
}

/// A step of a removal.
#[derive(Clone)]
pub(in crate::access) struct Removal {
    /// When its turn is.
    pub phase: Phase,
    /// True when the steps after it wait for its success. False for one that the next makes superfluous.
    pub must: bool,
    /// The surface that it was found on, as [`Surface::what`] names it.
    pub place: String,
    /// The step.
    pub act: Arc<dyn Act>,
}

/// The order in which a person is taken out: what others can see first, what cannot be put back last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::access) enum Phase {
    /// Members of the StatusApp team.
    Statusapp,
    /// Page access users.
    Viewers,
    /// Subscriptions.
    Subscriptions,
    /// Page roles.
    Permissions,
    /// The team member.
    Team,
    /// The whole Atlassian account, which may be what the steps before are signed in with.
    Directory,
}

/// A row of a search for a person.
#[derive(Clone)]
pub(in crate::access) enum Sight {
    /// An account.
    Account(Box<Held>),
    /// A surface was looked at, or could not be.
    Looked(Told),
    /// The person whom the search is about, as far as the directory tells. Of several people in the order in which they were asked for.
    Person(Arc<Person>),
    /// The people who have the name that was asked for.
    Named(Arc<Namesakes>),
    /// The names of the pages, once they are read.
    Pages(Arc<BTreeMap<PageId, String>>),
    /// Requests that a place took: for whole lists, and for addresses.
    Took(usize, usize),
}

impl Sight {
    /// The account, where this row is one.
    pub(in crate::access) fn account(&self) -> Option<&Account> {
        match self {
            Self::Account(held) => Some(&held.account),
            _ => None,
        }
    }
}

impl Counted for Sight {
    fn values(&self, by: By) -> Vec<String> {
        self.account()
            .map(|account| account.record.values(by))
            .unwrap_or_default()
    }
}

impl Weighs for Sight {
    fn weight(&self) -> usize {
        let of_account = |account| size_of::<Held>() + size_of::<Removal>() + size::of(account);
        size_of::<Self>() + self.account().map_or(256, of_account)
    }
}

impl Tells for Sight {
    fn told(told: Told) -> Option<Self> {
        Some(Self::Looked(told))
    }
}

/// The depth of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::access) enum Depth {
    /// The existence of accounts, without the access that they give.
    Names,
    /// The accounts with page roles, and with the names of groups: one request more for a page with a viewer in any.
    Named,
    /// The access that each account gives, too: a removal has to know it.
    Removal,
}

/// The surfaces that a search covers.
#[derive(Clone)]
pub(in crate::access) struct Reach {
    /// Only these pages; `None`: every page that the operator's rules allow.
    pub pages: Option<Vec<PageId>>,
    /// Only if there are no more pages than this: each costs two requests for each address. `None`: however many.
    pub most_pages: Option<usize>,
    /// The greatest age of the list of the team.
    pub max_age: Duration,
    /// The depth of the search.
    pub depth: Depth,
    /// Forms of this person's addresses that an earlier look found.
    pub spellings: Vec<String>,
}

/// The look at one surface, as a part of a read of several lists.
pub(in crate::access) struct Look {
    surface: Arc<dyn Surface>,
    person: Arc<[Email]>,
    spellings: Spellings,
    gap: Option<String>,
    unproved: bool,
    done: usize,
    over: bool,
}

impl Look {
    pub(in crate::access) fn part(
        surface: Arc<dyn Surface>,
        person: &Arc<[Email]>,
        spellings: &Spellings,
    ) -> Box<dyn Part<Sight>> {
        Box::new(Self {
            surface,
            person: person.clone(),
            spellings: spellings.clone(),
            gap: None,
            unproved: false,
            done: 0,
            over: false,
        })
    }
}

impl Part<Sight> for Look {
    fn what(&self) -> String {
        self.surface.what()
    }

    fn system(&self) -> System {
        self.surface.system()
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        Box::pin(async move {
            if self.over {
                return None;
            }
            let looked = match self.surface.find(cx, &self.person).await {
                Ok(looked) => looked,
                Err(error) => return Some(Err(error)),
            };
            self.over = true;
            self.done = looked.held.len();
            self.spellings.add_of(&looked.held);
            if looked.unproved {
                self.spellings.note_unproved(&self.surface, &looked.held);
            }
            self.gap = looked.gap;
            self.unproved = looked.unproved;
            let accounts = looked.held.into_iter();
            let accounts = accounts.map(|held| Sight::Account(Box::new(held)));
            let took = Sight::Took(looked.took.0, looked.took.1);
            Some(Ok(Yield::Rows(accounts.chain([took]).collect())))
        })
    }

    fn flaw(&self) -> Option<String> {
        self.gap.clone()
    }

    fn answered(&self) -> bool {
        self.over && self.unproved
    }

    fn scanned(&self) -> usize {
        self.done
    }
}

/// The facts about a place that need no request: rows that are at hand, or the reason why it is not looked at.
pub(in crate::access) struct AtHand {
    system: System,
    what: String,
    rows: Option<Vec<Sight>>,
    /// Accounts among the rows that were given out.
    accounts: usize,
    why: Option<String>,
}

impl AtHand {
    pub(in crate::access) fn rows(
        system: System,
        what: String,
        rows: Vec<Sight>,
        why: Option<String>,
    ) -> Box<dyn Part<Sight>> {
        let rows = Some(rows);
        Box::new(Self {
            system,
            what,
            rows,
            accounts: 0,
            why,
        })
    }

    pub(in crate::access) fn left_out(
        system: System,
        what: String,
        why: impl Into<String>,
    ) -> Box<dyn Part<Sight>> {
        let why = Some(why.into());
        Box::new(Self {
            system,
            what,
            rows: None,
            accounts: 0,
            why,
        })
    }
}

impl Part<Sight> for AtHand {
    fn what(&self) -> String {
        self.what.clone()
    }

    fn system(&self) -> System {
        self.system
    }

    fn next<'a>(
        &'a mut self,
        _cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        let rows = self.rows.take();
        let accounts = rows.iter().flatten().filter_map(Sight::account);
        self.accounts += accounts.count();
        Box::pin(std::future::ready(rows.map(|rows| Ok(Yield::Rows(rows)))))
    }

    fn flaw(&self) -> Option<String> {
        self.why.clone()
    }

    fn scanned(&self) -> usize {
        self.accounts
    }
}
