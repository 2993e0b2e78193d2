//! A change that takes something away is planned first, and made only by the same call again with the plan's token.
//!
//! Guarantees: a token is good for one caller, one tool with one set of arguments, one exact effect planned from one exact
//! state, until it expires, once; a token with any byte changed is refused; a refused redemption spends nothing, so nobody
//! can burn somebody else's token; processes that share a [`Store`] accept each other's tokens and spend each once
//! between them; where [`Require::Operator`] is set, a token without a person's approval in the store is refused. Does not
//! hide anything: a token holds hashes, a random name and times, readable by whoever has it. Nor does it ask a person
//! through a client ([`Require::Human`]): that is `access`, which redeems only after the person's word.
//!
//! Why the digests stand inside the token and not in its associated data: the codec could then only say "no", and a caller
//! could not tell a token that was copied badly from one that belongs to another call.

mod approval;
mod claims;
mod digest;
mod refusal;
mod seal;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use self::{
    approval::{DecisionError, Require},
    refusal::{Before, Refusal},
};
use self::{claims::Claims, seal::Seal};
use crate::{
    caller::Caller,
    clock::Clock,
    store::{BadKeys, KeyRing, Plan, PlanId, Shown, Store, StoreError},
};

/// How tokens are given out.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a token is good for; at most [`Settings::LONGEST`], more counts as that.
    pub ttl: Duration,
    /// Who confirms.
    pub require: Require,
}

impl Settings {
    /// A day: far longer than a plan describes anything, and shorter than a sealing key is kept.
    pub const LONGEST: Duration = Duration::from_hours(24);
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(10),
            require: Require::Token,
        }
    }
}

/// Everything that a confirmation is bound to.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The tool.
    pub tool: &'a str,
    /// Its arguments without the token. Compared as JSON: the order of members does not matter, everything else does.
    pub arguments: &'a Value,
    /// Who asks. Bound by name: the client program may be another one, and what the caller may do is judged each time.
    pub caller: &'a Caller,
    /// The systems that are changed, with what tells two tenants apart (`statuspage:ORGANIZATION`). Their order counts.
    pub systems: &'a [String],
    /// What will be done.
    pub steps: &'a Value,
    /// What was read to plan it. Nothing that changes by itself, such as a time, belongs here.
    pub state: &'a Value,
}

/// A plan that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What the second call must carry: about 240 letters, digits, `-`, `_` and `.`.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// The plan's name.
    pub plan_id: PlanId,
}

/// The right to make the change, once.
#[derive(Debug)]
pub struct Redeemed {
    /// The plan's name.
    pub plan_id: PlanId,
}

/// Why no token could be given out.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// Where plans are kept cannot be used.
    #[error("cannot prepare the confirmation: {0}. Nothing was changed.")]
    Store(#[from] StoreError),
    /// The keys that are kept there are none.
    #[error("cannot prepare the confirmation: {0}. Nothing was changed.")]
    Keys(#[from] BadKeys),
}

/// Gives tokens out and takes them back.
#[derive(Debug, Clone)]
pub struct Gate {
    store: Store,
    clock: Clock,
    ttl: Duration,
    require: Require,
}

impl Gate {
    /// A gate on the state that `store` shares.
    #[must_use]
    pub fn new(store: Store, clock: Clock, settings: Settings) -> Self {
        Self {
            store,
            clock,
            ttl: settings.ttl.min(Settings::LONGEST),
            require: settings.require,
        }
    }

    /// Gives out a token for exactly this.
    ///
    /// # Errors
    /// The plan cannot be kept, or there are no keys.
    pub async fn offer(&self, subject: &Subject<'_>) -> Result<Offer, GateError> {
        self.offer_shown(subject, None).await
    }

    /// The same, for a plan that a person at the server must approve: `shown` is what that person is shown.
    ///
    /// # Errors
    /// As [`Gate::offer`].
    pub async fn offer_shown(
        &self,
        subject: &Subject<'_>,
        shown: Option<Shown>,
    ) -> Result<Offer, GateError> {
        let id = PlanId::random();
        let claims = Claims::new(id, self.clock.now(), self.ttl, subject);
        let expires_at = claims.expires_at();
        let seal = Seal::new(&self.store.keys().await?)?;
        let (steps, state) = (subject.steps.clone(), subject.state.clone());
        self.store
            .keep_plan(Plan {
                id,
                expires_at,
                steps,
                state,
                shown,
                decision: None,
            })
            .await?;
        Ok(Offer {
            token: seal.close(&claims),
            expires_at,
            plan_id: id,
        })
    }

    /// The plan of a token that this caller has spent on these arguments; `None` for any other token, and for what is none.
    ///
    /// It gives no right to a change: it only names a plan that was confirmed, for whoever keeps the rest of it.
    ///
    /// # Errors
    /// The keys or the ledger cannot be read.
    pub async fn spent(
        &self,
        token: &str,
        caller: &Caller,
        tool: &str,
        arguments: &Value,
    ) -> Result<Option<PlanId>, Refusal> {
        let seal = Seal::new(&self.store.keys().await?)?;
        let subject = Subject {
            tool,
            arguments,
            caller,
            systems: &[],
            steps: &Value::Null,
            state: &Value::Null,
        };
        let mine = seal
            .open(token)
            .filter(|claims| claims.is_of_caller(&subject) && claims.is_of_arguments(&subject));
        match mine {
            Some(claims) if self.store.is_spent(claims.id()).await? => Ok(Some(claims.id())),
            _ => Ok(None),
        }
    }

    /// Takes a token back for the change as it is planned **now**, and spends it last of all.
    ///
    /// # Errors
    /// The first of: malformed, wrong caller, expired, wrong arguments, already used, state changed, not approved. Nothing
    /// was spent.
    pub async fn redeem(&self, token: &str, now: &Subject<'_>) -> Result<Redeemed, Refusal> {
        let tool = now.tool.to_owned();
        let seal = Seal::new(&self.store.keys().await?)?;
        let Some(claims) = seal.open(token) else {
            return Err(Refusal::Malformed { tool });
        };
        if !claims.is_of_caller(now) {
            return Err(Refusal::WrongCaller { tool });
        }
        let (plan_id, expires_at) = (claims.id(), claims.expires_at());
        if self.clock.now() >= expires_at {
            return Err(Refusal::Expired {
                tool,
                at: expires_at,
                valid_for: claims.valid_for(),
            });
        }
        if !claims.is_of_arguments(now) {
            return Err(Refusal::WrongArguments { tool });
        }
        if self.store.is_spent(plan_id).await? {
            return Err(Refusal::AlreadyUsed { tool });
        }
        if !claims.is_of_effect(now) {
            let plan = self.store.plan(plan_id).await?;
            let before = plan.map(|Plan { steps, state, .. }| Box::new(Before { steps, state }));
            return Err(Refusal::StateChanged { tool, before });
        }
        if self.require == Require::Operator {
            self.approved(plan_id, expires_at, tool.clone()).await?;
        }
        // Another call can have passed every check beside this one: the ledger lets one through.
        if self.store.spend(plan_id, expires_at).await? {
            Ok(Redeemed { plan_id })
        } else {
            Err(Refusal::AlreadyUsed { tool })
        }
    }

    async fn approved(
        &self,
        plan: PlanId,
        expires_at: Timestamp,
        tool: String,
    ) -> Result<(), Refusal> {
        let kept = self.store.plan(plan).await?;
        match kept.and_then(|kept| kept.decision) {
            Some(decision) if decision.approved => Ok(()),
            Some(decision) => Err(Refusal::Denied {
                tool,
                plan,
                by: decision.by,
            }),
            None => Err(Refusal::Waiting {
                tool,
                plan,
                expires_at,
            }),
        }
    }
}

const _: () = assert!(
    Settings::LONGEST.as_secs() as i64 <= SignedDuration::as_secs(&KeyRing::RENEWED_AFTER),
    "a token must not outlive the key that sealed it"
);
