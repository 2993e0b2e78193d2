//! Counters of a client, for metrics and readiness.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// Totals since the client was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests sent again after a failure.
    pub retries: u64,
    /// Answers 420 and 429.
    pub rate_limited: u64,
    /// Time that requests waited for their slots, in milliseconds.
    pub waited_ms: u64,
}

/// The last time that somebody tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// When it ended.
    pub at: Timestamp,
    /// The HTTP status, or nothing when no answer came.
    pub status: Option<u16>,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    requests: AtomicU64,
    retries: AtomicU64,
    rate_limited: AtomicU64,
    waited_ms: AtomicU64,
    contact: Mutex<Option<Contact>>,
}

impl Tally {
    pub(super) fn sent(&self, waited: Duration) {
        self.requests.fetch_add(1, Relaxed);
        self.waited_ms.fetch_add(millis(waited), Relaxed);
    }

    pub(super) fn ended(&self, at: Timestamp, status: Option<u16>) {
        *self.contact.lock().unwrap_or_else(PoisonError::into_inner) = Some(Contact { at, status });
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(super) fn rejected(&self) {
        self.rate_limited.fetch_add(1, Relaxed);
    }

    pub(super) fn contact(&self) -> Option<Contact> {
        *self.contact.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn snapshot(&self) -> Counters {
        Counters {
            requests: self.requests.load(Relaxed),
            retries: self.retries.load(Relaxed),
            rate_limited: self.rate_limited.load(Relaxed),
            waited_ms: self.waited_ms.load(Relaxed),
        }
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
