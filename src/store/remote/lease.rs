//! A turn among machines: a key in Redis that ends by itself, renewed while somebody holds it.
//!
//! Guarantees: a holder that dies loses it within [`LEASE`]; one that cannot renew it knows by its own clock that it is no longer
//! alone ([`Lease::holds`]), counted from before the last renewal was sent; it is given back only by whoever holds it. Does not:
//! stop a request that a holder had already sent when it was stopped for longer than the lease; the upstreams take no
//! number that would let them refuse the later of two.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use redis::Script;
use tokio::sync::oneshot;

use super::super::PlanId;
use super::link::{Link, Unavailable};
use crate::clock::Clock;

/// The time for which a turn outlives a holder that died. Longer than any pause of a healthy process.
const LEASE: Duration = Duration::from_secs(15);

/// Renewed so often that two renewals may fail.
const RENEWED_EVERY: Duration = Duration::from_secs(4);

const LEASE_MILLIS: i64 = 15_000;

/// Lengthens a lease, or ends it (0 ms), if it is still the caller's.
static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lease.lua")));

/// Being alone with something, among machines. Dropping it gives it back.
#[derive(Debug)]
pub(in crate::store) struct Lease {
    /// The instant of this machine's clock until which it certainly holds, in nanoseconds.
    good_until: Arc<AtomicU64>,
    clock: Clock,
    _back: oneshot::Sender<()>,
}

impl Lease {
    /// `None` when somebody else has it. Asked to the end even if the caller goes away, and then given back.
    pub(in crate::store) async fn attempt(
        link: &Arc<Link>,
        key: &str,
        clock: Clock,
    ) -> Result<Option<Self>, Unavailable> {
        let kept = Kept {
            link: Arc::clone(link),
            key: key.to_owned(),
            holder: PlanId::random().to_string(),
            good_until: Arc::default(),
            clock,
        };
        let (tell, told) = oneshot::channel();
        // It renews while the holder is busy, and ends when the holder drops its end.
        link.tasks().spawn(kept.keep(tell));
        told.await
            .unwrap_or_else(|_| Err(link.unavailable("the program is stopping")))
    }

    /// Returns whether nobody else can have it.
    pub(in crate::store) fn holds(&self) -> bool {
        nanos(self.clock.monotonic()) < self.good_until.load(SeqCst)
    }
}

struct Kept {
    link: Arc<Link>,
    key: String,
    holder: String,
    good_until: Arc<AtomicU64>,
    clock: Clock,
}

impl Kept {
    async fn keep(self, tell: oneshot::Sender<Result<Option<Lease>, Unavailable>>) {
        let asked = self.clock.monotonic();
        match self.link.claim(&self.key, &self.holder, LEASE_MILLIS).await {
            Ok(true) => self.good_until.store(nanos(asked + LEASE), SeqCst),
            Ok(false) => return drop(tell.send(Ok(None))),
            Err(error) => return drop(tell.send(Err(error))),
        }
        let (back, mut given_back) = oneshot::channel();
        // Unread it is dropped, and that gives it back.
        drop(tell.send(Ok(Some(Lease {
            good_until: Arc::clone(&self.good_until),
            clock: self.clock,
            _back: back,
        }))));
        loop {
            tokio::select! {
                biased;
                _ = &mut given_back => break,
                () = self.clock.sleep(RENEWED_EVERY) => {}
            }
            let asked = self.clock.monotonic();
            match self.say(LEASE_MILLIS).await {
                Ok(true) => self.good_until.store(nanos(asked + LEASE), SeqCst),
                Ok(false) => {
                    // It ended, and may be somebody else's by now.
                    self.good_until.store(0, SeqCst);
                    tracing::warn!("a turn was lost: this process was stopped, or Redis forgot it");
                    return;
                }
                Err(error) => tracing::warn!(%error, "a turn could not be renewed"),
            }
        }
        if let Err(error) = self.say(0).await {
            tracing::warn!(%error, "a turn could not be given back and ends by itself");
        }
    }

    async fn say(&self, milliseconds: i64) -> Result<bool, Unavailable> {
        let arguments = [self.holder.clone(), milliseconds.to_string()];
        self.link
            .script(&RENEW, std::slice::from_ref(&self.key), &arguments)
            .await
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
