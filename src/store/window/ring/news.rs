//! What is told of a ring to whoever shares it, and what becomes of a ring that is told it.

use super::entry::Entry;
use super::{Ring, Slot};

/// What happened to a ring since somebody last asked.
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
    /// What happened since this was last asked.
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

    /// What makes this ring of an empty one.
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

    /// How many slots are taken, as far as it was last looked.
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
