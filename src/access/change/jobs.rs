//! The plans whose steps wait in memory for another call.

use std::time::Duration;

use dashmap::DashMap;

use crate::access::change::job::Job;
use crate::memory::{Memory, Weight, What};

/// The time for which the steps of a plan wait in memory for its next call.
const KEPT: Duration = Duration::from_secs(3_600);
/// Plans that wait there at most; the one that waits longest goes first.
const MOST: usize = 64;

/// Bytes of a step: how it is made, and how it was shown.
const A_STEP: usize = 2 * 1024;

/// The plans whose steps wait in memory for another call, by plan, each with what it takes.
#[derive(Default)]
pub(in crate::access) struct Jobs(DashMap<String, (Job, Weight)>);

impl Jobs {
    /// Takes a plan out; whoever carries it on has its turn.
    pub(in crate::access) fn take(&self, plan_id: &str) -> Option<Job> {
        self.0.remove(plan_id).map(|(_, (job, _))| job)
    }

    /// Keeps a plan, and lets go of those that wait longest where there are too many: any process can read them anew.
    pub(in crate::access) fn keep(&self, job: Job, memory: &Memory, now: Duration) {
        self.0
            .retain(|_, (job, _)| now.saturating_sub(job.touched) < KEPT);
        let bytes = (job.lines.len() + 1) * A_STEP;
        let share = memory.most() / 2;
        while self.0.len() >= MOST || memory.taken(What::Plans) + bytes > share {
            let oldest = self.0.iter().min_by_key(|held| held.0.touched);
            let Some(oldest) = oldest.map(|held| held.key().clone()) else {
                break;
            };
            self.0.remove(&oldest);
        }
        let weight = memory.weigh(What::Plans, bytes);
        self.0.insert(job.plan_id.clone(), (job, weight));
        memory.tidy(now);
    }
}
