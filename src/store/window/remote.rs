//! Rings shared by several machines: one script in Redis takes every decision, by Redis's clock.
//!
//! Guarantees: read, decision and change are one step for all machines; a script whose answer was lost is sent again with the
//! same ticket and takes no second slot; a slot whose answer never came counts as in flight; after a restart or a failover
//! of Redis, or when it was emptied, the window counts as used up. The decisions are those of [`super::Ring`].
//!
//! Does not guarantee: anything while the clock of the machine under Redis is set forward by hand: slots then come free early.
//! Set back, it makes everybody wait longer, by one window at most.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use redis::Script;
use tokio::sync::oneshot;

use super::super::remote::{Link, Unavailable};
use super::script::{self, micros};
use super::{Key, Lane, Limits, Take, Ticket, Usage};

static RING: LazyLock<Script> = LazyLock::new(|| Script::new(script::CODE));

/// No line is longer; a forecast for more is that of the last in this one, and so not too long.
const LONGEST_LINE: usize = 10_000;

/// The Redis that holds the rings.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    link: Arc<Link>,
    /// When this process last had an answer about a window, on its own clock.
    used: Arc<Mutex<HashMap<Key, Duration>>>,
}

impl Remote {
    pub(in crate::store) fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            used: Arc::default(),
        }
    }

    /// Asked to the end even if the caller goes away, and the slot is then given back.
    pub(super) async fn take(
        &self,
        key: &Key,
        limits: &Limits,
        lane: Lane,
        ticket: Ticket,
    ) -> Result<Take, Unavailable> {
        let (tell, told) = oneshot::channel();
        let (this, key, limits) = (self.clone(), key.clone(), *limits);
        // Whoever asked may be gone when the answer comes, and the slot must not be lost.
        self.link.tasks().spawn(async move {
            let arguments = [limits.slots(lane).to_string(), ticket.name()];
            let answer = this
                .run::<[u64; 1]>(&key, &limits, "take", &arguments)
                .await;
            let taken = matches!(answer, Ok([0]));
            let (received, was_received) = oneshot::channel::<()>();
            drop(tell.send((answer, received)));
            if was_received.await.is_err()
                && taken
                && let Err(error) = this.withdraw(&key, &limits, ticket).await
            {
                tracing::warn!(%error, "a request that was never sent counts as in flight");
            }
        });
        let Ok((answer, received)) = told.await else {
            return Err(self.link.unavailable("the program is stopping"));
        };
        let _ = received.send(());
        Ok(match answer? {
            [0] => Take::Taken(ticket),
            [wait] => Take::Wait(Duration::from_micros(wait)),
        })
    }

    pub(super) async fn forecast(
        &self,
        key: &Key,
        limits: &Limits,
        lane: Lane,
        ahead: usize,
    ) -> Result<Duration, Unavailable> {
        let arguments = [
            limits.slots(lane).to_string(),
            ahead.min(LONGEST_LINE).to_string(),
        ];
        let [wait] = self.run(key, limits, "forecast", &arguments).await?;
        Ok(Duration::from_micros(wait))
    }

    pub(super) async fn answered(
        &self,
        key: &Key,
        limits: &Limits,
        ticket: Ticket,
    ) -> Result<(), Unavailable> {
        self.tell(key, limits, "answered", ticket.name()).await
    }

    pub(super) async fn withdraw(
        &self,
        key: &Key,
        limits: &Limits,
        ticket: Ticket,
    ) -> Result<(), Unavailable> {
        self.tell(key, limits, "withdraw", ticket.name()).await
    }

    pub(super) async fn pause(
        &self,
        key: &Key,
        limits: &Limits,
        how_long: Duration,
    ) -> Result<(), Unavailable> {
        let how_long = micros(how_long).to_string();
        self.tell(key, limits, "pause", how_long).await
    }

    pub(super) async fn rejected(
        &self,
        key: &Key,
        limits: &Limits,
        how_long: Duration,
    ) -> Result<(), Unavailable> {
        let how_long = micros(how_long).to_string();
        self.tell(key, limits, "rejected", how_long).await
    }

    pub(super) async fn usage(&self, key: &Key, limits: &Limits) -> Result<Usage, Unavailable> {
        let [used, resets_in, paused_for, paced] = self.run(key, limits, "usage", &[]).await?;
        Ok(Usage {
            used: u32::try_from(used).unwrap_or(u32::MAX),
            limit: limits.requests.max(1),
            resets_in: Duration::from_micros(resets_in),
            paused_for: Some(Duration::from_micros(paused_for)).filter(|left| !left.is_zero()),
            paced: paced == 1,
        })
    }

    async fn tell(
        &self,
        key: &Key,
        limits: &Limits,
        what: &str,
        argument: String,
    ) -> Result<(), Unavailable> {
        self.run(key, limits, what, &[argument]).await
    }

    async fn run<T: redis::FromRedisValue + Send>(
        &self,
        key: &Key,
        limits: &Limits,
        what: &str,
        arguments: &[String],
    ) -> Result<T, Unavailable> {
        let keys = script::PARTS.map(|part| self.link.name(&["window", key.as_str(), part]));
        let mut all = script::arguments(what, None, limits, arguments);
        // Redis keeps a window for longer than this after its last use.
        let kept = limits.window + limits.answer_within;
        let asked = self.link.clock().monotonic();
        let before = self.used().get(key).copied();
        if before.is_some_and(|before| asked.saturating_sub(before) < kept)
            && let Some(time) = all.get_mut(1)
        {
            script::USED_BEFORE.clone_into(time);
        }
        let answer = self.link.script(&RING, &keys, &all).await?;
        self.used().insert(key.clone(), asked);
        Ok(answer)
    }

    fn used(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Duration>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
