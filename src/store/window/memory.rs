//! Rings of one process, behind a lock that is held for microseconds and never across an await.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Key, Ring};
use crate::clock::Clock;

/// The rings of this process.
#[derive(Debug)]
pub(super) struct Memory {
    clock: Clock,
    rings: Mutex<HashMap<Key, Ring>>,
}

impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            rings: Mutex::default(),
        }
    }

    pub(super) fn with<R>(&self, key: &Key, change: impl Fn(&mut Ring, Duration) -> R) -> R {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = rings.entry(key.clone()).or_default();
        let result = change(ring, self.clock.monotonic());
        // There is nobody else to tell.
        drop(ring.news());
        result
    }
}
