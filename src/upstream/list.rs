//! What can be asked for page by page.

use serde_json::Value;

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

    /// The query of the `index`-th page, from 0, when `taken` rows were given before it.
    pub(super) fn query(&self, index: u32, taken: usize) -> Vec<(&'static str, String)> {
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

/// How an upstream numbers the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// `page=1&per_page=100`, and on. Both are always sent: a request without them falls into a bucket of one a minute.
    FromOne,
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
    pub(super) rows: Vec<Value>,
    /// How many rows the whole list has, where the answer says it.
    pub(super) total: Option<usize>,
}

impl Paging {
    /// The rows of an answer, or what is wrong with it.
    pub(super) fn open(self, mut body: Value) -> Result<Page, (String, &'static str)> {
        let (name, total) = match self {
            Self::FromOne | Self::FromZero | Self::Whole => {
                return match body {
                    Value::Array(rows) => Ok(Page { rows, total: None }),
                    _ => Err((".".to_owned(), "expected a sequence")),
                };
            }
            Self::StartIndex => ("Resources", "/totalResults"),
            Self::Under(name) => (name, "/pagination/total"),
        };
        let total = body
            .pointer(total)
            .and_then(Value::as_u64)
            .and_then(|total| usize::try_from(total).ok());
        match body.get_mut(name).map(Value::take) {
            Some(Value::Array(rows)) => Ok(Page { rows, total }),
            // RFC 7644 leaves `Resources` out of an answer without results.
            None if total == Some(0) => Ok(Page {
                rows: Vec::new(),
                total,
            }),
            _ => Err((name.to_owned(), "expected a sequence")),
        }
    }
}
