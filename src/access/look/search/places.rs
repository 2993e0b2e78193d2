//! The lists of a page that can be searched for an address.

use std::cell::Cell;

use futures::future::BoxFuture;

use super::{Place, is_of};
use crate::access::reads::lists::{Age, Lists};
use crate::providers::statuspage::{Learned, StateFilter, Statuspage, SubscriberQuery};
use crate::providers::{ProviderError, Scan};
use crate::roster::{Email, PageId, Record, Subscriber};
use crate::upstream::Cx;

/// The page access users of a page.
pub(in crate::access) struct ViewersOf {
    pub statuspage: Statuspage,
    pub page: PageId,
}

impl Place for ViewersOf {
    type Row = Record;

    fn what(&self) -> &'static str {
        "page access users"
    }

    fn tool(&self) -> &'static str {
        "list_page_access_users"
    }

    fn learned(&self) -> &Learned {
        self.statuspage.viewer_search()
    }

    fn page(&self) -> &PageId {
        &self.page
    }

    fn everybody(&self) -> Scan<Record> {
        self.statuspage.viewers(&self.page)
    }

    fn by(&self, email: &Email, spelling: &str) -> Scan<Record> {
        self.statuspage.viewers_by(&self.page, email, spelling)
    }

    fn record(row: &Record) -> &Record {
        row
    }

    fn in_memory(&self, lists: &Lists, age: Age, person: &[Email]) -> Option<Vec<Record>> {
        lists.viewers_in_memory(&self.page, age, |record| is_of(record, person))
    }

    fn now<'a>(
        &'a self,
        cx: &'a Cx,
        row: &'a Record,
    ) -> BoxFuture<'a, Result<Option<Record>, ProviderError>> {
        Box::pin(async move {
            let Some(id) = row.viewer_id() else {
                return Ok(None);
            };
            match self.statuspage.viewer(cx, &self.page, &id).await {
                Ok(record) => Ok(Some(record)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn rows_in_memory(&self, lists: &Lists) -> Option<usize> {
        let rows = Cell::new(0);
        let count = |_: &Record| rows.replace(rows.get() + 1) == usize::MAX;
        lists.viewers_in_memory(&self.page, Age::Proves, count)?;
        Some(rows.get())
    }
}

/// The subscribers of a page in a state.
pub(in crate::access) struct SubscribersOf {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub state: StateFilter,
}

impl SubscribersOf {
    /// Those in every state.
    pub(in crate::access) fn every(statuspage: &Statuspage, page: &PageId) -> Self {
        Self {
            statuspage: statuspage.clone(),
            page: page.clone(),
            state: StateFilter::All,
        }
    }

    fn query(&self, email: Option<Email>) -> SubscriberQuery {
        SubscriberQuery {
            state: self.state,
            mode: None,
            email,
        }
    }
}

impl Place for SubscribersOf {
    type Row = Subscriber;

    fn what(&self) -> &'static str {
        "subscribers"
    }

    fn tool(&self) -> &'static str {
        "list_subscribers"
    }

    fn learned(&self) -> &Learned {
        self.statuspage.subscriber_search()
    }

    fn page(&self) -> &PageId {
        &self.page
    }

    fn everybody(&self) -> Scan<Subscriber> {
        self.statuspage.subscribers(&self.page, &self.query(None))
    }

    fn by(&self, email: &Email, spelling: &str) -> Scan<Subscriber> {
        let query = self.query(Some(email.clone()));
        self.statuspage.subscribers_by(&self.page, &query, spelling)
    }

    fn record(row: &Subscriber) -> &Record {
        &row.record
    }

    fn size<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Option<usize>> {
        Box::pin(async move {
            // If the number cannot be read, the list is read as far as that pays.
            let counts = self
                .statuspage
                .subscriber_counts(cx, &self.page)
                .await
                .ok()?;
            let mut all = 0_usize;
            for mode in counts.values() {
                all = all.checked_add(usize::try_from(mode.total?).ok()?)?;
            }
            Some(all)
        })
    }

    /// The list of every state does not tell in which state a row is.
    fn in_memory(&self, lists: &Lists, age: Age, person: &[Email]) -> Option<Vec<Subscriber>> {
        if self.state != StateFilter::All {
            return None;
        }
        lists.subscribers_in_memory(&self.page, age, |row| is_of(&row.record, person))
    }

    fn rows_in_memory(&self, lists: &Lists) -> Option<usize> {
        let rows = Cell::new(0);
        let count = |_: &Subscriber| rows.replace(rows.get() + 1) == usize::MAX;
        lists.subscribers_in_memory(&self.page, Age::Proves, count)?;
        Some(rows.get())
    }
}
