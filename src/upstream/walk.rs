//! A list, page by page, to its end or to where it was cut short.
//!
//! Guarantees: no row is dropped without being counted; [`Progress::complete`] is true only when the end was seen and every row was
//! read; a walk that failed, was cancelled or ran out of time goes on from the same page at the next [`Walk::next`].
//!
//! Upstream pages by offset and has no snapshots, so a row deleted meanwhile shifts another one past us, from the head of the
//! next page to the tail of the last. What this client deletes itself is noticed: the last page is read again. Does not
//! guarantee: a row that was shifted by a deletion made elsewhere.

use std::collections::HashSet;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::list::{List, PAGE_SIZE, Page, Paging};
use super::{Client, Cx, Error, body};

/// No list upstream is this long (a million rows): a server that invents ids is stopped.
const MAX_PAGES: u32 = 10_000;

/// The number of times that a walk reads a page again because rows moved. Each costs a request; after that the walk is incomplete and says
/// so.
const MOST_AGAIN: u32 = 8;

/// The number of unreadable rows that are described; all are counted.
const DESCRIBED: usize = 20;

/// One row of a list.
pub trait Row: DeserializeOwned + Send + 'static {
    /// The id that tells this row from all others.
    fn row_id(&self) -> &str;
}

/// A walk through a list: plain state, which can be kept between calls and carried by another client of the same system.
#[derive(Debug)]
pub struct Walk<T> {
    list: List,
    next_page: u32,
    /// Rows given so far, repeated ones included: where the next page begins.
    taken: usize,
    /// The page before, where it has to fit the next one.
    last: Option<Last>,
    /// Pages read again.
    again: u32,
    seen: HashSet<String>,
    progress: Progress,
    rows: PhantomData<fn() -> T>,
}

/// A page that was read.
#[derive(Debug, Clone, Copy)]
struct Last {
    rows: usize,
    /// Just before it was asked for.
    mark: u64,
}

/// The rows of one page that no page before it had.
#[derive(Debug)]
pub struct Batch<T> {
    /// In the upstream's order.
    pub rows: Vec<T>,
    /// The walk so far, this page included.
    pub progress: Progress,
}

/// The progress of a walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pages read.
    pub pages_fetched: u32,
    /// Different rows given out.
    pub rows: usize,
    /// Rows that came again and were ignored.
    pub repeated: usize,
    /// Rows that could not be read. Any makes the walk incomplete.
    pub unreadable: usize,
    /// The first twenty of them, as `page 2 [3].email: expected a string`. Nothing of their content.
    pub unreadable_at: Vec<String>,
    /// The reason why the walk does not go on, once it does not.
    pub stopped: Option<Stopped>,
    /// Rows were deleted while it was read, more often than pages could be read again: others may have moved past.
    pub shifted: bool,
    /// The end was seen and every row was read.
    pub complete: bool,
}

/// The reasons why a walk does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// A page with fewer rows than asked for is the last.
    ShortPage,
    /// The page before was full and the last.
    EmptyPage,
    /// The list has no pages.
    Whole,
    /// The upstream says that there are more rows than it gave: some moved while it was read, or it holds them back.
    Fewer {
        /// The number of rows that the upstream reports.
        told: usize,
        /// The number of different rows that it returned.
        given: usize,
    },
    /// A full page brought no new id: the server does not look at `page`, and what comes after is out of reach.
    ServerIgnoredPage,
    /// Something failed; the next [`Walk::next`] tries the same page again. The words say what.
    CutShort(String),
}

impl<T: Row> Walk<T> {
    /// Nothing is asked for yet.
    #[must_use]
    pub fn new(list: List) -> Self {
        Self {
            list,
            next_page: 0,
            taken: 0,
            last: None,
            again: 0,
            seen: HashSet::new(),
            progress: Progress::default(),
            rows: PhantomData,
        }
    }

    /// The next page, or nothing when the walk has ended. After an error the same page is asked for again.
    pub async fn next(&mut self, client: &Client, cx: &Cx) -> Option<Result<Batch<T>, Error>> {
        match self.progress.stopped {
            None | Some(Stopped::CutShort(_)) => {}
            Some(_) => return None,
        }
        if self.next_page >= MAX_PAGES {
            self.progress.stopped = Some(Stopped::CutShort(format!("more than {MAX_PAGES} pages")));
            return None;
        }
        let mut rereading = false;
        loop {
            let mark = client.removals().mark();
            let asked = client.page(cx, &self.list, self.next_page, self.taken);
            let page = match asked.await {
                Ok(page) => page,
                Err(error) => {
                    self.progress.stopped = Some(Stopped::CutShort(error.to_string()));
                    return Some(Err(error));
                }
            };
            let rows = page.rows.len();
            if let Some(last) = self.last
                && client.removals().any_since(last.mark)
            {
                if self.again < MOST_AGAIN {
                    self.again += 1;
                    self.next_page -= 1;
                    self.taken -= last.rows;
                    self.last = None;
                    rereading = true;
                    continue;
                }
                self.progress.shifted = true;
            }
            self.last = Some(Last { rows, mark });
            return Some(Ok(self.take_in(&page, rereading)));
        }
    }

    /// Returns the progress so far.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    fn take_in(&mut self, page: &Page, rereading: bool) -> Batch<T> {
        self.next_page += 1;
        self.progress.pages_fetched = self.next_page;
        self.taken += page.rows.len();
        let mut rows = Vec::with_capacity(page.rows.len());
        let mut brought = 0;
        for (index, value) in page.rows.iter().enumerate() {
            let row = body::read_row::<T>(index, value);
            let id = row
                .as_ref()
                .map_or_else(|_| value.get().to_owned(), |row| row.row_id().to_owned());
            if !self.seen.insert(id) {
                self.progress.repeated += 1;
                continue;
            }
            brought += 1;
            match row {
                Ok(row) => rows.push(row),
                Err(why) => self.unreadable(&why),
            }
        }
        self.progress.rows += rows.len();
        // A page that is read again seldom brings anything new.
        let brought = if rereading { page.rows.len() } else { brought };
        self.progress.stopped = self.end(page, brought);
        self.progress.complete = self.progress.unreadable == 0
            && !self.progress.shifted
            && matches!(
                self.progress.stopped,
                Some(Stopped::ShortPage | Stopped::EmptyPage | Stopped::Whole)
            );
        Batch {
            rows,
            progress: self.progress.clone(),
        }
    }

    fn end(&self, page: &Page, brought: usize) -> Option<Stopped> {
        let rows = page.rows.len();
        if let Some(told) = page.total {
            return self.end_by_number(told, rows, brought);
        }
        match (self.list.paging, rows, brought) {
            (Paging::Whole, _, _) => Some(Stopped::Whole),
            (_, 0, _) => Some(Stopped::EmptyPage),
            (_, rows, _) if rows < PAGE_SIZE => Some(Stopped::ShortPage),
            // More than a page can hold: this list has no pages, whatever was asked.
            (Paging::Under(_), rows, _) if rows > PAGE_SIZE => Some(Stopped::Whole),
            (_, _, 0) => Some(Stopped::ServerIgnoredPage),
            _ => None,
        }
    }

    /// The upstream says how many rows there are: a page may then be short and not the last.
    fn end_by_number(&self, told: usize, rows: usize, brought: usize) -> Option<Stopped> {
        let received = self.seen.len();
        // A full page that says it is everything may count itself and not the list: what comes after it tells.
        let counts_itself = rows >= PAGE_SIZE && told == rows;
        if counts_itself && brought > 0 {
            None
        } else if counts_itself {
            Some(Stopped::ServerIgnoredPage)
        } else if received >= told {
            Some(Stopped::ShortPage)
        } else if rows == 0 || self.taken >= told {
            Some(Stopped::Fewer {
                told,
                given: received,
            })
        } else if brought == 0 {
            Some(Stopped::ServerIgnoredPage)
        } else {
            None
        }
    }

    fn unreadable(&mut self, why: &str) {
        self.progress.unreadable += 1;
        if self.progress.unreadable_at.len() < DESCRIBED {
            self.progress
                .unreadable_at
                .push(format!("page {} {why}", self.next_page));
        }
    }
}
