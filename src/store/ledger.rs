//! The ledger of spent plans.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::PlanId;

/// The time after its expiry for which a spent plan is still known: longer than any clock is plausibly set back.
pub(super) const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Spent plans with the time each would have expired.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Ledger(BTreeMap<PlanId, Timestamp>);

impl Ledger {
    /// `true` the first time.
    pub(super) fn spend(&mut self, plan: PlanId, expires_at: Timestamp, now: Timestamp) -> bool {
        self.0
            .retain(|_, expired| now.duration_since(*expired) < REMEMBERED);
        self.0.insert(plan, expires_at).is_none()
    }

    pub(super) fn is_spent(&self, plan: PlanId) -> bool {
        self.0.contains_key(&plan)
    }
}
