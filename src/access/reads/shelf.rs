//! The scans at hand: found by what they read, so that many callers share one, and by id, so that a cursor finds its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;

use crate::access::Access;
use crate::access::reads::scan::{Feed, Scan};
use crate::clock::Clock;
use crate::store::PlanId;

/// Cursors of a scan work at least this long after it began.
const KEPT: Duration = Duration::from_secs(900);

/// Rows that are held for cursors at most: about 60 MB of records, besides what is kept of them in writing. The oldest go first; their cursors say so.
const MOST_ROWS: usize = 100_000;

/// The scans of one kind of row.
pub(in crate::access) struct Shelf<T> {
    newest: DashMap<String, Arc<Scan<T>>>,
    by_id: DashMap<String, Arc<Scan<T>>>,
    /// What a change made out of date: not an answer any more, but good enough to complete a name.
    past: DashMap<String, Arc<Scan<T>>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            newest: DashMap::new(),
            by_id: DashMap::new(),
            past: DashMap::new(),
        }
    }
}

impl<T> Shelf<T> {
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
        self.tidy(now);
        let fresh = || {
            let scan = Arc::new(Scan::new(
                PlanId::random().to_string(),
                what.to_owned(),
                clock.now(),
                now,
                feed(),
            ));
            self.by_id.insert(scan.id.clone(), scan.clone());
            scan
        };
        match self.newest.entry(key.to_owned()) {
            dashmap::Entry::Occupied(mut held) => {
                let age = now.saturating_sub(held.get().began);
                if !held.get().has_failed() && will_do(held.get(), age) {
                    held.get().clone()
                } else {
                    let scan = fresh();
                    held.insert(scan.clone());
                    scan
                }
            }
            dashmap::Entry::Vacant(place) => {
                let scan = fresh();
                place.insert(scan.clone());
                scan
            }
        }
    }

    /// Lets go of what nobody can ask for any more, and of the oldest when there is too much.
    fn tidy(&self, now: Duration) {
        let young = |scan: &Scan<T>| now.saturating_sub(scan.began) < KEPT;
        self.newest.retain(|_, scan| young(scan));
        self.past.retain(|_, scan| young(scan));
        // Without a cursor out there, only the newest of its kind is ever asked for again.
        self.by_id
            .retain(|_, scan| young(scan) && (scan.has_cursor() || Arc::strong_count(scan) > 1));
        let mut held: Vec<_> = self
            .by_id
            .iter()
            .map(|scan| (scan.began, scan.id.clone(), scan.rows_held()))
            .collect();
        let mut rows: usize = held.iter().map(|(_, _, rows)| rows).sum();
        held.sort_by_key(|(began, ..)| *began);
        for (_, id, its_rows) in held {
            if rows <= MOST_ROWS {
                break;
            }
            self.by_id.remove(&id);
            self.past.retain(|_, scan| scan.id != id);
            rows -= its_rows;
        }
    }

    /// The newest scan under a key that no change has made out of date.
    pub(in crate::access) fn current(&self, key: &str) -> Option<Arc<Scan<T>>> {
        self.newest.get(key).map(|scan| scan.clone())
    }

    /// The scan that a cursor belongs to.
    pub(in crate::access) fn by_id(&self, id: &str) -> Option<Arc<Scan<T>>> {
        self.by_id.get(id).map(|scan| scan.clone())
    }

    /// How long ago the newest scan at hand began.
    pub(in crate::access) fn age(&self, now: Duration) -> Option<Duration> {
        let ages = self
            .newest
            .iter()
            .map(|scan| now.saturating_sub(scan.began));
        ages.min()
    }

    /// Nothing read before a change answers a question asked after it. Cursors keep working: they are of their time.
    pub(in crate::access) fn forget(&self) {
        self.newest.retain(|key, scan| {
            scan.pieces.forget();
            self.past.insert(key.clone(), scan.clone());
            false
        });
    }

    /// What is in memory of each list, the newest of each, by key.
    pub(in crate::access) fn remembered(&self) -> BTreeMap<String, Arc<Scan<T>>> {
        let of = |held: &DashMap<String, Arc<Scan<T>>>| {
            held.iter()
                .map(|scan| (scan.key().clone(), scan.value().clone()))
                .collect::<Vec<_>>()
        };
        of(&self.past).into_iter().chain(of(&self.newest)).collect()
    }
}
