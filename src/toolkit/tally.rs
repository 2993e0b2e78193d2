//! Counts the ends of calls for metrics. Names of tools and reasons only: no argument, no address, no caller.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// With a result.
    Answered,
    /// With a refusal, for this reason.
    Refused(&'static str),
    /// The client was answered before the call was done.
    TimedOut,
    /// By a defect.
    Panicked,
}

impl Ended {
    /// Its name in metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused(_) => "refused",
            Self::TimedOut => "timed_out",
            Self::Panicked => "panicked",
        }
    }

    /// The reason, of a refusal.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Refused(reason) => reason,
            _ => "",
        }
    }
}

/// The calls of one tool that ended one way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// The number of calls.
    pub calls: u64,
    /// The time that they took together.
    pub took: Duration,
}

/// Totals since the start.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<(&'static str, Ended), Count>>);

impl Tally {
    pub(super) fn ended(&self, tool: &'static str, how: Ended, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((tool, how)).or_default();
        count.calls += 1;
        count.took += took;
    }

    /// Returns the counts so far, by tool and end.
    #[must_use]
    pub fn so_far(&self) -> Vec<(&'static str, Ended, Count)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .map(|((tool, how), count)| (*tool, *how, *count))
            .collect()
    }
}
