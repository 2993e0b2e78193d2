//! The window as plain data: every decision is a function of the ring, the time and the limits.
//!
//! Times are nanoseconds since boot, as [`crate::clock::Clock::monotonic`] counts them.

mod entry;
mod news;

use std::collections::VecDeque;
use std::time::Duration;

pub(super) use self::entry::Entry;
pub(super) use self::news::News;
use super::{Lane, Limits, Take, Ticket, Usage};

/// No upstream's word stops a key for longer: a nonsensical `Retry-After` would otherwise outlive the process.
pub(super) const LONGEST_PAUSE: u64 = nanos(Duration::from_secs(3600));

/// For how many windows requests go one by one after an unpredicted rejection. Simulated against an upstream that counts in
/// a sliding estimate: 7 rejections instead of 211; against an exact window it costs nothing but the burst.
pub(super) const PACED_WINDOWS: u32 = 10;

/// A request that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    id: u64,
    /// When its answer came; while it has not, the latest instant at which it can.
    at: u64,
}

/// One key's slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ring {
    flying: Vec<Slot>,
    /// In the order of their answers.
    answered: VecDeque<Slot>,
    paused_until: u64,
    paced_until: u64,
    last_taken: u64,
    /// The latest instant that anything was said at.
    latest: u64,
    /// The changes that no other process knows yet.
    news: News,
}

impl Ring {
    /// A ring that nobody can read any more: every slot counts as answered this instant.
    #[must_use]
    pub fn used_up(now: Duration, limits: &Limits) -> Self {
        let at = nanos(now);
        let slot = Slot { id: 0, at };
        Self {
            answered: std::iter::repeat_n(slot, limits.slots(Lane::Interactive)).collect(),
            latest: at,
            news: News::Everything,
            ..Self::default()
        }
    }

    /// The ring of an earlier boot. Nothing in it can have been sent after this boot's zero.
    #[must_use]
    pub(super) fn after_reboot(mut self) -> Self {
        let zero = |slot: Slot| Slot { at: 0, ..slot };
        let all = self.flying.drain(..).chain(self.answered.drain(..));
        Self {
            answered: all.map(zero).collect(),
            paused_until: self.paused_until.saturating_sub(self.latest),
            paced_until: self.paced_until.saturating_sub(self.latest),
            news: News::Everything,
            ..Self::default()
        }
    }

    /// Takes a slot if one is free for `lane`.
    pub fn take(&mut self, now: Duration, limits: &Limits, lane: Lane, ticket: Ticket) -> Take {
        let wait = self.forecast(now, limits, lane, 0);
        if !wait.is_zero() {
            return Take::Wait(wait);
        }
        self.happened(Entry::Taken {
            id: ticket.0,
            gives_up: nanos(now.saturating_add(limits.answer_within)),
            at: nanos(now),
        });
        Take::Taken(ticket)
    }

    /// The earliest instant, from now, at which a request can go that has `ahead` others before it.
    pub fn forecast(
        &mut self,
        now: Duration,
        limits: &Limits,
        lane: Lane,
        ahead: usize,
    ) -> Duration {
        self.settle(now, limits);
        let (now, window) = (nanos(now), nanos(limits.window));
        // An unanswered slot comes free one window from now if its answer arrives this instant: not sooner. The exact time does not matter
        // as long as there are slots for all.
        let mut free: Vec<u64> = Vec::new();
        if self.len() + ahead >= limits.slots(lane) {
            let all = self.flying.iter().chain(&self.answered);
            free.extend(all.map(|slot| slot.at.min(now).saturating_add(window)));
            free.sort_unstable();
        }
        let mut goes = now.max(self.paused_until);
        if goes < self.paced_until {
            goes = goes.max(self.last_taken.saturating_add(pace(limits)));
        }
        for _ in 0..ahead {
            goes = after_enough_came_free(&free, limits.slots(lane), goes);
            free.push(goes.saturating_add(window));
            if goes < self.paced_until {
                goes = goes.saturating_add(pace(limits));
            }
        }
        goes = after_enough_came_free(&free, limits.slots(lane), goes);
        Duration::from_nanos(goes.saturating_sub(now))
    }

    /// The answer is here: the slot comes free one window from now. Also when the ring was lost in between: it was sent all the same.
    pub fn answered(&mut self, now: Duration, ticket: Ticket) {
        self.happened(Entry::Answered {
            id: ticket.0,
            at: nanos(now),
        });
    }

    /// Nothing was sent: the slot is free.
    pub fn withdraw(&mut self, ticket: Ticket) {
        self.happened(Entry::Withdrawn { id: ticket.0 });
    }

    /// Nothing goes for `how_long`.
    pub fn pause(&mut self, now: Duration, how_long: Duration) {
        let paced = self.paced_until;
        self.stop(now, how_long, |_| paced);
    }

    /// Nothing goes for `how_long`, and then one by one.
    pub fn rejected(&mut self, now: Duration, limits: &Limits, how_long: Duration) {
        let paced = nanos(limits.window.saturating_mul(PACED_WINDOWS));
        self.stop(now, how_long, |paused| paused.saturating_add(paced));
    }

    fn stop(&mut self, now: Duration, how_long: Duration, paced: impl Fn(u64) -> u64) {
        let now = nanos(now);
        let until = now.saturating_add(nanos(how_long).min(LONGEST_PAUSE));
        let paused = self.paused_until.max(until);
        self.happened(Entry::Stopped {
            paused,
            paced: self.paced_until.max(paced(paused)),
            at: now,
        });
    }

    /// Returns the present use.
    pub fn usage(&mut self, now: Duration, limits: &Limits) -> Usage {
        self.settle(now, limits);
        let now_ns = nanos(now);
        let flying = self.flying.iter().map(|slot| slot.at).max();
        let last = flying.max(self.answered.back().map(|slot| slot.at));
        let last = last.map(|at| at.saturating_add(nanos(limits.window)));
        let left = |until: u64| Duration::from_nanos(until.saturating_sub(now_ns));
        Usage {
            used: u32::try_from(self.len()).unwrap_or(u32::MAX),
            limit: limits.requests.max(1),
            resets_in: last.map(left).unwrap_or_default(),
            paused_for: Some(left(self.paused_until)).filter(|left| !left.is_zero()),
            paced: now_ns < self.paced_until,
        }
    }

    /// Drops what is over, and reads a time that cannot be (a clock that went back, a file edited by hand) as now: wrong by at
    /// most one window, where believing it could stop the key for years.
    fn settle(&mut self, now: Duration, limits: &Limits) {
        let now_ns = nanos(now);
        let mut wrong = false;
        let mut bound = |at: &mut u64, most: u64| {
            let is_wrong = *at > most;
            *at = most.min(*at);
            wrong |= is_wrong;
            is_wrong
        };
        let latest = nanos(now.saturating_add(limits.answer_within));
        for slot in &mut self.flying {
            bound(&mut slot.at, latest);
        }
        // In order: the first from behind that is right has only right ones before it.
        for slot in self.answered.iter_mut().rev() {
            if !bound(&mut slot.at, now_ns) {
                break;
            }
        }
        let stopped = now_ns.saturating_add(LONGEST_PAUSE);
        let paced = nanos(limits.window.saturating_mul(PACED_WINDOWS));
        bound(&mut self.last_taken, now_ns);
        bound(&mut self.latest, now_ns);
        bound(&mut self.paused_until, stopped);
        bound(&mut self.paced_until, stopped.saturating_add(paced));
        if wrong {
            self.news = News::Everything;
        }
        // Free exactly one window after the answer: the round trip of the next request is margin enough for clocks that
        // drift apart by some 0.1 ms a window.
        let over = |slot: &Slot| slot.at.saturating_add(nanos(limits.window)) <= now_ns;
        self.flying.retain(|slot| !over(slot));
        let first = self.answered.iter().position(|slot| !over(slot));
        self.answered.drain(..first.unwrap_or(self.answered.len()));
    }
}

/// `free` lists when each taken slot comes free, in order. The next request needs all but `slots - 1` of them to be free.
fn after_enough_came_free(free: &[u64], slots: usize, goes: u64) -> u64 {
    free.len()
        .checked_sub(slots)
        .and_then(|index| free.get(index))
        .map_or(goes, |at| goes.max(*at))
}

/// One request per `window / requests`, a little slower: 61/60 s for 60 in 60 s. Whole microseconds, because Redis counts so.
pub(super) fn pace(limits: &Limits) -> u64 {
    let requests = u64::from(limits.requests.max(1));
    let pace = nanos(limits.window) / requests + nanos(limits.window) / (requests * requests);
    pace.next_multiple_of(1_000)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "584 years of nanoseconds fit"
)]
const fn nanos(duration: Duration) -> u64 {
    duration.as_nanos() as u64
}
