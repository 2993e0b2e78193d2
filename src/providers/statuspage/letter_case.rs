//! Learns from the answers whether Statuspage's searches for an address are case-sensitive: this is not documented.
//!
//! Until it is known that a search ignores case, an address that it does not find may be stored in other letter case.

use std::sync::atomic::{AtomicU8, Ordering};

use dashmap::DashSet;

use crate::roster::{Email, PageId, Record};

/// The knowledge of one search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// Nothing yet.
    Unknown,
    /// It found an address that is stored in other letter case: one query is enough.
    Ignored,
    /// It did not find such an address: only the stored form is found.
    Told,
}

/// The findings about one search with one key.
#[derive(Debug, Default)]
pub struct Learned {
    known: AtomicU8,
    long: DashSet<PageId>,
    by_sign_in: DashSet<PageId>,
}

impl Learned {
    /// Returns whether the search is known to ignore case.
    #[must_use]
    pub fn letter_case(&self) -> LetterCase {
        match self.known.load(Ordering::Relaxed) {
            0 => LetterCase::Unknown,
            1 => LetterCase::Ignored,
            _ => LetterCase::Told,
        }
    }

    /// Records whether a search found an address that was written in other letter case than it is stored in.
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
