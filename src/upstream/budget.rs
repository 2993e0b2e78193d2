//! The queue in front of a key's rolling window: it decides who sends next.
//!
//! Guarantees, in one process: interactive calls before bulk, first come first served inside a lane, a caller who gives up
//! leaves no hole, and nobody waits while there is a slot that they may take. A wait that cannot end before the caller's
//! deadline is refused at once. Several processes on one window each have their own queue: between them the reserve alone
//! puts interactive calls first (bulk finds no slot as long as interactive calls find none).

mod queue;

use std::sync::Arc;
use std::time::Duration;

use self::queue::Inner;
use super::{Cx, Error};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::window::{Lane, Limits, Ticket, Usage};

/// One key's queue and window. Clones are one queue.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Inner>);

/// A slot, taken. Say what became of it with [`Slot::answered`] or [`Slot::withdraw`]; a slot that is dropped counts as in
/// flight for as long as its answer could still come.
#[derive(Debug)]
#[must_use]
pub struct Slot {
    budget: Budget,
    ticket: Ticket,
    /// The time that the request waited for its slot.
    pub waited: Duration,
}

impl Budget {
    /// The queue of `system`'s key with this fingerprint, over the window that `store` keeps. No caller waits longer than
    /// `max_wait` for one slot.
    #[must_use]
    pub fn new(
        system: &'static str,
        fingerprint: &str,
        limits: Limits,
        max_wait: Duration,
        store: &Store,
        clock: Clock,
    ) -> Self {
        let window = Arc::clone(store.window());
        Self(Arc::new(Inner::new(
            system,
            fingerprint,
            limits,
            max_wait,
            window,
            clock,
        )))
    }

    /// Waits for a slot.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::DeadlinePassed`] and [`Error::RateLimited`] as soon as it is known that the wait would
    /// outlast the deadline or the budget's patience; [`Error::NoBudget`].
    pub async fn slot(&self, cx: &Cx) -> Result<Slot, Error> {
        let began = self.0.clock.monotonic();
        let ticket = self.0.wait(cx).await?;
        let waited = self.0.clock.monotonic().saturating_sub(began);
        Ok(Slot {
            budget: self.clone(),
            ticket,
            waited,
        })
    }

    /// Returns the number of callers that wait, in both lanes.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.waiting()
    }

    /// Estimates how long `requests` interactive requests would wait for their slots, the last one included.
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn forecast(&self, requests: u32) -> Result<Duration, Error> {
        let ahead = usize::try_from(requests.saturating_sub(1)).unwrap_or(usize::MAX);
        let inner = &*self.0;
        Ok(inner
            .window
            .forecast(&inner.key, &inner.limits, Lane::Interactive, ahead)
            .await?)
    }

    /// Stops every sharer of the key for `how_long`.
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn pause(&self, how_long: Duration) -> Result<(), Error> {
        Ok(self
            .0
            .window
            .pause(&self.0.key, &self.0.limits, how_long)
            .await?)
    }

    /// The upstream said "too many": see [`crate::store::window::Window::rejected`].
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn rejected(&self, how_long: Duration) -> Result<(), Error> {
        Ok(self
            .0
            .window
            .rejected(&self.0.key, &self.0.limits, how_long)
            .await?)
    }

    /// Returns the use that the key has made of its window.
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn usage(&self) -> Result<Usage, Error> {
        Ok(self.0.window.usage(&self.0.key, &self.0.limits).await?)
    }
}

impl Slot {
    /// The answer is here, or will not be read any more. A window that cannot be written counts the slot as in flight: too
    /// cautious, never too bold, so that the answer need not be thrown away.
    pub async fn answered(self) {
        let inner = &*self.budget.0;
        if let Err(error) = inner
            .window
            .answered(&inner.key, &inner.limits, self.ticket)
            .await
        {
            tracing::warn!(%error, "an answered request still counts as in flight");
        }
    }

    /// Nothing was sent. The slot is free for the next.
    pub async fn withdraw(self) {
        let inner = &*self.budget.0;
        match inner
            .window
            .withdraw(&inner.key, &inner.limits, self.ticket)
            .await
        {
            Ok(()) => inner.changed.notify_waiters(),
            Err(error) => {
                tracing::warn!(%error, "a request that was never sent counts as in flight")
            }
        }
    }
}
