//! The state of one process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{Decision, KeyRing, Plan, PlanId, ledger::Ledger};

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Contents>);

#[derive(Debug, Default)]
struct Contents {
    keys: KeyRing,
    ledger: Ledger,
    plans: BTreeMap<PlanId, Plan>,
}

impl Memory {
    /// A panic elsewhere leaves nothing half done here: each operation is one insertion or removal.
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keys(&self, now: Timestamp) -> KeyRing {
        let mut contents = self.contents();
        contents.keys.renew(now);
        contents.keys.clone()
    }

    pub(super) fn spend(&self, plan: PlanId, expires_at: Timestamp, now: Timestamp) -> bool {
        self.contents().ledger.spend(plan, expires_at, now)
    }

    pub(super) fn is_spent(&self, plan: PlanId) -> bool {
        self.contents().ledger.is_spent(plan)
    }

    pub(super) fn keep_plan(&self, plan: Plan, now: Timestamp) {
        let mut contents = self.contents();
        contents.plans.retain(|_, kept| kept.forgotten_at() > now);
        contents.plans.insert(plan.id, plan);
    }

    pub(super) fn plan(&self, id: PlanId) -> Option<Plan> {
        self.contents().plans.get(&id).cloned()
    }

    pub(super) fn plans(&self) -> Vec<Plan> {
        self.contents().plans.values().cloned().collect()
    }

    pub(super) fn decide(&self, id: PlanId, decision: Decision) -> bool {
        match self.contents().plans.get_mut(&id) {
            Some(plan) => {
                plan.decision = Some(decision);
                true
            }
            None => false,
        }
    }
}
