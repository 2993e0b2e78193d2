//! A list that is read page by page.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Error, Path, body};

/// A list upstream. There is no way to ask for one without its paging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The path of the list.
    pub path: Path,
    /// Query parameters besides the paging, such as `email`. They can hold addresses of people and are never logged.
    pub filters: Vec<(&'static str, String)>,
    /// The numbering of its pages.
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

    /// The query of the `index`-th page, from 0, when `taken` rows were given before it.
    pub(super) fn query(&self, index: u32, taken: usize) -> Vec<(&'static str, String)> {
        let mut query = self.filters.clone();
        match self.paging {
            Paging::FromOne => {
                query.push(("page", index.saturating_add(1).to_string()));
                query.push(("per_page", PAGE_SIZE.to_string()));
            }
            Paging::FromOneByLimit => {
                query.push(("page", index.saturating_add(1).to_string()));
                query.push(("limit", PAGE_SIZE.to_string()));
            }
            Paging::FromZero => {
                query.push(("page", index.to_string()));
                query.push(("limit", PAGE_SIZE.to_string()));
            }
            Paging::StartIndex => {
                query.push(("startIndex", taken.saturating_add(1).to_string()));
                query.push(("count", PAGE_SIZE.to_string()));
            }
            Paging::Under(_) => {
                query.push(("page", index.saturating_add(1).to_string()));
                query.push(("limit", PAGE_SIZE.to_string()));
            }
            Paging::Whole => {}
        }
        query
    }
}

/// The most rows that Statuspage gives at once ("a default and maximum limit of 100"); SCIM and StatusApp give no more either.
pub(super) const PAGE_SIZE: usize = 100;

/// The ways in which an upstream numbers the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// `page=1&per_page=100`, and on. Both are always sent: a request without them falls into a bucket of one a minute.
    FromOne,
    /// `page=1&limit=100`, and on: incidents.
    FromOneByLimit,
    /// `page=0&limit=100`, and on: subscribers.
    FromZero,
    /// The upstream has no pages for it: `GET /pages` alone.
    Whole,
    /// `startIndex=1&count=100`, and on from the rows that were given; rows in `Resources`, their number in `totalResults` (SCIM,
    /// RFC 7644 3.4.2.4).
    StartIndex,
    /// `page=1&limit=100`, and on; rows under this name, their number in `pagination.total` where the list has pages at all.
    /// StatusApp: documented for other lists, not for the team.
    Under(&'static str),
}

/// One page as it came.
#[derive(Debug)]
pub(super) struct Page {
    /// As they were written: each is read by whoever knows what it is, and one that cannot be read does not spoil the others.
    pub(super) rows: Vec<Box<RawValue>>,
    /// The number of rows in the whole list, where the answer says it.
    pub(super) total: Option<usize>,
}

impl Paging {
    /// The rows of an answer.
    pub(super) fn open(self, system: &'static str, body: &[u8]) -> Result<Page, Error> {
        let (name, total) = match self {
            Self::FromOne | Self::FromOneByLimit | Self::FromZero | Self::Whole => {
                let rows = body::read(system, body)?;
                return Ok(Page { rows, total: None });
            }
            Self::StartIndex => ("Resources", ["totalResults"].as_slice()),
            Self::Under(name) => (name, ["pagination", "total"].as_slice()),
        };
        let fields: BTreeMap<String, Box<RawValue>> = body::read(system, body)?;
        let total = number(&fields, total).and_then(|total| usize::try_from(total).ok());
        let rows = match fields.get(name) {
            Some(rows) => serde_json::from_str(rows.get()).ok(),
            // RFC 7644 leaves `Resources` out of an answer without results.
            None => (total == Some(0)).then(Vec::new),
        };
        let rows = rows.ok_or_else(|| Error::Unreadable {
            system,
            place: name.to_owned(),
            why: "expected a sequence".to_owned(),
        })?;
        Ok(Page { rows, total })
    }
}

/// The number at a place below these fields.
fn number(fields: &BTreeMap<String, Box<RawValue>>, place: &[&str]) -> Option<u64> {
    let (first, rest) = place.split_first()?;
    let mut value: Value = serde_json::from_str(fields.get(*first)?.get()).ok()?;
    for key in rest {
        value = value.get_mut(*key)?.take();
    }
    value.as_u64()
}
