//! The result of a search for those who leave.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::Keep;
use crate::access::across::person::{AlsoKnownAs, Asked, Person};
use crate::access::across::surface::{Held, Sight};
use crate::access::change::plan::Unread;
use crate::access::reads::journey::Told;
use crate::access::words::count;
use crate::roster::{Email, Kind, PageId};

/// The result of a search.
#[derive(Clone)]
pub(super) struct Found {
    pub held: Vec<Held>,
    pub told: Vec<Told>,
    /// The people whom the directory says are meant, where there is one, in their order.
    pub people: Vec<Arc<Person>>,
    /// When the search began, on the monotonic clock.
    pub began: Option<Duration>,
    /// Requests for whole lists and for addresses, of each list that was looked through.
    took: Vec<(usize, usize)>,
}

impl Found {
    /// Every address that was asked for.
    pub(super) fn names<'a>(&'a self, asked: &'a Asked) -> &'a Vec<Email> {
        let person = self.people.first();
        person.map_or(&asked.emails, |person| &person.emails)
    }

    /// Divides it among several people.
    pub(super) fn by_person(&self, people: &[Asked]) -> Vec<Self> {
        let each = people.iter().enumerate().map(|(at, asked)| {
            let person = self.people.get(at);
            let emails = person.map_or(&asked.emails, |person| &person.emails);
            let records = person.into_iter().flat_map(|person| &person.people);
            let records: Vec<_> = records.map(|user| &user.record.id).collect();
            let is_theirs = |held: &&Held| {
                let record = &held.account.record;
                let by_id = record.kind == Kind::DirectoryUser && records.contains(&&record.id);
                by_id || emails.iter().any(|email| record.goes_by(email))
            };
            Self {
                held: self.held.iter().filter(is_theirs).cloned().collect(),
                people: person.into_iter().cloned().collect(),
                took: Vec::new(),
                ..self.clone()
            }
        });
        each.collect()
    }

    pub(super) fn also_known_as(&self) -> Vec<AlsoKnownAs> {
        let people = self.people.iter();
        people.flat_map(|it| it.also_known_as.clone()).collect()
    }

    /// Says how the lists of viewers and subscribers were looked through, and what it took.
    pub(super) fn looked(&self) -> String {
        let requests = |each: fn(&(usize, usize)) -> usize| {
            let took = self.took.iter().map(each).sum();
            count(took, "request", "requests")
        };
        format!(
            "{} of viewers and subscribers were looked through the cheaper way: {} for reading lists whole, {} for asking by address",
            count(self.took.len(), "list", "lists"),
            requests(|it| it.0),
            requests(|it| it.1),
        )
    }

    pub(super) fn has_member(&self) -> bool {
        self.held
            .iter()
            .any(|held| Keep::TeamMember.covers(&held.account.record))
    }

    /// Pages on which the person has roles.
    pub(super) fn pages_with_roles(&self) -> Vec<PageId> {
        let roles = self.held.iter().flat_map(|held| &held.account.page_roles);
        roles.flatten().map(|page| page.page_id.clone()).collect()
    }

    /// The places that were looked at in full.
    pub(super) fn read(&self) -> BTreeSet<String> {
        let read = self.told.iter().filter(|told| told.answered);
        read.map(|told| told.what.clone()).collect()
    }

    pub(super) fn unread(&self) -> Vec<Unread> {
        let unread = self.told.iter().filter_map(|told| {
            Some(Unread {
                what: told.what.clone(),
                system: told.system,
                why: told.why.clone()?,
            })
        });
        unread.collect()
    }

    pub(super) fn of(rows: &[Sight]) -> Self {
        let mut found = Self {
            held: Vec::new(),
            told: Vec::new(),
            people: Vec::new(),
            began: None,
            took: Vec::new(),
        };
        for row in rows {
            match row {
                Sight::Account(held) => found.held.push((**held).clone()),
                Sight::Looked(told) => found.told.push(told.clone()),
                Sight::Person(person) => found.people.push(person.clone()),
                Sight::Took(0, 0) | Sight::Named(_) | Sight::Pages(_) => {}
                Sight::Took(lists, searches) => found.took.push((*lists, *searches)),
            }
        }
        found
    }
}
