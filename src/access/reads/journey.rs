//! A read of several lists, one after the other, as one scan.
//!
//! Guarantees: a part that cannot be read does not stop the others, and is told with its reason; a key that is not accepted
//! is not tried again for the other parts of its system; what only has to wait (the budget, the call's time) stops the
//! journey where it is, and the next call goes on from there.

use std::collections::VecDeque;

use futures::future::BoxFuture;

use crate::access::reads::scan::Feed;
use crate::providers::ProviderError;
use crate::roster::System;
use crate::upstream::{Cx, Error};

/// What a step of a part brings.
pub(in crate::access) enum Yield<R> {
    /// Rows.
    Rows(Vec<R>),
    /// Parts that are known only now; they come next.
    Parts(Vec<Box<dyn Part<R>>>),
}

/// One list, or one look, of a journey.
pub(in crate::access) trait Part<R>: Send {
    /// What it reads, in words: `the page access users of page X`.
    fn what(&self) -> String;
    /// The system that it asks.
    fn system(&self) -> System;
    /// The next rows; `None` at the end. After an error the same is tried again.
    fn next<'a>(&'a mut self, cx: &'a Cx)
    -> BoxFuture<'a, Option<Result<Yield<R>, ProviderError>>>;
    /// Why it is not the whole although it ended.
    fn flaw(&self) -> Option<String> {
        None
    }
    /// Rows that the system gave.
    fn scanned(&self) -> usize;
}

/// How a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct Told {
    /// The part.
    pub what: String,
    /// The system that was asked.
    pub system: System,
    /// Why it is not known in full; `None` when it is.
    pub why: Option<String>,
}

/// A row type of a journey.
pub(in crate::access) trait Tells: Sized {
    /// The row that says how a part ended; nothing for a type without room for it, whose scan then says it as a whole.
    fn told(told: Told) -> Option<Self>;
}

/// The parts, and how those behind ended.
pub(in crate::access) struct Journey<R> {
    parts: VecDeque<Box<dyn Part<R>>>,
    /// Systems whose key is not accepted, with their words.
    locked_out: Vec<(System, String)>,
    /// What is not known in full, and why: those that no row tells.
    gaps: Vec<String>,
    /// How many rows told of something that is not known in full.
    told: usize,
    scanned: usize,
}

impl<R: Tells> Journey<R> {
    pub(in crate::access) fn new(parts: Vec<Box<dyn Part<R>>>) -> Self {
        Self {
            parts: parts.into(),
            locked_out: Vec::new(),
            gaps: Vec::new(),
            told: 0,
            scanned: 0,
        }
    }

    /// The part in front is over.
    fn over(&mut self, why: Option<String>) -> Option<R> {
        let part = self.parts.pop_front()?;
        self.scanned += part.scanned();
        let told = Told {
            what: part.what(),
            system: part.system(),
            why,
        };
        let gap = told.why.as_ref().map(|why| format!("{}: {why}", told.what));
        let row = R::told(told);
        match (gap, &row) {
            (Some(_), Some(_)) => self.told += 1,
            (gap, _) => self.gaps.extend(gap),
        }
        row
    }

    async fn step(&mut self, cx: &Cx) -> Option<Result<Vec<R>, ProviderError>> {
        let part = self.parts.front_mut()?;
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
                    self.parts.push_front(part);
                }
                Some(Ok(ended.into_iter().collect()))
            }
            None => {
                let flaw = part.flaw();
                Some(Ok(self.over(flaw).into_iter().collect()))
            }
            Some(Err(error)) if only_waits(&error) => Some(Err(error)),
            Some(Err(error)) => {
                if let Some(Error::BadCredential { .. }) = error.upstream() {
                    self.locked_out.push((system, error.to_string()));
                }
                Some(Ok(self.over(Some(error.to_string())).into_iter().collect()))
            }
        }
    }
}

/// Whether the same question can be asked again as soon as there is time for it.
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
        let told = (self.told > 0).then(|| format!("{} parts are not known in full", self.told));
        let gaps: Vec<&str> = self.gaps.iter().chain(&told).map(String::as_str).collect();
        (!gaps.is_empty()).then(|| gaps.join("; "))
    }

    fn scanned(&self) -> usize {
        let here = self.parts.front().map_or(0, |part| part.scanned());
        self.scanned + here
    }
}
