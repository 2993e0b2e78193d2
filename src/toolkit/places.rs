//! Places for calls that run: so many for all, and of these so many for one caller, so that nobody fills them alone.

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Callers that are remembered before those without a call are forgotten.
const MANY: usize = 1_000;

pub(super) struct Places {
    most: usize,
    each: usize,
    all: Arc<Semaphore>,
    callers: DashMap<String, Arc<Semaphore>>,
}

/// A place that is taken until it is dropped.
pub(super) struct Place {
    _theirs: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(super) fn new(most: usize, each: usize) -> Self {
        Self {
            most,
            each: each.max(1),
            all: Arc::new(Semaphore::new(most)),
            callers: DashMap::new(),
        }
    }

    /// Waits for a place. Who waits for one of their own takes none of the others.
    pub(super) async fn take(&self, caller: &str) -> Place {
        let theirs = if self.each < self.most {
            let theirs = self.of(caller);
            theirs.acquire_owned().await.ok()
        } else {
            None
        };
        Place {
            _theirs: theirs,
            // Nobody closes it.
            _all: self.all.clone().acquire_owned().await.ok(),
        }
    }

    /// Returns the number of places that are taken.
    pub(super) fn taken(&self) -> usize {
        self.most.saturating_sub(self.all.available_permits())
    }

    fn of(&self, caller: &str) -> Arc<Semaphore> {
        if self.callers.len() > MANY {
            self.callers.retain(|_, it| Arc::strong_count(it) > 1);
        }
        let theirs = self.callers.entry(caller.to_owned());
        let theirs = theirs.or_insert_with(|| Arc::new(Semaphore::new(self.each)));
        theirs.clone()
    }
}
