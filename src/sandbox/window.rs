//! The rolling windows of one key, as the service enforces them: by the moment of receipt.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::settings::RejectedCalls;

/// At most `limit` requests in any span; counts what came, also what was rejected.
#[derive(Debug)]
pub(super) struct Window {
    limit: usize,
    span: Duration,
    rejected_calls: RejectedCalls,
    slots: VecDeque<Instant>,
    received: VecDeque<Instant>,
    most: usize,
    rejected: u64,
}

impl Window {
    pub(super) fn new(limit: u32, span: Duration, rejected_calls: RejectedCalls) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self {
            limit,
            span,
            rejected_calls,
            slots: VecDeque::new(),
            received: VecDeque::new(),
            most: 0,
            rejected: 0,
        }
    }

    /// Lets a request in, or says after how long one could come in.
    pub(super) fn receive(&mut self, now: Instant) -> Result<(), Duration> {
        forget(&mut self.received, now, self.span);
        self.received.push_back(now);
        self.most = self.most.max(self.received.len());
        forget(&mut self.slots, now, self.span);
        if self.slots.len() < self.limit {
            self.slots.push_back(now);
            return Ok(());
        }
        self.rejected += 1;
        if self.rejected_calls == RejectedCalls::TakeSlots {
            self.slots.push_back(now);
        }
        let blocks = self.slots.len().saturating_sub(self.limit);
        let since = self.slots.get(blocks).copied().unwrap_or(now);
        Err((since + self.span).saturating_duration_since(now))
    }

    /// The most requests that were received in any one span.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    pub(super) fn rejected(&self) -> u64 {
        self.rejected
    }
}

/// A request that is exactly one span old is outside.
fn forget(times: &mut VecDeque<Instant>, now: Instant, span: Duration) {
    while times
        .front()
        .is_some_and(|first| now.saturating_duration_since(*first) >= span)
    {
        times.pop_front();
    }
}
