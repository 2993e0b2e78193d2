//! StatusApp's limit: a number of requests in an hour that begins with the first, told in headers on every answer.

use std::time::Duration;

use tokio::time::Instant;

use super::{reply::Reply, time};

const HOUR: Duration = Duration::from_secs(3_600);

/// The hour under way.
#[derive(Debug)]
pub(super) struct Hour {
    limit: u32,
    used: u32,
    ends: Option<Instant>,
    rejected: u64,
}

impl Hour {
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit,
            used: 0,
            ends: None,
            rejected: 0,
        }
    }

    /// Returns whether one more request is let in.
    pub(super) fn receive(&mut self, now: Instant) -> bool {
        if self.ends.is_none_or(|ends| now >= ends) {
            self.ends = Some(now + HOUR);
            self.used = 0;
        }
        if self.used >= self.limit {
            self.rejected += 1;
            return false;
        }
        self.used += 1;
        true
    }

    /// `X-RateLimit-Limit`, `-Remaining` and `-Reset`, the last in Unix seconds.
    pub(super) fn mark(&self, reply: Reply, now: Instant) -> Reply {
        let left = self
            .ends
            .map_or(HOUR, |ends| ends.saturating_duration_since(now));
        let reset = time::wall()
            .checked_add(left)
            .map_or(0, |at| at.as_second() + 1);
        reply
            .with("x-ratelimit-limit", self.limit.to_string())
            .with(
                "x-ratelimit-remaining",
                self.limit.saturating_sub(self.used).to_string(),
            )
            .with("x-ratelimit-reset", reset.to_string())
    }

    pub(super) fn rejected(&self) -> u64 {
        self.rejected
    }
}
