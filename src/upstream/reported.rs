//! The limit and its use as the upstream reports them, where it does.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

use super::Usage;
use super::retry_after::{bounded, until};

/// `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix seconds): StatusApp API guide, "Rate limits".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reported {
    limit: u32,
    remaining: u32,
    resets_at: Timestamp,
}

impl Reported {
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        Some(Self {
            limit: number("x-ratelimit-limit")?.try_into().ok()?,
            remaining: number("x-ratelimit-remaining")?.try_into().ok()?,
            resets_at: Timestamp::from_second(number("x-ratelimit-reset")?).ok()?,
        })
    }

    /// Returns how long to send nothing: until the reset, when no request is left.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Duration> {
        (self.remaining == 0 && self.resets_at > now).then(|| bounded(until(self.resets_at, now)))
    }

    /// Until the reset, the upstream's own count goes before ours: it knows of every client of the key.
    pub(super) fn correct(&self, ours: Usage, now: Timestamp) -> Usage {
        if self.resets_at <= now {
            return ours;
        }
        Usage {
            used: self.limit.saturating_sub(self.remaining),
            limit: self.limit,
            resets_in: until(self.resets_at, now),
            ..ours
        }
    }
}
