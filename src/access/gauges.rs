//! What the systems and the snapshots look like from outside, for metrics and readiness. No request is sent.

use std::time::Duration;

use super::Access;
use crate::upstream::{Contact, Counters, Usage};

/// One system.
#[derive(Debug, Clone, Copy)]
pub struct Gauge {
    /// Its name in roster records.
    pub system: &'static str,
    /// Totals since the start.
    pub counters: Counters,
    /// The last request that ended.
    pub contact: Option<Contact>,
    /// The key's window, where it can be read.
    pub usage: Option<Usage>,
    /// Requests that wait for a slot.
    pub waiting: usize,
    /// How long ago the newest roster in memory was begun to be read.
    pub snapshot_age: Option<Duration>,
}

impl Access {
    /// Every configured system.
    pub async fn gauges(&self) -> Vec<Gauge> {
        let Ok(statuspage) = self.statuspage() else {
            return Vec::new();
        };
        let client = statuspage.client();
        vec![Gauge {
            system: client.system(),
            counters: client.counters(),
            contact: client.last_contact(),
            usage: client.usage().await.ok(),
            waiting: client.waiting(),
            snapshot_age: self.people.age(self.clock().monotonic()),
        }]
    }
}
