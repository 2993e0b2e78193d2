//! The memory that is used for clients, under one bound.
//!
//! Guarantees: whatever is kept is counted here, in bytes; when all of it together is more than the bound, what was used longest ago goes
//! first. Nothing goes that a running call uses, and of the rest what was used last stays, so that a read that is longer than the
//! bound can be brought to its end. The counts are estimates from above: see [`Kept::bytes`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The kinds of kept data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Lists that were read, with what was made of them: pieces in writing, findings, exports.
    Reads,
    /// Plans whose rest waits for another call.
    Plans,
    /// Results of tasks.
    Tasks,
    /// Sessions of the older protocol.
    Sessions,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reads, Self::Plans, Self::Tasks, Self::Sessions];

    /// Its name in metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Plans => "plans",
            Self::Tasks => "tasks",
            Self::Sessions => "sessions",
        }
    }
}

/// Something that can be let go of, because it can be read or made again.
pub trait Kept: Send + Sync {
    /// The number of bytes it takes, rather too many than too few. May grow.
    fn bytes(&self) -> usize;
    /// When it was used last, on the monotonic clock.
    fn last_used(&self) -> Duration;
    /// Returns whether anybody can still ask for it.
    fn is_wanted(&self, now: Duration) -> bool;
}

/// The bound, and what is under it. Cheap to clone.
#[derive(Clone)]
pub struct Memory(Arc<Inner>);

struct Inner {
    most: usize,
    /// The one place that keeps these alive while no call uses them.
    kept: Mutex<Vec<Arc<dyn Kept>>>,
    weights: [AtomicUsize; What::ALL.len()],
}

impl Memory {
    /// At most so many bytes.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Inner {
            most,
            kept: Mutex::default(),
            weights: Default::default(),
        }))
    }

    /// The bound.
    #[must_use]
    pub fn most(&self) -> usize {
        self.0.most
    }

    /// Returns the bytes taken by one kind of data.
    #[must_use]
    pub fn taken(&self, what: What) -> usize {
        let kept = match what {
            What::Reads => self.kept().iter().map(|it| it.bytes()).sum(),
            What::Plans | What::Tasks | What::Sessions => 0,
        };
        let weight = self.weight(what);
        kept + weight.map_or(0, |weight| weight.load(Ordering::Relaxed))
    }

    /// Returns the bytes taken in all.
    #[must_use]
    pub fn taken_in_all(&self) -> usize {
        What::ALL.iter().map(|what| self.taken(*what)).sum()
    }

    /// Keeps something until nobody wants it or its memory is needed for others.
    pub fn keep(&self, it: Arc<dyn Kept>, now: Duration) {
        self.kept().push(it);
        self.tidy(now);
    }

    /// Counts something that goes by rules of its own, for as long as the returned value lives.
    #[must_use]
    pub fn weigh(&self, what: What, bytes: usize) -> Weight {
        if let Some(weight) = self.weight(what) {
            weight.fetch_add(bytes, Ordering::Relaxed);
        }
        Weight {
            memory: self.clone(),
            what,
            bytes,
        }
    }

    /// Lets go of what nobody can ask for any more, and of what was used longest ago when there is too much.
    pub fn tidy(&self, now: Duration) {
        let weights = self.0.weights.iter();
        let fixed: usize = weights.map(|weight| weight.load(Ordering::Relaxed)).sum();
        let mut gone = Vec::new();
        {
            let mut kept = self.kept();
            let free = |it: &Arc<dyn Kept>| Arc::strong_count(it) == 1;
            kept.retain(|it| !free(it) || it.is_wanted(now));
            let mut taken = fixed + kept.iter().map(|it| it.bytes()).sum::<usize>();
            if taken > self.0.most {
                kept.sort_by_key(|it| it.last_used());
                // A read of several lists holds those that it reads: they are in use, and it is the one that stays.
                let stays = kept.iter().rposition(free);
                let all = std::mem::take(&mut *kept);
                for (at, it) in all.into_iter().enumerate() {
                    if taken > self.0.most && stays != Some(at) && free(&it) {
                        taken = taken.saturating_sub(it.bytes());
                        gone.push(it);
                    } else {
                        kept.push(it);
                    }
                }
            }
        }
        // Outside of the lock: many rows take a while.
        drop(gone);
    }

    fn weight(&self, what: What) -> Option<&AtomicUsize> {
        let at = What::ALL.iter().position(|it| *it == what)?;
        self.0.weights.get(at)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Arc<dyn Kept>>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that is counted for as long as this lives.
pub struct Weight {
    memory: Memory,
    what: What,
    bytes: usize,
}

impl Drop for Weight {
    fn drop(&mut self) {
        if let Some(weight) = self.memory.weight(self.what) {
            weight.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}
