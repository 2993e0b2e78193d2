//! The answers that a search has so far, and the choice between asking for addresses and reading the whole list.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::access::look::search::Place;
use crate::providers::{ProviderError, Scan};
use crate::upstream::Cx;

/// Questions for which it is not worth a request to know how long the list is.
const FEW: usize = 3;

/// The rows that were found for a text, and why there may be more.
type SearchAnswer<R> = (Vec<R>, Option<String>);

/// A list that is being read: its rows, and how many requests it took.
type ListSoFar<R> = (Scan<R>, Vec<R>, usize);

/// The answers that a search has so far: one that did not end in a call goes on with them in the next.
pub(in crate::access) struct SearchSoFar<R> {
    /// The answer for each text.
    answers: Mutex<BTreeMap<String, SearchAnswer<R>>>,
    /// The whole list, where that is the cheaper way, as far as it is read.
    list: tokio::sync::Mutex<Option<ListSoFar<R>>>,
    /// Rows of the list, where that was asked for.
    size: tokio::sync::OnceCell<Option<usize>>,
    /// Requests that reading lists took, and that asking for addresses took.
    read: AtomicUsize,
    searches: AtomicUsize,
}

impl<R> Default for SearchSoFar<R> {
    fn default() -> Self {
        Self {
            answers: Mutex::default(),
            list: tokio::sync::Mutex::default(),
            size: tokio::sync::OnceCell::new(),
            read: AtomicUsize::new(0),
            searches: AtomicUsize::new(0),
        }
    }
}

impl<R: Clone> SearchSoFar<R> {
    pub(in crate::access) fn answer(&self, text: &str) -> Option<SearchAnswer<R>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(text).cloned()
    }

    pub(in crate::access) fn keep(&self, text: String, answer: SearchAnswer<R>) {
        self.searches.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(text, answer);
    }

    /// Keeps the first rows of a list that is longer: where the whole of it is the cheaper way, the read goes on behind them.
    pub(in crate::access) async fn begin(&self, scan: Scan<R>, first: Vec<R>) {
        self.list.lock().await.get_or_insert((scan, first, 1));
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests for lists and for addresses that were not told before.
    pub(in crate::access) fn requests(&self) -> (usize, usize) {
        (
            self.read.swap(0, Ordering::Relaxed),
            self.searches.swap(0, Ordering::Relaxed),
        )
    }
}

/// Every row, where reading the whole list costs less than so many questions. Its length is known from the last read that is in memory;
/// where neither that nor a count tells it, no more of it is read than half of what the questions cost.
pub(in crate::access) async fn cheaper_whole<P: Place>(
    place: &P,
    cx: &Cx,
    asked: &SearchSoFar<P::Row>,
    questions: usize,
    rows: Option<usize>,
) -> Result<Option<Vec<P::Row>>, ProviderError> {
    let rows = match rows {
        None if questions > FEW => {
            let ask = || async {
                asked.read.fetch_add(1, Ordering::Relaxed);
                place.size(cx).await
            };
            *asked.size.get_or_init(ask).await
        }
        rows => rows,
    };
    let most = match rows {
        Some(rows) => Some(rows / 100 + 1).filter(|pages| *pages < questions),
        None => Some((questions / 2).max(1)).filter(|_| questions > 1),
    };
    let most = most.filter(|most| *most > 1 || !place.learned().is_long(place.page()));
    let Some(most) = most else { return Ok(None) };
    let mut list = asked.list.lock().await;
    let (scan, all, pages) = list.get_or_insert_with(|| (place.everybody(), Vec::new(), 0));
    while *pages < most {
        let Some(batch) = scan.next(cx).await.transpose()? else {
            break;
        };
        asked.read.fetch_add(1, Ordering::Relaxed);
        *pages += 1;
        all.extend(batch.records);
        if !batch.progress.complete && *pages == 1 {
            place.learned().mark_long(place.page());
        }
        if batch.progress.complete {
            break;
        }
    }
    Ok(scan.progress().complete.then(|| all.clone()))
}
