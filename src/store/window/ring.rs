//! The window as plain data: every decision is a function of the ring, the time and the limits.
//!
//! Times are nanoseconds since boot, as [`crate::clock::Clock::monotonic`] counts them.

mod slot;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::slot::Slot;
use super::{Lane, Limits, Take, Ticket, Usage};

/// No upstream's word stops a key for longer: a nonsensical `Retry-After` would otherwise outlive the process.
pub(super) const LONGEST_PAUSE: u64 = nanos(Duration::from_secs(3600));

/// For how many windows requests go one by one after an unpredicted rejection. Simulated against an upstream that counts in
/// a sliding estimate: 7 rejections instead of 211; against an exact window it costs nothing but the burst.
pub(super) const PACED_WINDOWS: u32 = 10;

/// One key's slots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Spelt by [`Ring::slots`]: as JSON thousands of them would cost more than the request that they count.
    #[serde(skip)]
    slots: Vec<Slot>,
    paused_until: u64,
    paced_until: u64,
    last_taken: u64,
}

impl Ring {
    /// The slots as bytes, for [`Ring::with_slots`].
    #[must_use]
    pub(super) fn slots(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.slots.len() * Slot::LENGTH);
        self.slots.iter().for_each(|slot| slot.write(&mut bytes));
        bytes
    }

    /// A ring with these slots; `None` when the bytes are none.
    #[must_use]
    pub(super) fn with_slots(mut self, bytes: &[u8]) -> Option<Self> {
        let slots = bytes.chunks(Slot::LENGTH).map(Slot::read);
        self.slots = slots.collect::<Option<_>>()?;
        Some(self)
    }

    /// A ring that nobody can read any more: every slot counts as answered this instant.
    #[must_use]
    pub fn used_up(now: Duration, limits: &Limits) -> Self {
        let slot = Slot {
            id: 0,
            at: nanos(now),
            answered: true,
        };
        Self {
            slots: vec![slot; limits.room(Lane::Interactive)],
            ..Self::default()
        }
    }

    /// The ring of an earlier boot, `saved_at` on that boot's clock. Nothing in it can have been sent after this boot's zero.
    #[must_use]
    pub fn after_reboot(mut self, saved_at: Duration) -> Self {
        for slot in &mut self.slots {
            slot.at = 0;
            slot.answered = true;
        }
        self.paused_until = self.paused_until.saturating_sub(nanos(saved_at));
        self.paced_until = self.paced_until.saturating_sub(nanos(saved_at));
        self.last_taken = 0;
        self
    }

    /// Takes a slot if one is free for `lane`.
    pub fn take(&mut self, now: Duration, limits: &Limits, lane: Lane, ticket: Ticket) -> Take {
        let wait = self.forecast(now, limits, lane, 0);
        if !wait.is_zero() {
            return Take::Wait(wait);
        }
        let gives_up = nanos(now.saturating_add(limits.answer_within));
        self.slots.push(Slot {
            id: ticket.0,
            at: gives_up,
            answered: false,
        });
        self.last_taken = nanos(now);
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
        // An unanswered slot comes free one window from now if its answer arrives this instant: not sooner. When it does is of
        // no matter as long as there is room for all.
        let mut free: Vec<u64> = Vec::new();
        if self.slots.len() + ahead >= limits.room(lane) {
            free.extend(
                self.slots
                    .iter()
                    .map(|slot| slot.at.min(now).saturating_add(window)),
            );
            free.sort_unstable();
        }
        let mut goes = now.max(self.paused_until);
        if goes < self.paced_until {
            goes = goes.max(self.last_taken.saturating_add(pace(limits)));
        }
        for _ in 0..ahead {
            goes = after_enough_came_free(&free, limits.room(lane), goes);
            free.push(goes.saturating_add(window));
            if goes < self.paced_until {
                goes = goes.saturating_add(pace(limits));
            }
        }
        goes = after_enough_came_free(&free, limits.room(lane), goes);
        Duration::from_nanos(goes.saturating_sub(now))
    }

    /// The answer is here: the slot comes free one window from now.
    pub fn answered(&mut self, now: Duration, ticket: Ticket) {
        let at = nanos(now);
        match self.slots.iter_mut().find(|slot| slot.id == ticket.0) {
            Some(slot) => {
                slot.at = at;
                slot.answered = true;
            }
            // The ring was lost in between; the request was sent all the same.
            None => self.slots.push(Slot {
                id: ticket.0,
                at,
                answered: true,
            }),
        }
    }

    /// Nothing was sent: the slot is free.
    pub fn withdraw(&mut self, ticket: Ticket) {
        self.slots.retain(|slot| slot.id != ticket.0);
    }

    /// Nothing goes for `how_long`.
    pub fn pause(&mut self, now: Duration, how_long: Duration) {
        let until = nanos(now).saturating_add(nanos(how_long).min(LONGEST_PAUSE));
        self.paused_until = self.paused_until.max(until);
    }

    /// Nothing goes for `how_long`, and then one by one.
    pub fn rejected(&mut self, now: Duration, limits: &Limits, how_long: Duration) {
        self.pause(now, how_long);
        let paced = nanos(limits.window.saturating_mul(PACED_WINDOWS));
        self.paced_until = self
            .paced_until
            .max(self.paused_until.saturating_add(paced));
    }

    /// What is used.
    pub fn usage(&mut self, now: Duration, limits: &Limits) -> Usage {
        self.settle(now, limits);
        let now_ns = nanos(now);
        let last = self
            .slots
            .iter()
            .map(|slot| slot.at.saturating_add(nanos(limits.window)))
            .max();
        let left = |until: u64| Duration::from_nanos(until.saturating_sub(now_ns));
        Usage {
            used: u32::try_from(self.slots.len()).unwrap_or(u32::MAX),
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
        let latest = nanos(now.saturating_add(limits.answer_within));
        for slot in &mut self.slots {
            let limit = if slot.answered { now_ns } else { latest };
            slot.at = slot.at.min(limit);
        }
        self.last_taken = self.last_taken.min(now_ns);
        self.paused_until = self.paused_until.min(now_ns.saturating_add(LONGEST_PAUSE));
        let paced = nanos(limits.window.saturating_mul(PACED_WINDOWS));
        self.paced_until = self
            .paced_until
            .min(now_ns.saturating_add(LONGEST_PAUSE).saturating_add(paced));
        // Free exactly one window after the answer: the round trip of the next request is margin enough for clocks that
        // drift apart by some 0.1 ms a window.
        self.slots
            .retain(|slot| slot.at.saturating_add(nanos(limits.window)) > now_ns);
    }
}

/// `free`: when each taken slot comes free, in order. The next request needs all but `room - 1` of them to have done so.
fn after_enough_came_free(free: &[u64], room: usize, goes: u64) -> u64 {
    free.len()
        .checked_sub(room)
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
