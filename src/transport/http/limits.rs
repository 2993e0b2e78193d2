//! Limits the requests that a caller may make in a minute, and those of all callers together.
//!
//! This limits who comes in. What goes out to an upstream has the exact window of its key: see `store::window`.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Settings;
use super::refusal::Refusal;

/// Requests with a wrong token or none that are looked at in a minute, from all strangers together. They have a limit of
/// their own, so that no stranger uses up what callers may do.
const STRANGERS: u32 = 600;

/// Callers that have a place in memory before those whose allowance is whole again are forgotten.
const MANY: usize = 1_000;

pub(super) struct Limits {
    clock: DefaultClock,
    each: DefaultKeyedRateLimiter<Arc<str>>,
    all: DefaultDirectRateLimiter,
    strangers: DefaultDirectRateLimiter,
}

impl Limits {
    pub(super) fn new(settings: &Settings) -> Self {
        let quota = |per_minute: u32| {
            Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN))
        };
        Self {
            clock: DefaultClock::default(),
            each: RateLimiter::keyed(quota(settings.requests_per_minute)),
            all: RateLimiter::direct(quota(settings.total_requests_per_minute)),
            strangers: RateLimiter::direct(quota(STRANGERS)),
        }
    }

    /// One request of a caller. Its own limit comes first: what it makes too much of is not taken from everybody's.
    pub(super) fn caller(&self, name: &Arc<str>) -> Result<(), Refusal> {
        let now = self.clock.now();
        if self.each.len() > MANY {
            self.each.retain_recent();
        }
        let wait =
            |not_until: governor::NotUntil<_>| Refusal::TooMany(not_until.wait_time_from(now));
        self.each.check_key(name).map_err(wait)?;
        self.all.check().map_err(wait)
    }

    /// One request that was refused for its token.
    pub(super) fn stranger(&self, refusal: Refusal) -> Refusal {
        let now = self.clock.now();
        match self.strangers.check() {
            Ok(()) => refusal,
            Err(not_until) => Refusal::TooMany(not_until.wait_time_from(now)),
        }
    }
}
