//! A list under way: page after page, and it can be put down and taken up again.

use futures::future::BoxFuture;
use jiff::Timestamp;

use super::{Cx, Result, Statuspage, refusal::Call};
use crate::upstream::{self, Client, List, Progress, Row, Walk};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T> {
    /// What no page before it had, in the upstream's order, without what the question does not ask for.
    pub records: Vec<T>,
    /// The list so far, this page included. Counts what was left out, too.
    pub progress: Progress,
    /// When the answer was read.
    pub as_of: Timestamp,
}

/// A list under way. Nothing is asked for before the first [`Scan::next`]; kept between calls, it goes on where it stopped.
#[must_use = "a scan asks for nothing until `next` is called"]
pub struct Scan<T> {
    statuspage: Statuspage,
    rows: Box<dyn Rows<T>>,
    keep: Option<Keep<T>>,
    call: Option<Call>,
}

type Keep<T> = Box<dyn Fn(&T) -> bool + Send + Sync>;

impl<T> Scan<T> {
    /// The next page, or nothing when the list has ended: [`Scan::progress`] says whether it was read whole. After an error the same
    /// page is asked for again.
    pub async fn next(&mut self, cx: &Cx) -> Option<Result<Batch<T>>> {
        let (as_of, mut records) = match self.rows.next(&self.statuspage, cx).await? {
            Ok(page) => page,
            Err(error) => {
                return Some(Err(match self.call {
                    Some(call) => Box::pin(self.statuspage.explain(cx, call, error)).await,
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

    /// How far it has come, and whether that is the end.
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

    /// A refusal of this list is to be explained as one of this call.
    pub(super) fn about(self, call: Call) -> Self {
        Self {
            call: Some(call),
            ..self
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
        statuspage: &'a Statuspage,
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
        statuspage: &'a Statuspage,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<std::result::Result<Page<T>, upstream::Error>>> {
        Box::pin(async move {
            let client: &Client = statuspage.client();
            let batch = match self.walk.next(client, cx).await? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(error)),
            };
            let as_of = statuspage.now();
            let records = batch
                .rows
                .into_iter()
                .map(|row| (self.read)(row, as_of))
                .collect();
            Some(Ok((as_of, records)))
        })
    }

    fn progress(&self) -> &Progress {
        self.walk.progress()
    }
}

impl Statuspage {
    /// A scan of `list` whose rows become what `read` makes of them.
    pub(super) fn scan<W, T>(
        &self,
        list: List,
        read: impl Fn(W, Timestamp) -> T + Send + Sync + 'static,
    ) -> Scan<T>
    where
        W: Row,
        T: Send + 'static,
    {
        let rows = Reading {
            walk: Walk::new(list),
            read,
        };
        Scan {
            statuspage: self.clone(),
            rows: Box::new(rows),
            keep: None,
            call: None,
        }
    }
}
