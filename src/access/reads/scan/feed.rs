//! The source of a read's rows, and the reasons why they are not all.

use futures::future::BoxFuture;

use crate::providers::{self, ProviderError};
use crate::upstream::{Cx, Progress, Stopped};

/// The source of a scan's rows: a provider's walk, page by page.
pub(in crate::access) trait Feed<T>: Send {
    /// The next page's rows; `None` at the end.
    fn next<'a>(&'a mut self, cx: &'a Cx) -> BoxFuture<'a, Option<Result<Vec<T>, ProviderError>>>;
    /// Returns the reason why the rows are not the whole list although it ended; `None` when they are.
    fn flaw(&self) -> Option<String>;
    /// Returns whether that is for a reason that passes: whoever asks next is not given this read, but a new one.
    fn failed(&self) -> bool {
        false
    }
    /// Rows that the system gave, those that were not asked for included.
    fn scanned(&self) -> usize;
    /// The system that is asked, by its name in roster records.
    fn system(&self) -> &'static str {
        "statuspage"
    }
}

impl<T: Send + 'static> Feed<T> for providers::Scan<T> {
    fn next<'a>(&'a mut self, cx: &'a Cx) -> BoxFuture<'a, Option<Result<Vec<T>, ProviderError>>> {
        Box::pin(async move {
            Some(
                providers::Scan::next(self, cx)
                    .await?
                    .map(|batch| batch.records),
            )
        })
    }

    fn flaw(&self) -> Option<String> {
        flaw(self.progress()).or_else(|| self.emptiness().map(ToOwned::to_owned))
    }

    fn failed(&self) -> bool {
        let progress = self.progress();
        let stopped = progress.stopped.as_ref();
        progress.shifted
            || matches!(
                stopped,
                Some(Stopped::ServerIgnoredPage | Stopped::CutShort(_))
            )
    }

    fn scanned(&self) -> usize {
        self.progress().rows
    }

    fn system(&self) -> &'static str {
        providers::Scan::system(self)
    }
}

/// Returns the reason why a read that ended is not the whole list; `None` when it is.
pub(in crate::access) fn flaw(progress: &Progress) -> Option<String> {
    if progress.complete {
        return None;
    }
    let unreadable = match progress.unreadable {
        0 => String::new(),
        rows => format!(
            "{rows} rows could not be read ({}); ",
            progress.unreadable_at.join(", ")
        ),
    };
    let stopped = match &progress.stopped {
        Some(Stopped::ServerIgnoredPage) => {
            "the system gave the same rows again instead of the next page".to_owned()
        }
        Some(Stopped::Fewer { told, given }) => {
            format!("the system says that there are {told} and gave {given} different ones")
        }
        Some(Stopped::CutShort(why)) => why.clone(),
        _ if progress.shifted => {
            "rows were deleted while it was read, and others may have moved past".to_owned()
        }
        Some(Stopped::ShortPage | Stopped::EmptyPage | Stopped::Whole) => {
            "the others were read to the end".to_owned()
        }
        None => "it is not at its end".to_owned(),
    };
    Some(format!("{unreadable}{stopped}"))
}
