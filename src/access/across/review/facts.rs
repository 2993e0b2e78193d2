//! What a review looks at, sorted out of what was read.

use std::collections::BTreeMap;

use crate::access::across::find_person::{Unknown, UnknownKind};
use crate::access::reads::journey::{Tells, Told};
use crate::roster::{Page, PageAccessGroup, PageId, Record, Subscriber};

/// A row of a review's read.
#[derive(Clone)]
pub(in crate::access) enum Fact {
    Page(Page),
    Member(Record),
    Viewer(Record),
    Subscriber(Subscriber),
    Group(PageAccessGroup),
    Read(Told),
}

impl Tells for Fact {
    fn told(told: Told) -> Option<Self> {
        Some(Self::Read(told))
    }
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Facts {
    pub pages: BTreeMap<PageId, Page>,
    pub members: Vec<Record>,
    pub viewers: Vec<Record>,
    pub subscribers: Vec<Subscriber>,
    pub groups: Vec<PageAccessGroup>,
    told: Vec<Told>,
}

impl Facts {
    pub(super) fn of(rows: &[Fact]) -> Self {
        let mut facts = Self::default();
        for row in rows {
            match row.clone() {
                Fact::Page(page) => {
                    facts.pages.insert(page.id.clone(), page);
                }
                Fact::Member(record) => facts.members.push(record),
                Fact::Viewer(record) => facts.viewers.push(record),
                Fact::Subscriber(row) => facts.subscribers.push(row),
                Fact::Group(group) => facts.groups.push(group),
                Fact::Read(told) => facts.told.push(told),
            }
        }
        facts
    }

    /// What is not known in full.
    pub(super) fn unread(&self) -> Vec<Unknown> {
        let unread = self.told.iter().filter_map(|told| {
            Some(Unknown {
                what: told.what.clone(),
                system: told.system,
                kind: UnknownKind::NotRead,
                why: told.why.clone()?,
            })
        });
        unread.collect()
    }

    /// Why a list cannot be concluded from: it was not read to its end.
    pub(super) fn gap(&self, what: &str) -> Option<String> {
        match self.told.iter().find(|told| told.what == what) {
            Some(told) => told.why.clone(),
            None => Some("it was not read".to_owned()),
        }
    }

    /// A page's name and id.
    pub(super) fn page(&self, id: Option<&PageId>) -> String {
        let Some(id) = id else {
            return "an unknown page".to_owned();
        };
        match self.pages.get(id).and_then(|page| page.name.as_ref()) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_string(),
        }
    }
}
