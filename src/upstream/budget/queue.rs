//! The line of callers inside one process, and each caller's way through it: queue, head, slot.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use crate::clock::Clock;
use crate::store::window::{Key, Lane, Limits, Take, Ticket, Window};
use crate::upstream::{Cx, Error};

#[derive(Debug)]
pub(super) struct Inner {
    system: &'static str,
    pub(super) window: Arc<Window>,
    pub(super) key: Key,
    pub(super) limits: Limits,
    max_wait: Duration,
    pub(super) clock: Clock,
    interactive: Line,
    bulk: Line,
    /// Something became possible before its time: a slot was given back, or the last interactive caller left the queue.
    pub(super) changed: Notify,
}

/// The callers of one lane. tokio's mutex is fair, and whoever is dropped while waiting has left the line.
#[derive(Debug, Default)]
struct Line {
    turn: Mutex<()>,
    waiting: AtomicUsize,
}

/// The reasons why a wait ends.
enum End {
    Deadline,
    Patience,
}

impl Inner {
    pub(super) fn waiting(&self) -> usize {
        self.interactive.waiting.load(SeqCst) + self.bulk.waiting.load(SeqCst)
    }

    pub(super) fn new(
        system: &'static str,
        fingerprint: &str,
        limits: Limits,
        max_wait: Duration,
        window: Arc<Window>,
        clock: Clock,
    ) -> Self {
        Self {
            system,
            window,
            key: Key::new(system, fingerprint),
            limits,
            max_wait,
            clock,
            interactive: Line::default(),
            bulk: Line::default(),
            changed: Notify::new(),
        }
    }

    /// Through the line to a slot.
    pub(super) async fn wait(&self, cx: &Cx) -> Result<Ticket, Error> {
        let place = self.enter(cx.lane);
        let (until, end) = self.last_moment(cx);
        let turn = self.line(cx.lane).turn.lock();
        tokio::pin!(turn);
        // Polled once before anything else is awaited: this is where the place in the line is taken.
        let turn = tokio::select! {
            biased;
            turn = &mut turn => turn,
            () = std::future::ready(()) => {
                let wait = self.forecast(cx.lane, place.ahead).await?;
                self.refuse_if_too_late(wait, until, &end)?;
                match self.bounded(cx, until, turn).await? {
                    Some(turn) => turn,
                    None => return Err(self.too_late(self.forecast(cx.lane, place.ahead).await?, &end)),
                }
            }
        };
        let ticket = self.at_the_head(cx, until, &end).await?;
        drop((turn, place));
        Ok(ticket)
    }

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

    fn last_moment(&self, cx: &Cx) -> (Duration, End) {
        let patience = self.clock.monotonic().saturating_add(self.max_wait);
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
