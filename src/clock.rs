//! The clock: the one place that asks the machine for the time, so that a test can freeze it.

use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// Time since boot that goes on while the machine sleeps. On Apple's systems the monotonic clock does.
#[cfg(target_os = "linux")]
const SINCE_BOOT: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const SINCE_BOOT: ClockId = ClockId::Monotonic;

/// A source of time. Cheap to copy.
///
/// `System` is the machine's. `Following` moves with tokio's time, which a test pauses and advances.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's wall clock, and its time since boot (which goes on while the machine sleeps).
    System,
    /// Starts at a given instant and follows tokio's clock from there.
    Following {
        /// The wall time at the start.
        start: Timestamp,
        /// Tokio's instant at the start.
        since: tokio::time::Instant,
    },
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn system() -> Self {
        Self::System
    }

    /// A clock that reads `start` now and follows tokio's (pausable) time.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    pub fn following(start: Timestamp) -> Self {
        Self::Following {
            start,
            since: tokio::time::Instant::now(),
        }
    }

    /// The wall clock.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Following { start, since } => {
                start.checked_add(since.elapsed()).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Time since a fixed point that every process of this machine shares (Linux: boot). It never goes back.
    #[must_use]
    pub fn monotonic(&self) -> Duration {
        match self {
            Self::System => {
                let t = clock_gettime(SINCE_BOOT);
                Duration::new(
                    u64::try_from(t.tv_sec).unwrap_or(0),
                    u32::try_from(t.tv_nsec).unwrap_or(0),
                )
            }
            Self::Following { since, .. } => since.elapsed(),
        }
    }

    /// Waits. In a test with paused time this returns as soon as nothing else can run.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    pub async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}
