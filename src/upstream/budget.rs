//! Who sends next: the queue in front of a key's rolling window.
//!
//! Guarantees, in one process: interactive calls before bulk, first come first served inside a lane, a caller who gives up
//! leaves no hole, and nobody waits while there is a slot that they may take. A wait that cannot end before the caller's
//! deadline is refused at once. Several processes on one window each have their own queue: between them the reserve alone
//! puts interactive calls first (bulk finds no slot as long as interactive calls find none).

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::{Cx, Error};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::window::{Key, Lane, Limits, Take, Ticket, Usage, Window};

/// One key's queue and window. Clones are one queue.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    system: &'static str,
    window: Arc<Window>,
    key: Key,
    limits: Limits,
    max_wait: Duration,
    clock: Clock,
    interactive: Line,
    bulk: Line,
    /// Something became possible before its time: a slot was given back, or the last interactive caller left the queue.
    changed: Notify,
}

/// The callers of one lane. tokio's mutex is fair, and whoever is dropped while waiting has left the line.
#[derive(Debug, Default)]
struct Line {
    turn: Mutex<()>,
    waiting: AtomicUsize,
}

/// A slot, taken. Say what became of it with [`Slot::answered`] or [`Slot::withdraw`]; a slot that is dropped counts as in
/// flight for as long as its answer could still come.
#[derive(Debug)]
#[must_use]
pub struct Slot {
    budget: Budget,
    ticket: Ticket,
    /// How long it was waited for.
    pub waited: Duration,
}

/// Why a wait has an end.
enum End {
    Deadline,
    Patience,
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
        Self(Arc::new(Inner {
            system,
            window: Arc::clone(store.window()),
            key: Key::new(system, fingerprint),
            limits,
            max_wait,
            clock,
            interactive: Line::default(),
            bulk: Line::default(),
            changed: Notify::new(),
        }))
    }

    /// Waits for a slot.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::DeadlinePassed`] and [`Error::RateLimited`] as soon as it is known that the wait would
    /// outlast the deadline or the budget's patience; [`Error::NoBudget`].
    pub async fn slot(&self, cx: &Cx) -> Result<Slot, Error> {
        let inner = &*self.0;
        let began = inner.clock.monotonic();
        let place = inner.enter(cx.lane);
        let (until, end) = inner.last_moment(began, cx);
        let turn = inner.line(cx.lane).turn.lock();
        tokio::pin!(turn);
        // Polled once before anything else is awaited: this is where the place in the line is taken.
        let turn = tokio::select! {
            biased;
            turn = &mut turn => turn,
            () = std::future::ready(()) => {
                let wait = inner.window.forecast(&inner.key, &inner.limits, cx.lane, place.ahead).await?;
                inner.refuse_if_too_late(wait, until, &end)?;
                match inner.bounded(cx, until, turn).await? {
                    Some(turn) => turn,
                    None => return Err(inner.too_late(inner.forecast(cx.lane, place.ahead).await?, &end)),
                }
            }
        };
        let ticket = inner.at_the_head(cx, until, &end).await?;
        drop((turn, place));
        let waited = inner.clock.monotonic().saturating_sub(began);
        Ok(Slot {
            budget: self.clone(),
            ticket,
            waited,
        })
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

    /// The upstream said "too many": see [`Window::rejected`].
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

    /// What the key has used of its window.
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

impl Inner {
    fn line(&self, lane: Lane) -> &Line {
        match lane {
            Lane::Interactive => &self.interactive,
            Lane::Bulk => &self.bulk,
        }
    }

    fn enter(&self, lane: Lane) -> Place<'_> {
        let in_lane = self.line(lane).waiting.fetch_add(1, SeqCst);
        let ahead = match lane {
            Lane::Interactive => in_lane,
            Lane::Bulk => in_lane + self.interactive.waiting.load(SeqCst),
        };
        Place {
            inner: self,
            lane,
            ahead,
        }
    }

    /// Holds the turn of its lane until it has a slot.
    async fn at_the_head(&self, cx: &Cx, until: Duration, end: &End) -> Result<Ticket, Error> {
        loop {
            if cx.cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if self.refuse_if_too_late(Duration::ZERO, until, end).is_err() {
                return Err(self.too_late(self.forecast(cx.lane, 0).await?, end));
            }
            // Listening begins before looking, or a change in between would be missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if cx.lane == Lane::Bulk && self.interactive.waiting.load(SeqCst) > 0 {
                if self.bounded(cx, until, changed).await?.is_none() {
                    return Err(self.too_late(self.forecast(cx.lane, 0).await?, end));
                }
                continue;
            }
            match self
                .window
                .try_take(&self.key, &self.limits, cx.lane)
                .await?
            {
                Take::Taken(ticket) => return Ok(ticket),
                Take::Wait(wait) => {
                    self.refuse_if_too_late(wait, until, end)?;
                    let now = self.clock.monotonic();
                    self.bounded(cx, now.saturating_add(wait), changed).await?;
                }
            }
        }
    }

    /// `work`, or nothing at `until`, or the caller's cancellation.
    async fn bounded<T>(
        &self,
        cx: &Cx,
        until: Duration,
        work: impl Future<Output = T>,
    ) -> Result<Option<T>, Error> {
        let left = until.saturating_sub(self.clock.monotonic());
        tokio::select! {
            biased;
            () = cx.cancel.cancelled() => Err(Error::Cancelled),
            done = work => Ok(Some(done)),
            () = self.clock.sleep(left) => Ok(None),
        }
    }

    async fn forecast(&self, lane: Lane, ahead: usize) -> Result<Duration, Error> {
        Ok(self
            .window
            .forecast(&self.key, &self.limits, lane, ahead)
            .await?)
    }

    fn last_moment(&self, began: Duration, cx: &Cx) -> (Duration, End) {
        let patience = began.saturating_add(self.max_wait);
        match cx.deadline {
            Some(deadline) if deadline <= patience => (deadline, End::Deadline),
            _ => (patience, End::Patience),
        }
    }

    fn refuse_if_too_late(&self, wait: Duration, until: Duration, end: &End) -> Result<(), Error> {
        let goes = self.clock.monotonic().saturating_add(wait);
        let too_late = match end {
            End::Deadline => goes >= until,
            End::Patience => goes > until,
        };
        if too_late {
            Err(self.too_late(wait, end))
        } else {
            Ok(())
        }
    }

    fn too_late(&self, retry_after: Duration, end: &End) -> Error {
        match end {
            End::Deadline => Error::DeadlinePassed { retry_after },
            End::Patience => Error::RateLimited {
                system: self.system,
                retry_after,
            },
        }
    }
}

/// A caller in the queue, until it has its slot or is gone.
struct Place<'a> {
    inner: &'a Inner,
    lane: Lane,
    ahead: usize,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let before = self.inner.line(self.lane).waiting.fetch_sub(1, SeqCst);
        if before == 1 && self.lane == Lane::Interactive {
            self.inner.changed.notify_waiters();
        }
    }
}
