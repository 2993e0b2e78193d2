//! Whether Statuspage's searches for an address tell upper from lower case: not documented, so it is learned from what they answer.
//!
//! Until it is known that a search does not, an address that it does not find may be there in another spelling.

use std::sync::atomic::{AtomicU8, Ordering};

use dashmap::DashSet;

use crate::roster::{Email, PageId, Record};

/// What is known of one search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// Nothing yet.
    Unknown,
    /// It found an address that is stored in another spelling: one question is enough.
    Ignored,
    /// It did not find such an address: only the stored spelling is found.
    Told,
}

/// What was learned of one search with one key.
#[derive(Debug, Default)]
pub struct Learned {
    known: AtomicU8,
    long: DashSet<PageId>,
    by_sign_in: DashSet<PageId>,
}

impl Learned {
    /// What is known.
    #[must_use]
    pub fn letter_case(&self) -> LetterCase {
        match self.known.load(Ordering::Relaxed) {
            0 => LetterCase::Unknown,
            1 => LetterCase::Ignored,
            _ => LetterCase::Told,
        }
    }

    /// An address was found, or not, by a spelling in other letters than those it is stored in.
    pub fn learn(&self, found: bool) {
        self.known
            .store(if found { 1 } else { 2 }, Ordering::Relaxed);
    }

    /// The search gave this address for this question.
    pub(super) fn saw(&self, stored: Option<&Email>, asked: &str) {
        let other = |stored: &str| stored != asked && stored.eq_ignore_ascii_case(asked);
        if stored.is_some_and(|stored| other(stored.as_str())) {
            self.learn(true);
        }
    }

    /// A row of the page's list, which may know somebody by an address that is none of its own.
    pub(super) fn saw_row(&self, page: &PageId, record: &Record) {
        let signs_in = record.external_id.as_deref().and_then(Email::inside);
        if signs_in.is_some_and(|login| record.address() != Some(&login)) {
            self.by_sign_in.insert(page.clone());
        }
    }

    /// Returns whether the page was seen to know people by an address that they sign in with alone: the search does not look there.
    #[must_use]
    pub fn knows_sign_ins(&self, page: &PageId) -> bool {
        self.by_sign_in.contains(page)
    }

    /// Returns whether a page's list is known to be longer than one answer.
    #[must_use]
    pub fn is_long(&self, page: &PageId) -> bool {
        self.long.contains(page)
    }

    /// A page's list is longer than one answer.
    pub fn mark_long(&self, page: &PageId) {
        self.long.insert(page.clone());
    }
}
