//! The changes of a ring that are passed to those who share it, and their effect on the ring of the receiver.

use super::entry::Entry;
use super::{Ring, Slot};

/// The changes of a ring since they were last taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store::window) enum News {
    /// These, in this order; often nothing.
    Entries(Vec<Entry>),
    /// More than entries can tell: [`Ring::entries`] has it all.
    Everything,
}

impl Default for News {
    fn default() -> Self {
        Self::Entries(Vec::new())
    }
}

impl Ring {
    /// Takes the changes since the last call.
    pub(in crate::store::window) fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// Does what an entry says, which is then no news.
    pub(in crate::store::window) fn repeat(&mut self, entry: Entry) {
        match entry {
            Entry::Boot(_) => {}
            Entry::Taken { id, gives_up, at } => {
                self.flying.push(Slot { id, at: gives_up });
                self.last_taken = at;
                self.latest = self.latest.max(at);
            }
            Entry::Answered { id, at } => {
                self.remove(id);
                self.count(Slot { id, at });
            }
            Entry::Counted { id, at } => self.count(Slot { id, at }),
            Entry::Withdrawn { id } => self.remove(id),
            Entry::Stopped { paused, paced, at } => {
                self.paused_until = paused;
                self.paced_until = paced;
                self.latest = self.latest.max(at);
            }
            Entry::Times { taken, latest } => {
                self.last_taken = taken;
                self.latest = self.latest.max(latest);
            }
        }
    }

    fn count(&mut self, slot: Slot) {
        let place = self.answered.partition_point(|it| it.at <= slot.at);
        self.answered.insert(place, slot);
        self.latest = self.latest.max(slot.at);
    }

    fn remove(&mut self, id: u64) {
        match self.flying.iter().position(|slot| slot.id == id) {
            Some(index) => {
                self.flying.swap_remove(index);
            }
            None => self.answered.retain(|slot| slot.id != id),
        }
    }

    /// Returns the entries that turn an empty ring into this one.
    pub(in crate::store::window) fn entries(&self) -> impl Iterator<Item = Entry> {
        let flying = self.flying.iter().map(|slot| Entry::Taken {
            id: slot.id,
            gives_up: slot.at,
            at: self.last_taken,
        });
        let answered = self.answered.iter().map(|slot| Entry::Counted {
            id: slot.id,
            at: slot.at,
        });
        let rest = [
            Entry::Stopped {
                paused: self.paused_until,
                paced: self.paced_until,
                at: 0,
            },
            Entry::Times {
                taken: self.last_taken,
                latest: self.latest,
            },
        ];
        flying.chain(answered).chain(rest)
    }

    /// Returns the number of taken slots, as of the last look.
    pub(in crate::store::window) fn len(&self) -> usize {
        self.flying.len() + self.answered.len()
    }

    pub(super) fn happened(&mut self, entry: Entry) {
        self.repeat(entry);
        if let News::Entries(entries) = &mut self.news {
            entries.push(entry);
        }
    }
}
