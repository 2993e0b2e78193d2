//! The lifetime of a read, and the memory that it takes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Scan;
use crate::memory::Kept;

/// Cursors of a read work at least this long after it began.
pub(in crate::access) const KEPT: Duration = Duration::from_secs(900);

/// The bytes that a read takes without any row.
const EMPTY: usize = 2 * 1024;

impl<T: Send> Kept for Scan<T> {
    fn bytes(&self) -> usize {
        EMPTY + self.bytes.load(Ordering::Relaxed) + self.pieces.bytes()
    }

    fn last_used(&self) -> Duration {
        Duration::from_millis(self.used.load(Ordering::Relaxed))
    }

    fn is_wanted(&self, now: Duration) -> bool {
        let found = self.has_cursor() || !self.superseded.load(Ordering::Relaxed);
        // One that takes many calls is kept from the last of them on.
        let since = if self.has_ended() {
            self.began
        } else {
            self.last_used()
        };
        found && now.saturating_sub(since) < KEPT
    }
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl<T> Scan<T> {
    /// Returns whether somebody has a cursor into it.
    pub(super) fn has_cursor(&self) -> bool {
        self.has_cursor.load(Ordering::Relaxed)
    }

    /// Somebody asks for it.
    pub(in crate::access) fn is_used(&self, now: Duration) {
        self.used.store(millis(now), Ordering::Relaxed);
    }

    /// From now on it is found by its cursors only, and where there are none it is let go of.
    pub(in crate::access) fn supersede(&self) {
        self.superseded.store(true, Ordering::Relaxed);
    }
}
