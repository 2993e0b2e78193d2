//! Rows that this client takes away while somebody reads a list: those behind them move up, past whoever reads.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

#[derive(Debug, Default)]
pub(super) struct Removals {
    ended: AtomicU64,
    under_way: AtomicUsize,
}

/// A removal that may take effect at any time until this is dropped.
pub(super) struct Removing<'a>(&'a Removals);

impl Removals {
    pub(super) fn begin(&self) -> Removing<'_> {
        self.under_way.fetch_add(1, SeqCst);
        Removing(self)
    }

    /// A moment to compare with later.
    pub(super) fn mark(&self) -> u64 {
        self.ended.load(SeqCst)
    }

    /// Returns whether a removal can have taken effect since `mark`.
    pub(super) fn any_since(&self, mark: u64) -> bool {
        self.under_way.load(SeqCst) > 0 || self.ended.load(SeqCst) != mark
    }
}

impl Drop for Removing<'_> {
    fn drop(&mut self) {
        // In this order: whoever sees that none is under way sees that this one ended.
        self.0.ended.fetch_add(1, SeqCst);
        self.0.under_way.fetch_sub(1, SeqCst);
    }
}
