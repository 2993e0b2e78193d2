//! The scans at hand: found by what they read, so that many callers share one, and by id, so that a cursor finds its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use dashmap::DashMap;

use crate::access::Access;
use crate::access::reads::cursor::Cursors;
use crate::access::reads::scan::{Feed, KEPT, Scan};
use crate::access::reads::weight::Weighs;
use crate::clock::Clock;
use crate::memory::Memory;
use crate::store::Transcript;

/// The scans of one kind of row. They are kept by [`Memory`]; here is how they are found as long as they are.
pub(in crate::access) struct Shelf<T> {
    newest: DashMap<String, Weak<Scan<T>>>,
    by_id: DashMap<String, Weak<Scan<T>>>,
    /// The scans that a change made out of date: no answers any more, but good enough to complete a name.
    past: DashMap<String, Weak<Scan<T>>>,
    memory: Memory,
}

impl<T> Shelf<T> {
    pub(in crate::access) fn new(memory: &Memory) -> Self {
        Self {
            newest: DashMap::new(),
            by_id: DashMap::new(),
            past: DashMap::new(),
            memory: memory.clone(),
        }
    }
}

impl<T: Weighs + Send + 'static> Shelf<T> {
    /// A scan under `key` that began at most `max_age` ago, or a new one fed by `feed`. Two that ask at once get the same.
    pub(in crate::access) fn at_hand(
        &self,
        access: &Access,
        key: &str,
        what: &str,
        max_age: Duration,
        feed: impl FnOnce() -> Box<dyn Feed<T>>,
    ) -> Arc<Scan<T>> {
        self.held_or_new(access.clock(), key, what, |_, age| age < max_age, feed)
    }

    /// The scan under `key` that is still being read, or a new one: for a read that has to be fresh and may take several calls.
    pub(in crate::access) fn unfinished_or_new(
        &self,
        clock: &Clock,
        key: &str,
        what: &str,
        feed: impl FnOnce() -> Box<dyn Feed<T>>,
    ) -> Arc<Scan<T>> {
        let unfinished = |scan: &Scan<T>, age| age < KEPT && !scan.has_ended();
        self.held_or_new(clock, key, what, unfinished, feed)
    }

    /// The scan under `key` where `will_do` says so (given its age) and nothing in it failed in passing, or a new one.
    pub(in crate::access) fn held_or_new(
        &self,
        clock: &Clock,
        key: &str,
        what: &str,
        will_do: impl FnOnce(&Scan<T>, Duration) -> bool,
        feed: impl FnOnce() -> Box<dyn Feed<T>>,
    ) -> Arc<Scan<T>> {
        let now = clock.monotonic();
        self.tidy();
        let fresh = || {
            Arc::new(Scan::new(
                Cursors::name(),
                what.to_owned(),
                clock.now(),
                now,
                feed(),
            ))
        };
        let (scan, is_new) = match self.newest.entry(key.to_owned()) {
            dashmap::Entry::Occupied(mut held) => {
                let old = held.get().upgrade();
                let age = |scan: &Scan<T>| now.saturating_sub(scan.began);
                match old {
                    Some(scan) if !scan.has_failed() && will_do(&scan, age(&scan)) => (scan, false),
                    old => {
                        if let Some(old) = old {
                            old.supersede();
                        }
                        let scan = fresh();
                        held.insert(Arc::downgrade(&scan));
                        (scan, true)
                    }
                }
            }
            dashmap::Entry::Vacant(place) => {
                let scan = fresh();
                place.insert(Arc::downgrade(&scan));
                (scan, true)
            }
        };
        scan.is_used(now);
        if is_new {
            if let Some((_, past)) = self.past.remove(key)
                && let Some(past) = past.upgrade()
            {
                past.supersede();
            }
            self.by_id.insert(scan.id.clone(), Arc::downgrade(&scan));
            self.memory.keep(scan.clone(), now);
        }
        scan
    }

    /// Forgets how what is no longer kept was found.
    fn tidy(&self) {
        for found in [&self.newest, &self.by_id, &self.past] {
            found.retain(|_, scan| scan.strong_count() > 0);
        }
    }

    /// The newest scan under a key that no change has made out of date.
    pub(in crate::access) fn current(&self, key: &str) -> Option<Arc<Scan<T>>> {
        self.newest.get(key)?.upgrade()
    }

    /// The scan that a cursor belongs to.
    pub(in crate::access) fn by_id(&self, id: &str, now: Duration) -> Option<Arc<Scan<T>>> {
        let scan = self.by_id.get(id)?.upgrade()?;
        scan.is_used(now);
        Some(scan)
    }

    /// Writes a read that has not begun down, and makes it be found by the name that it has there; whether it had not begun.
    pub(in crate::access) fn write_down(
        &self,
        scan: &Arc<Scan<T>>,
        transcript: Arc<Transcript>,
    ) -> bool {
        let id = transcript.id.clone();
        let is_written = scan.write_down(transcript);
        if is_written && id != scan.id {
            self.by_id.insert(id, Arc::downgrade(scan));
        }
        is_written
    }

    /// Returns the time since the newest scan at hand began.
    pub(in crate::access) fn age(&self, now: Duration) -> Option<Duration> {
        let newest = self.newest.iter().filter_map(|scan| scan.upgrade());
        newest.map(|scan| now.saturating_sub(scan.began)).min()
    }

    /// Nothing read before a change answers a question asked after it. Cursors keep working: they are of their time.
    pub(in crate::access) fn forget(&self) {
        self.newest.retain(|key, scan| {
            if let Some(scan) = scan.upgrade() {
                scan.pieces.forget();
            }
            self.past.insert(key.clone(), scan.clone());
            false
        });
    }

    /// Forgets scans that complete no name: only cursors find them afterwards.
    pub(in crate::access) fn forget_whole(&self) {
        self.newest.retain(|_, scan| {
            if let Some(scan) = scan.upgrade() {
                scan.pieces.forget();
                scan.supersede();
            }
            false
        });
    }

    /// Returns the newest scan in memory of each list, by key.
    pub(in crate::access) fn remembered(&self) -> BTreeMap<String, Arc<Scan<T>>> {
        let of = |held: &DashMap<String, Weak<Scan<T>>>| {
            held.iter()
                .filter_map(|scan| Some((scan.key().clone(), scan.upgrade()?)))
                .collect::<Vec<_>>()
        };
        of(&self.past).into_iter().chain(of(&self.newest)).collect()
    }
}
