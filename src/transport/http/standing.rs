//! Keeps track of credentials after they were accepted, for what goes on under them: sessions, streams, calls and tasks.
//!
//! Guarantees: what runs under a token that is revoked or ends is told within two seconds: its sessions and streams are
//! closed, and its calls are cancelled, which ends a change between two steps.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::identity::Identity;
use super::pass::Pass;
use super::sessions::Sessions;
use crate::caller::Standing;
use crate::clock::Clock;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// The standing of each pass under which something runs.
#[derive(Default)]
pub(super) struct Standings(Mutex<HashMap<Pass, Weak<CancellationToken>>>);

impl Standings {
    /// The one standing of all who were let in by this pass.
    pub(super) fn of(&self, pass: Pass) -> Standing {
        if pass == Pass::Local {
            return Standing::new();
        }
        let mut standings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(standing) = standings.get(&pass).and_then(Standing::of) {
            return standing;
        }
        let standing = Standing::new();
        standings.insert(pass, standing.watched());
        standing
    }

    /// Ends what is under a pass that is no longer good, as long as it is polled.
    pub(super) async fn watch(&self, identity: &Identity, sessions: &Sessions, clock: Clock) {
        loop {
            clock.sleep(PAUSE).await;
            if self.look(identity) {
                sessions.close_those_over().await;
            }
        }
    }

    /// Returns whether any has ended.
    fn look(&self, identity: &Identity) -> bool {
        let mut any = false;
        let mut standings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standings.retain(|pass, watched| {
            let Some(token) = watched.upgrade() else {
                return false;
            };
            let good = identity.is_good(pass);
            if !good {
                any = true;
                token.cancel();
            }
            good
        });
        any
    }
}
