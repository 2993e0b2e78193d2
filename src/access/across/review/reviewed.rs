//! The result of a review, kept beside the read that it was made from: each further piece of it is cut from here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use dashmap::DashMap;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::checks::Checks;
use super::grouped::{Group, grouped};
use super::{Finding, Step};
use crate::access::across::find_person::Unknown;
use crate::access::reads::scan::KEPT;
use crate::memory::Kept;

/// A whole review.
pub(super) struct Reviewed {
    pub groups: Vec<Group>,
    pub steps: Vec<Step>,
    pub checks: Checks,
    pub not_checked: Vec<String>,
    pub unread: Vec<Unknown>,
    bytes: usize,
    began: Duration,
    used: AtomicU64,
}

impl Reviewed {
    /// Keeps the findings of a read that began at `began`.
    pub(super) fn new(
        findings: Vec<Finding>,
        not_checked: Vec<String>,
        checks: Checks,
        steps: Vec<Step>,
        unread: Vec<Unknown>,
        began: Duration,
    ) -> Self {
        let groups = grouped(findings);
        let bytes = groups.iter().map(Group::bytes).sum();
        Self {
            groups,
            steps,
            checks,
            not_checked,
            unread,
            bytes,
            began,
            used: AtomicU64::new(0),
        }
    }
}

impl Kept for Reviewed {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn last_used(&self) -> Duration {
        Duration::from_millis(self.used.load(Ordering::Relaxed))
    }

    fn is_wanted(&self, now: Duration) -> bool {
        now.saturating_sub(self.began) < KEPT
    }
}

/// The reviews at hand.
#[derive(Default)]
pub(in crate::access) struct Reviews(DashMap<String, Weak<Reviewed>>);

impl Reviews {
    /// The review of this read that was asked for so, or a new one; `true` where it is new.
    pub(super) fn at_hand(
        &self,
        scan: &str,
        query: &Value,
        now: Duration,
        review: impl FnOnce() -> Reviewed,
    ) -> (Arc<Reviewed>, bool) {
        let key = format!("{scan}/{}", hex::encode(Sha256::digest(query.to_string())));
        self.0.retain(|_, review| review.strong_count() > 0);
        let known = self.0.get(&key).and_then(|review| review.upgrade());
        let is_new = known.is_none();
        let reviewed = known.unwrap_or_else(|| {
            let reviewed = Arc::new(review());
            self.0.insert(key, Arc::downgrade(&reviewed));
            reviewed
        });
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        reviewed.used.store(now, Ordering::Relaxed);
        (reviewed, is_new)
    }
}
