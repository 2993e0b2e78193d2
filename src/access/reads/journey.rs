//! A read of several lists, one after the other, as one scan.
//!
//! Guarantees: a part that cannot be read does not stop the others; one that failed in passing is tried again after the others, and a part
//! that fails all the same is reported with its reason; a key that is not accepted is not tried again for the other parts of its system; a
//! part that only has to wait (for the budget, the call's time) stops the read where it is, and the next call continues from there.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::reads::scan::Feed;
use crate::clock::Clock;
use crate::providers::ProviderError;
use crate::roster::System;
use crate::upstream::{Cx, Error};

/// The number of times that a part that failed in passing is tried again, each time after a longer pause.
const AGAIN: u32 = 2;

/// The result of a step of a part.
pub(in crate::access) enum Yield<R> {
    /// Rows.
    Rows(Vec<R>),
    /// Parts that are known only now; they come next.
    Parts(Vec<Box<dyn Part<R>>>),
}

/// One list, or one look, in a read of several.
pub(in crate::access) trait Part<R>: Send {
    /// Names the list in words: `the page access users of page X`.
    fn what(&self) -> String;
    /// The system that it asks.
    fn system(&self) -> System;
    /// The next rows; `None` at the end. After an error the same is tried again.
    fn next<'a>(&'a mut self, cx: &'a Cx)
    -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>>;
    /// Returns the reason why it is not the whole although it ended.
    fn flaw(&self) -> Option<String> {
        None
    }
    /// Returns whether what was found there once, and is not found now, is gone although it is not the whole.
    fn answered(&self) -> bool {
        false
    }
    /// Returns whether it is not the whole for a reason that passes.
    fn failed(&self) -> bool {
        false
    }
    /// Rows that the system gave.
    fn scanned(&self) -> usize;
}

/// The end of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct Told {
    /// The part.
    pub what: String,
    /// The system that was asked.
    pub system: System,
    /// The reason why it is not known in full; `None` when it is.
    pub why: Option<String>,
    /// True when an account that was found there once, and is not found now, is gone.
    pub answered: bool,
}

/// A row type of a read of several lists.
pub(in crate::access) trait Tells: Sized {
    /// Returns the row that reports the end of a part; `None` for a type without such a row, whose scan then reports it as a whole.
    fn told(told: Told) -> Option<Self>;
}

/// The parts, and how those behind ended.
pub(in crate::access) struct Journey<R> {
    clock: Clock,
    parts: VecDeque<Waiting<R>>,
    /// Those that failed in passing, for after the others.
    again: VecDeque<Waiting<R>>,
    /// True when something is not known for a reason that passes: then nobody else gets this read.
    failed: bool,
    /// Systems whose key is not accepted, with their words.
    locked_out: Vec<(System, String)>,
    /// The parts that are not known in full, with the reasons, which no row reports.
    gaps: Vec<String>,
    /// The number of rows that reported a part that is not known in full.
    told: usize,
    scanned: usize,
}

/// A part, and how often it failed in passing.
struct Waiting<R> {
    part: Box<dyn Part<R>>,
    failures: u32,
}

impl<R> Waiting<R> {
    fn new(part: Box<dyn Part<R>>) -> Self {
        Self { part, failures: 0 }
    }
}

impl<R: Tells> Journey<R> {
    pub(in crate::access) fn new(clock: Clock, parts: Vec<Box<dyn Part<R>>>) -> Self {
        Self {
            clock,
            parts: parts.into_iter().map(Waiting::new).collect(),
            again: VecDeque::new(),
            failed: false,
            locked_out: Vec::new(),
            gaps: Vec::new(),
            told: 0,
            scanned: 0,
        }
    }

    /// The part in front is over.
    fn over(&mut self, why: Option<String>) -> Option<R> {
        let Waiting { part, .. } = self.parts.pop_front()?;
        self.failed |= part.failed();
        self.scanned += part.scanned();
        let end = Told {
            what: part.what(),
            system: part.system(),
            answered: why.is_none() || part.answered(),
            why,
        };
        let gap = end.why.as_ref().map(|why| format!("{}: {why}", end.what));
        let row = R::told(end);
        match (gap, &row) {
            (Some(_), Some(_)) => self.told += 1,
            (gap, _) => self.gaps.extend(gap),
        }
        row
    }

    async fn step(&mut self, cx: &Cx) -> Option<Result<Vec<R>, ProviderError>> {
        if self.parts.is_empty()
            && let Err(error) = self.once_more(cx).await
        {
            return Some(Err(error));
        }
        let Waiting { part, failures } = self.parts.front_mut()?;
        let system = part.system();
        if let Some((_, why)) = self.locked_out.iter().find(|(out, _)| *out == system) {
            let why = why.clone();
            return Some(Ok(self.over(Some(why)).into_iter().collect()));
        }
        match part.next(cx).await {
            Some(Ok(Yield::Rows(rows))) => Some(Ok(rows)),
            Some(Ok(Yield::Parts(parts))) => {
                let ended = self.over(None);
                for part in parts.into_iter().rev() {
                    self.parts.push_front(Waiting::new(part));
                }
                Some(Ok(ended.into_iter().collect()))
            }
            None => {
                let flaw = part.flaw();
                Some(Ok(self.over(flaw).into_iter().collect()))
            }
            Some(Err(error)) if only_waits(&error) => Some(Err(error)),
            Some(Err(error)) if !error.is_refusal() && *failures < AGAIN => {
                *failures += 1;
                self.again.extend(self.parts.pop_front());
                Some(Ok(Vec::new()))
            }
            Some(Err(error)) => {
                self.failed |= !error.is_refusal();
                if let Some(Error::BadCredential { .. }) = error.upstream() {
                    self.locked_out.push((system, error.to_string()));
                }
                Some(Ok(self.over(Some(error.to_string())).into_iter().collect()))
            }
        }
    }

    /// Takes up what failed in passing, after a pause. Where the time of this call does not allow for it, the next call does so.
    async fn once_more(&mut self, cx: &Cx) -> Result<(), ProviderError> {
        let most = self.again.iter().map(|it| it.failures).max();
        let Some(pause) = most.map(|failures| Duration::from_secs(failures.into())) else {
            return Ok(());
        };
        let ends = self.clock.monotonic().saturating_add(pause);
        if cx.deadline.is_some_and(|deadline| ends >= deadline) {
            let retry_after = pause;
            return Err(Error::DeadlinePassed { retry_after }.into());
        }
        tokio::select! {
            () = cx.cancel.cancelled() => return Err(Error::Cancelled.into()),
            () = self.clock.sleep(pause) => {}
        }
        self.parts.append(&mut self.again);
        Ok(())
    }
}

/// Counts the failures of a look that can do without what it could not read: first the whole is asked for again.
#[derive(Default)]
pub(in crate::access) struct Failures(AtomicU32);

impl Failures {
    /// Returns whether this one is a reason to look again later rather than to go without.
    pub(in crate::access) fn look_again(&self, error: &ProviderError) -> bool {
        only_waits(error) || (!error.is_refusal() && self.0.fetch_add(1, Ordering::Relaxed) < AGAIN)
    }
}

/// Returns whether the same question can be asked again as soon as there is time for it.
pub(in crate::access) fn only_waits(error: &ProviderError) -> bool {
    matches!(
        error.upstream(),
        Some(Error::Cancelled | Error::DeadlinePassed { .. } | Error::RateLimited { .. })
    )
}

impl<R: Tells + Send> Feed<R> for Journey<R> {
    fn next<'a>(&'a mut self, cx: &'a Cx) -> BoxFuture<'a, Option<Result<Vec<R>, ProviderError>>> {
        Box::pin(self.step(cx))
    }

    fn flaw(&self) -> Option<String> {
        let reported =
            (self.told > 0).then(|| format!("{} parts are not known in full", self.told));
        let gaps: Vec<&str> = self
            .gaps
            .iter()
            .chain(&reported)
            .map(String::as_str)
            .collect();
        (!gaps.is_empty()).then(|| gaps.join("; "))
    }

    fn failed(&self) -> bool {
        self.failed
    }

    fn scanned(&self) -> usize {
        let waiting = self.parts.iter().take(1).chain(&self.again);
        self.scanned + waiting.map(|it| it.part.scanned()).sum::<usize>()
    }
}
