//! The kinds of confirmation, and the plans that wait for a person at the server.
//!
//! A plan that waits is kept with the words that the agent was shown, so that the person decides about the same thing. The
//! decision belongs to the plan, and the plan's digests stand in the agent's token: what is approved is what is made.

use jiff::Timestamp;

use super::Gate;
use crate::store::{Decision, Plan, StoreError};

/// The way in which removals of access are confirmed. No value turns confirmation off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Require {
    /// The caller repeats the call with the token of the plan.
    #[default]
    Token,
    /// A person, who types a word of the plan into a form of the client.
    Human,
    /// A person at the server, who approves the plan there; then the same call again, with its token.
    Operator,
}

impl Require {
    /// The setting's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Human => "human",
            Self::Operator => "operator",
        }
    }
}

/// The reasons why a decision could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// No plan that waits has a name that begins so.
    #[error(
        "no plan that waits has the name `{0}`; `status-roster plans` lists them. Plans are forgotten when they expire"
    )]
    Unknown(String),
    /// More than one name begins so.
    #[error("the names of {count} plans begin with `{named}`; give more of it")]
    Ambiguous {
        /// The beginning of a name, as it was entered.
        named: String,
        /// The number of matching plans.
        count: usize,
    },
    /// It was carried out already.
    #[error("the plan `{0}` was carried out already, so nothing waits for a decision")]
    Spent(String),
    /// Shared state.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Gate {
    /// Returns the kind of confirmation that is required.
    #[must_use]
    pub fn require(&self) -> Require {
        self.require
    }

    /// The plans that wait for a person at the server or were decided by one, and are not carried out or expired. Those
    /// that expire first come first.
    ///
    /// # Errors
    /// The plans or the ledger cannot be read.
    pub async fn waiting(&self) -> Result<Vec<Plan>, StoreError> {
        let now = self.clock.now();
        let mut waiting = Vec::new();
        for plan in self.store.plans().await? {
            let waits = plan.shown.is_some() && plan.expires_at > now;
            if waits && !self.store.is_spent(plan.id).await? {
                waiting.push(plan);
            }
        }
        waiting.sort_by_key(|plan| (plan.expires_at, plan.id));
        Ok(waiting)
    }

    /// The one plan that waits and whose name begins so.
    ///
    /// # Errors
    /// There is none, or several.
    pub async fn named(&self, begins: &str) -> Result<Plan, DecisionError> {
        let begins = begins.trim().to_lowercase();
        let mut found: Vec<Plan> = self.waiting().await?;
        found.retain(|plan| !begins.is_empty() && plan.id.to_string().starts_with(&begins));
        match (found.pop(), found.len()) {
            (Some(plan), 0) => Ok(plan),
            (Some(_), more) => Err(DecisionError::Ambiguous {
                named: begins,
                count: more + 1,
            }),
            (None, _) => Err(DecisionError::Unknown(
                crate::roster::text::clean(&begins, 40).text,
            )),
        }
    }

    /// Keeps a person's decision. A later one replaces it until the plan is carried out.
    ///
    /// # Errors
    /// The plan is gone or carried out, or the state cannot be written.
    pub async fn decide(
        &self,
        plan: &Plan,
        approved: bool,
        by: String,
    ) -> Result<(), DecisionError> {
        let at: Timestamp = self.clock.now();
        if self.store.is_spent(plan.id).await? {
            return Err(DecisionError::Spent(plan.id.to_string()));
        }
        let decision = Decision { approved, by, at };
        if self.store.decide(plan.id, decision).await? {
            Ok(())
        } else {
            Err(DecisionError::Unknown(plan.id.to_string()))
        }
    }
}
