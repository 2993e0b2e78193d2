//! The state that several machines share, in one Redis.
//!
//! Guarantees: each operation is one atomic step in Redis, and one that is sent again because its answer was lost does nothing
//! twice; every key has the prefix and, so that nothing grows for ever, an end. Without an answer there is an error, never a
//! default. Does not: work with Redis Cluster, hide anything from somebody who can read this Redis, or defend it against
//! somebody who can write to it. A failover that loses the last writes loses what they said.

mod address;
mod health;
mod lease;
mod link;

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use redis::{Script, cmd};
use serde::de::DeserializeOwned;

pub use self::address::{Address, BadAddress, Prefix};
pub use self::health::Health;
pub use self::link::Unavailable;
pub(super) use self::{lease::Lease, link::Link};
use super::{Decision, KeyRing, Plan, PlanId, StoreError, ledger};
use crate::clock::Clock;

/// The time for which the keys outlive their last renewal: nothing that the older key sealed is valid for so long.
const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Puts new keys in the place of the ones that were read, unless somebody else did meanwhile. Gives the ones that count.
static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("remote/renew.lua")));

/// One Redis, as this process sees it.
#[derive(Debug)]
pub(super) struct Remote {
    link: std::sync::Arc<Link>,
}

impl Remote {
    /// Connects, and refuses a Redis that cannot do what is asked of it.
    pub(super) async fn open(
        address: Address,
        prefix: Prefix,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let link = Link::new(address, prefix, clock)?;
        health::look(&link).await?;
        Ok(Self {
            link: std::sync::Arc::new(link),
        })
    }

    pub(super) fn link(&self) -> &std::sync::Arc<Link> {
        &self.link
    }

    pub(super) async fn health(&self) -> Result<Health, StoreError> {
        Ok(health::look(&self.link).await?)
    }

    pub(super) async fn keys(&self, now: Timestamp) -> Result<KeyRing, StoreError> {
        let key = self.link.name(&["keys"]);
        let kept: Option<String> = self.link.command(cmd("GET").arg(&key)).await?;
        let mut ring: KeyRing = match &kept {
            Some(text) => read(&key, text)?,
            None => KeyRing::default(),
        };
        if !ring.is_due(now) {
            return Ok(ring);
        }
        ring.renew(now);
        let made = write(&key, &ring)?;
        let arguments = [
            kept.unwrap_or_default(),
            made,
            KEYS_KEPT.as_millis().to_string(),
        ];
        let counts: String = self
            .link
            .script(&RENEW, std::slice::from_ref(&key), &arguments)
            .await?;
        read(&key, &counts)
    }

    /// The value tells this attempt from every other: one whose answer was lost is recognised when it is sent again.
    pub(super) async fn spend(
        &self,
        plan: PlanId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let attempt = PlanId::random().to_string();
        let left = expires_at
            .duration_since(now)
            .max(SignedDuration::ZERO)
            .saturating_add(ledger::REMEMBERED);
        Ok(self
            .link
            .claim(&self.spent(plan), &attempt, millis(left))
            .await?)
    }

    pub(super) async fn is_spent(&self, plan: PlanId) -> Result<bool, StoreError> {
        Ok(self
            .link
            .command(cmd("EXISTS").arg(self.spent(plan)))
            .await?)
    }

    pub(super) async fn keep_plan(&self, plan: &Plan, now: Timestamp) -> Result<(), StoreError> {
        let left = plan.forgotten_at().duration_since(now);
        if left <= SignedDuration::ZERO {
            return Ok(());
        }
        let (key, list) = (self.plan_key(plan.id), self.link.name(&["plans"]));
        let mut set = cmd("SET");
        set.arg(&key).arg(write(&key, plan)?);
        self.link
            .command::<()>(set.arg("PX").arg(millis(left)))
            .await?;
        // The list may name plans that are gone, never the other way round for a plan that this returned as kept.
        let mut add = cmd("ZADD");
        add.arg(&list).arg("GT");
        add.arg(plan.forgotten_at().as_millisecond())
            .arg(plan.id.to_string());
        self.link.command::<()>(&add).await?;
        let mut forget = cmd("ZREMRANGEBYSCORE");
        forget.arg(&list).arg("-inf").arg(now.as_millisecond());
        self.link.command::<()>(&forget).await?;
        // A day is the longest that a plan can be good.
        let day = SignedDuration::from_hours(26).max(left);
        self.link
            .command(cmd("PEXPIRE").arg(&list).arg(millis(day)))
            .await
            .map_err(StoreError::from)
    }

    pub(super) async fn plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let key = self.plan_key(id);
        let kept: Option<String> = self.link.command(cmd("GET").arg(&key)).await?;
        kept.map(|text| read(&key, &text)).transpose()
    }

    pub(super) async fn plans(&self) -> Result<Vec<Plan>, StoreError> {
        let mut list = cmd("ZRANGE");
        list.arg(self.link.name(&["plans"])).arg(0).arg(-1);
        let named: Vec<String> = self.link.command(&list).await?;
        let mut plans = Vec::new();
        for id in named.iter().filter_map(|it| it.parse().ok()) {
            plans.extend(self.plan(id).await?);
        }
        Ok(plans)
    }

    pub(super) async fn decide(&self, id: PlanId, decision: Decision) -> Result<bool, StoreError> {
        let Some(mut plan) = self.plan(id).await? else {
            return Ok(false);
        };
        plan.decision = Some(decision);
        let key = self.plan_key(id);
        let mut set = cmd("SET");
        set.arg(&key)
            .arg(write(&key, &plan)?)
            .arg("XX")
            .arg("KEEPTTL");
        // Nothing is answered when it expired in between.
        let done: Option<String> = self.link.command(&set).await?;
        Ok(done.is_some())
    }

    fn spent(&self, plan: PlanId) -> String {
        self.link.name(&["spent", &plan.to_string()])
    }

    fn plan_key(&self, plan: PlanId) -> String {
        self.link.name(&["plan", &plan.to_string()])
    }
}

fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis())
        .unwrap_or(i64::MAX)
        .max(1)
}

fn read<T: DeserializeOwned>(key: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|why| StoreError::Garbled {
        key: key.to_owned(),
        why: why.to_string(),
    })
}

fn write<T: serde::Serialize>(key: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::Garbled {
        key: key.to_owned(),
        why: why.to_string(),
    })
}
