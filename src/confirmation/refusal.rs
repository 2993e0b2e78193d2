//! The reasons why a token was not accepted.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::store::{PlanId, StoreError};

/// A token was not accepted, for this reason. It was not spent, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not a token of this server, damaged on the way, or so old that its plan is forgotten.
    #[error(
        "the confirmation token is none that this server knows: it was changed on the way, it expired more than an hour ago, or \
         another server gave it out. Send it again exactly as it was given, or call `{tool}` without `confirmation_token` for a \
         new plan. Nothing was changed."
    )]
    Malformed {
        /// The tool.
        tool: String,
    },
    /// Given to somebody else, for whom it stays good.
    #[error(
        "the confirmation token was given to another caller and is good for no other. Call `{tool}` without \
         `confirmation_token` for a plan of your own. Nothing was changed."
    )]
    WrongCaller {
        /// The tool.
        tool: String,
    },
    /// Too late.
    #[error(
        "the confirmation token expired at {at}: it was valid for {}. Call `{tool}` without `confirmation_token` for a new \
         plan. Nothing was changed.", words(*valid_for)
    )]
    Expired {
        /// The tool.
        tool: String,
        /// When it expired.
        at: Timestamp,
        /// The time for which it was valid.
        valid_for: Duration,
    },
    /// Given for another tool or other arguments.
    #[error(
        "the confirmation token was given for another call: tool and arguments must be exactly those of the plan. Repeat \
         that call, or call `{tool}` with these arguments and without `confirmation_token` for a plan of them. Nothing was \
         changed."
    )]
    WrongArguments {
        /// The tool.
        tool: String,
    },
    /// Spent before, and its plan is carried out or forgotten.
    #[error(
        "the confirmation token was used already, and there is nothing left of its plan to finish: one confirmation covers one \
         plan. If something else is to be done, call `{tool}` without `confirmation_token` for a new plan. Nothing was changed."
    )]
    AlreadyUsed {
        /// The tool.
        tool: String,
    },
    /// The plan made now is another than the one that was confirmed.
    #[error(
        "what the plan was made from has changed since: done now, `{tool}` would have another effect than the one that was \
         confirmed. Show the new plan to whoever confirmed the old one; without it, call `{tool}` without \
         `confirmation_token`. Nothing was changed."
    )]
    StateChanged {
        /// The tool.
        tool: String,
        /// The plan that was confirmed.
        before: Box<Before>,
    },
    /// A person at the server has not decided yet.
    #[error(
        "the plan {plan} waits for a person at the server, who runs `status-roster approve {plan}` there. Tell the person who \
         asked; once it is approved, call `{tool}` again with the same arguments and this token, before {expires_at}. \
         Nothing was changed."
    )]
    Waiting {
        /// The tool.
        tool: String,
        /// The plan.
        plan: PlanId,
        /// Until when it waits.
        expires_at: Timestamp,
    },
    /// A person at the server said no.
    #[error(
        "the plan {plan} was denied by a person at the server ({by}). Tell the person who asked, and do not call `{tool}` for \
         the same again unless they say so. Nothing was changed."
    )]
    Denied {
        /// The tool.
        tool: String,
        /// The plan.
        plan: PlanId,
        /// The person who denied it.
        by: String,
    },
    /// It cannot be told whether the token is spent, so it is not accepted.
    #[error("cannot check the confirmation token: {0}. Nothing was changed.")]
    Store(#[from] StoreError),
}

/// The plan as it was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The steps of the plan.
    pub steps: Value,
    /// The state that the plan was made from.
    pub state: Value,
}

impl Refusal {
    /// The refusal in one word: for results, the record and counters.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::WrongCaller { .. } => "wrong_caller",
            Self::Expired { .. } => "expired",
            Self::WrongArguments { .. } => "wrong_arguments",
            Self::AlreadyUsed { .. } => "already_used",
            Self::StateChanged { .. } => "state_changed",
            Self::Waiting { .. } => "waits_for_approval",
            Self::Denied { .. } => "denied",
            Self::Store(_) => "unavailable",
        }
    }
}

fn words(how_long: Duration) -> String {
    match how_long.as_secs() {
        60 => "1 minute".to_owned(),
        seconds if seconds > 0 && seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}
