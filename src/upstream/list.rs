//! What can be asked for page by page.

use super::Path;

/// A list upstream. There is no way to ask for one without its paging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Where it is.
    pub path: Path,
    /// Query parameters besides the paging, such as `email`. They can hold addresses of people and are never logged.
    pub filters: Vec<(&'static str, String)>,
    /// How its pages are numbered.
    pub paging: Paging,
}

impl List {
    /// The list at `path`, paged as everything but subscribers is, without a filter.
    #[must_use]
    pub fn new(path: Path) -> Self {
        Self {
            path,
            filters: Vec::new(),
            paging: Paging::FromOne,
        }
    }

    /// Numbered otherwise.
    #[must_use]
    pub fn paged(self, paging: Paging) -> Self {
        Self { paging, ..self }
    }

    /// Only rows that the upstream itself finds for `name=value`.
    #[must_use]
    pub fn filter(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.filters.push((name, value.into()));
        self
    }

    /// The query of the `index`-th page, from 0.
    pub(super) fn query(&self, index: u32) -> Vec<(&'static str, String)> {
        let mut query = self.filters.clone();
        match self.paging {
            Paging::FromOne => {
                query.push(("page", index.saturating_add(1).to_string()));
                query.push(("per_page", PAGE_SIZE.to_string()));
            }
            Paging::FromZero => {
                query.push(("page", index.to_string()));
                query.push(("limit", PAGE_SIZE.to_string()));
            }
            Paging::Whole => {}
        }
        query
    }
}

/// The most rows that Statuspage gives at once ("a default and maximum limit of 100").
pub(super) const PAGE_SIZE: usize = 100;

/// How an upstream numbers the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// `page=1&per_page=100`, and on. Both are always sent: a request without them falls into a bucket of one a minute.
    FromOne,
    /// `page=0&limit=100`, and on: subscribers.
    FromZero,
    /// The upstream has no pages for it: `GET /pages` alone.
    Whole,
}
