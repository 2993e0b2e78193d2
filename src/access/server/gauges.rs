//! Gauges of the systems and the snapshots, for metrics and readiness. No request is sent.

use std::time::Duration;

use crate::access::Access;
use crate::memory::What;
use crate::roster::record::System;
use crate::upstream::{Contact, Counters, Usage};

/// Bytes of rows that every call may look at between two others: some thousand.
const MUCH: usize = 1024 * 1024;

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
}

impl Access {
    /// Every configured system.
    pub async fn gauges(&self) -> Vec<Gauge> {
        let mut gauges = Vec::new();
        for system in [System::Statuspage, System::AtlassianScim, System::Statusapp] {
            let Ok(client) = self.client(system) else {
                continue;
            };
            gauges.push(Gauge {
                system: client.system(),
                counters: client.counters(),
                contact: client.last_contact(),
                usage: client.usage().await.ok(),
                waiting: client.waiting(),
            });
        }
        gauges
    }

    /// Returns the time since the read of the newest roster in memory began, if there is one.
    #[must_use]
    pub fn snapshot_age(&self) -> Option<Duration> {
        self.people.age(self.clock().monotonic())
    }

    /// Returns whether so much is in memory that a call which looks at all of it takes longer than others shall wait.
    #[must_use]
    pub fn computes_for_long(&self) -> bool {
        self.memory().taken(What::Reads) > MUCH
    }
}
