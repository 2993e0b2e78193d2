//! A list under way: page after page, and it can be put down and taken up again.

use futures::future::BoxFuture;
use jiff::Timestamp;

use super::ProviderError;
use crate::clock::Clock;
use crate::upstream::{self, Client, Cx, List, Progress, Row, Walk};

type Result<T> = std::result::Result<T, ProviderError>;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T> {
    /// The records that no page before it had, in the upstream's order, filtered by the query.
    pub records: Vec<T>,
    /// The list so far, this page included. Counts what was left out, too.
    pub progress: Progress,
    /// When the answer was read.
    pub as_of: Timestamp,
}

/// A list under way. Nothing is asked for before the first [`Scan::next`]; kept between calls, it goes on where it stopped.
#[must_use = "a scan asks for nothing until `next` is called"]
pub struct Scan<T> {
    client: Client,
    clock: Clock,
    rows: Box<dyn Rows<T>>,
    keep: Option<Keep<T>>,
    explain: Option<Explain>,
    never_empty: Option<&'static str>,
}

type Keep<T> = Box<dyn Fn(&T) -> bool + Send + Sync>;

/// Explains a failure of this list in the terms of this API; it may ask upstream once more to find out.
pub(super) type Explain =
    Box<dyn for<'a> Fn(&'a Cx, upstream::Error) -> BoxFuture<'a, ProviderError> + Send + Sync>;

impl<T> Scan<T> {
    /// The next page, or nothing when the list has ended: [`Scan::progress`] says whether it was read whole. After an error the same
    /// page is asked for again.
    pub async fn next(&mut self, cx: &Cx) -> Option<Result<Batch<T>>> {
        let (as_of, mut records) = match self.rows.next(&self.client, self.clock, cx).await? {
            Ok(page) => page,
            Err(error) => {
                return Some(Err(match &self.explain {
                    Some(explain) => explain(cx, error).await,
                    None => error.into(),
                }));
            }
        };
        if let Some(keep) = &self.keep {
            records.retain(keep);
        }
        Some(Ok(Batch {
            records,
            progress: self.progress().clone(),
            as_of,
        }))
    }

    /// Everything that is left, for lists that are short. Whether it is everything, [`Scan::progress`] says.
    ///
    /// # Errors
    /// The first error; what was read before it is dropped.
    pub async fn rest(&mut self, cx: &Cx) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(batch) = self.next(cx).await {
            all.extend(batch?.records);
        }
        Ok(all)
    }

    /// The system that is asked, by its name in roster records.
    #[must_use]
    pub fn system(&self) -> &'static str {
        self.client.system()
    }

    /// Returns the reason why a list that came to its end without a row is not believed; `None` where it has rows, or may have none.
    #[must_use]
    pub fn emptiness(&self) -> Option<&'static str> {
        let progress = self.progress();
        self.never_empty
            .filter(|_| progress.complete && progress.rows == 0)
    }

    /// Returns the progress of the scan and whether it has ended.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        self.rows.progress()
    }

    /// Leaves out what the question does not ask for, because the upstream's own filter cannot be relied on.
    pub(super) fn keep(self, keep: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        Self {
            keep: Some(Box::new(keep)),
            ..self
        }
    }

    /// A failure of this list is to be told so.
    pub(super) fn explained(self, explain: Explain) -> Self {
        Self {
            explain: Some(explain),
            ..self
        }
    }

    /// A list of which at least one row is always there; `why` says so where it has none.
    pub(super) fn never_empty(self, why: &'static str) -> Self {
        Self {
            never_empty: Some(why),
            ..self
        }
    }

    /// A scan of `list` whose rows become what `read` makes of them.
    pub(super) fn of<W>(
        client: Client,
        clock: Clock,
        list: List,
        read: impl Fn(W, Timestamp) -> T + Send + Sync + 'static,
    ) -> Self
    where
        W: Row,
        T: Send + 'static,
    {
        let rows = Reading {
            walk: Walk::new(list),
            read,
        };
        Self {
            client,
            clock,
            rows: Box::new(rows),
            keep: None,
            explain: None,
            never_empty: None,
        }
    }
}

impl<T> std::fmt::Debug for Scan<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan")
            .field("progress", self.progress())
            .finish_non_exhaustive()
    }
}

/// When it was read, and what.
type Page<T> = (Timestamp, Vec<T>);

/// A walk whose rows are read as `T`: keeps the shape on the wire out of the type that callers see.
trait Rows<T>: Send + Sync {
    fn next<'a>(
        &'a mut self,
        client: &'a Client,
        clock: Clock,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<std::result::Result<Page<T>, upstream::Error>>>;

    fn progress(&self) -> &Progress;
}

struct Reading<W, F> {
    walk: Walk<W>,
    read: F,
}

impl<W, F, T> Rows<T> for Reading<W, F>
where
    W: Row,
    F: Fn(W, Timestamp) -> T + Send + Sync,
    T: Send,
{
    fn next<'a>(
        &'a mut self,
        client: &'a Client,
        clock: Clock,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<std::result::Result<Page<T>, upstream::Error>>> {
        Box::pin(async move {
            let batch = match self.walk.next(client, cx).await? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            let as_of = cx.transcript.as_ref().and_then(|it| it.now());
            let as_of = as_of.unwrap_or_else(|| clock.now());
            let read = |row| (self.read)(row, as_of);
            Some(Ok((as_of, batch.rows.into_iter().map(read).collect())))
        })
    }

    fn progress(&self) -> &Progress {
        self.walk.progress()
    }
}
