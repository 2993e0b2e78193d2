//! A change that takes something away is planned first, and made only by the same call again with the plan's token.
//!
//! Guarantees: a token is good for one caller, one tool with one set of arguments, one exact effect planned from one exact
//! state, until it expires, once; a token with any byte changed is refused; a refused redemption spends nothing, so nobody
//! can burn somebody else's token; processes that share a [`Store`] accept each other's tokens and spend each once
//! between them; a spent token goes on naming its own plan, for its caller and arguments, so that this plan can be finished, and gives
//! no other right; where [`Require::Operator`] is set, a token without a person's approval in the store is refused. Does not
//! ask a person through a client ([`Require::Human`]): that is `access`, which redeems only after the person's word.
//!
//! A token is a random text of twelve characters, because a model copies it out by hand. What it is good for stands in the store,
//! beside the plan, under a name from which the token cannot be had. Sixty bits are not guessed: each try is a call, and one that
//! guessed right would still have to be its caller's, with its arguments.

mod approval;
mod bound;
mod digest;
mod refusal;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use self::{
    approval::{DecisionError, Require},
    refusal::{Before, Refusal},
};
use crate::{
    caller::Caller,
    clock::Clock,
    store::{Bound, Plan, PlanId, Shown, Store, StoreError, short},
};

/// Names a tool with its arguments, as a token is bound to them: equal calls have equal names.
#[must_use]
pub fn call(tool: &str, arguments: &Value) -> String {
    let whole = digest::of("arguments", [tool, &digest::canonical(arguments)]);
    hex::encode(whole)
}

/// Characters of a token.
const TOKEN: usize = 12;

/// The time after its confirmation in which a plan can be finished: as long as a spent token is remembered.
const FINISHED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// The settings of confirmation.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The validity of a token; at most [`Settings::LONGEST`], and more counts as that.
    pub ttl: Duration,
    /// The kind of confirmation.
    pub require: Require,
}

impl Settings {
    /// A day: far longer than a plan describes anything.
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
    /// The caller. The plan is bound to the caller's name: the client program may be another one, and rights are checked at each call.
    pub caller: &'a Caller,
    /// The systems that are changed, with what tells two tenants apart (`statuspage:ORGANIZATION`). Their order counts.
    pub systems: &'a [String],
    /// The steps of the plan.
    pub steps: &'a Value,
    /// The state that the plan was made from. Nothing that changes by itself, such as a time, belongs here.
    pub state: &'a Value,
}

/// A plan that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The token that the second call must carry: twelve letters and digits.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// The plan's name.
    pub plan_id: PlanId,
}

/// A token that was given to this caller for these arguments, and is good or was spent by them.
#[derive(Debug)]
pub struct Checked {
    /// The plan's name.
    pub plan_id: PlanId,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The plan as it was shown.
    pub shown: Plan,
    /// True when the present plan is exactly the one that was shown, made from exactly the same state.
    pub same: bool,
    /// True when the token was spent: then its plan is only to be finished.
    pub begun: bool,
}

/// The right to make the change, once.
#[derive(Debug)]
pub struct Redeemed {
    /// The plan's name.
    pub plan_id: PlanId,
}

/// The reasons why no token could be given out.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The store of plans cannot be used.
    #[error("cannot prepare the confirmation: {0}. Nothing was changed.")]
    Store(#[from] StoreError),
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
    /// The plan cannot be kept.
    pub async fn offer(&self, subject: &Subject<'_>) -> Result<Offer, GateError> {
        self.offer_shown(subject, None, Value::Null).await
    }

    /// Offers a plan that a person at the server must approve: `shown` is what that person sees. `work` is kept with it.
    ///
    /// # Errors
    /// As [`Gate::offer`].
    pub async fn offer_shown(
        &self,
        subject: &Subject<'_>,
        shown: Option<Shown>,
        work: Value,
    ) -> Result<Offer, GateError> {
        let token = short::random::<TOKEN>();
        let bound = Bound::to(subject, self.clock.now(), self.ttl);
        let offer = Offer {
            expires_at: bound.expires_at,
            plan_id: PlanId::of_token(&token),
            token,
        };
        self.store
            .keep_plan(Plan {
                id: offer.plan_id,
                expires_at: offer.expires_at,
                bound,
                steps: subject.steps.clone(),
                state: subject.state.clone(),
                shown,
                decision: None,
                work,
            })
            .await?;
        Ok(offer)
    }

    /// Returns the name of a token's plan; `None` for what looks like no token.
    #[must_use]
    pub fn plan_of(&self, token: &str) -> Option<PlanId> {
        // White space around it is what copying adds.
        let token = token.trim();
        let is_one = token.len() == TOKEN && short::is_short(token);
        is_one.then(|| PlanId::of_token(token))
    }

    /// Returns the plan that was shown with a token, as it is kept. It gives no right.
    ///
    /// # Errors
    /// [`Refusal::Store`]: the plan cannot be read.
    pub async fn shown(&self, token: &str) -> Result<Option<Plan>, Refusal> {
        match self.plan_of(token) {
            Some(id) => Ok(self.store.plan(id).await?),
            None => Ok(None),
        }
    }

    /// Looks at a token for the change as it is planned **now**, and spends nothing.
    ///
    /// # Errors
    /// The first of: malformed, already used (where its plan is forgotten), wrong caller, expired, wrong arguments, state changed
    /// (where other systems are meant).
    pub async fn check(&self, token: &str, now: &Subject<'_>) -> Result<Checked, Refusal> {
        let tool = now.tool.to_owned();
        let Some(plan_id) = self.plan_of(token) else {
            return Err(Refusal::Malformed { tool });
        };
        let begun = self.store.is_spent(plan_id).await?;
        let Some(shown) = self.store.plan(plan_id).await? else {
            return Err(if begun {
                Refusal::AlreadyUsed { tool }
            } else {
                Refusal::Malformed { tool }
            });
        };
        let bound = &shown.bound;
        if !bound.is_of_caller(now) {
            return Err(Refusal::WrongCaller { tool });
        }
        let same_call = bound.is_of_arguments(now);
        if !(begun && same_call) && self.clock.now() >= bound.expires_at {
            return Err(Refusal::Expired {
                tool,
                at: bound.expires_at,
                valid_for: Duration::from_secs(bound.valid_for_s),
            });
        }
        if !same_call {
            return Err(Refusal::WrongArguments { tool });
        }
        if !bound.is_of_systems(now) {
            return Err(changed(tool, shown));
        }
        Ok(Checked {
            plan_id,
            expires_at: bound.expires_at,
            same: shown.steps == *now.steps && shown.state == *now.state,
            shown,
            begun,
        })
    }

    /// Spends a token that was checked, and keeps its plan for as long as it may be finished.
    ///
    /// # Errors
    /// It is spent already, or a person at the server has not approved it.
    pub async fn spend(&self, checked: Checked, now: &Subject<'_>) -> Result<Plan, Refusal> {
        let (plan_id, expires_at) = (checked.plan_id, checked.expires_at);
        let tool = now.tool.to_owned();
        if checked.begun {
            return Err(Refusal::AlreadyUsed { tool });
        }
        if self.require == Require::Operator {
            self.approved(plan_id, expires_at, tool.clone()).await?;
        }
        // Another call can have passed every check beside this one: the ledger lets one through.
        if !self.store.spend(plan_id, expires_at).await? {
            return Err(Refusal::AlreadyUsed { tool });
        }
        let finished_until = self.clock.now().checked_add(FINISHED_WITHIN);
        let plan = Plan {
            expires_at: finished_until.unwrap_or(expires_at),
            ..checked.shown
        };
        self.keep(&plan).await?;
        Ok(plan)
    }

    /// Keeps how far a plan came.
    ///
    /// # Errors
    /// It cannot be kept.
    pub async fn keep(&self, plan: &Plan) -> Result<(), StoreError> {
        self.store.keep_plan(plan.clone()).await
    }

    /// Takes a token back for the change as it is planned **now**, where that is exactly what was shown, and spends it last of all.
    ///
    /// # Errors
    /// The first of: malformed, wrong caller, expired, wrong arguments, already used, state changed, not approved. Nothing
    /// was spent.
    pub async fn redeem(&self, token: &str, now: &Subject<'_>) -> Result<Redeemed, Refusal> {
        let checked = self.check(token, now).await?;
        let tool = now.tool.to_owned();
        if checked.begun {
            return Err(Refusal::AlreadyUsed { tool });
        }
        if !checked.same {
            return Err(changed(tool, checked.shown));
        }
        let plan_id = self.spend(checked, now).await?.id;
        Ok(Redeemed { plan_id })
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

fn changed(tool: String, shown: Plan) -> Refusal {
    let Plan { steps, state, .. } = shown;
    let before = Box::new(Before { steps, state });
    Refusal::StateChanged { tool, before }
}
