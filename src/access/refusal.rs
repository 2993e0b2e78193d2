//! The reasons why a call was not carried out, in words that end with what changed.

use crate::access::Question;
use crate::audit::AuditError;
use crate::confirmation;
use crate::policy::Why;
use crate::providers::ProviderError;
use crate::store::StoreError;
use crate::upstream;

/// A call that was refused or could not be carried out. Whatever the reason: nothing was changed.
///
/// A change that was begun is never a refusal: it is a report whose steps say how each one ended.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The arguments do not make sense.
    #[error("bad arguments: {} Nothing was changed.", sentence(.0))]
    Arguments(String),
    /// A rule of the operator.
    #[error("{0}")]
    Policy(#[from] Why),
    /// The confirmation token is not good for this change.
    #[error("{0}")]
    Confirmation(#[from] confirmation::Refusal),
    /// A person has to answer this first. Not an error: whoever can reach the person asks, and calls again.
    #[error("a person has to confirm this, and was not asked. Nothing was changed.")]
    Asks(Box<Question>),
    /// No person agreed.
    #[error("not confirmed: {0}. Nothing was changed.")]
    Person(String),
    /// No confirmation could be offered.
    #[error("{0}")]
    Gate(#[from] confirmation::GateError),
    /// The upstream did not give what was needed.
    #[error("{0}. Nothing was changed.")]
    Upstream(#[from] ProviderError),
    /// A read was cut short, and something would have been computed from it.
    #[error(
        "{what} could not be read to the end ({why}), and a change planned from a part of it would be wrong. {next} Nothing was changed."
    )]
    Incomplete {
        /// The list or record that was read.
        what: String,
        /// The reason why it stopped.
        why: String,
        /// The next step to take.
        next: String,
    },
    /// The state that a confirmed plan was made from could not be read: its token was not spent.
    #[error(
        "could_not_read: what the plan rests on could not be read now ({0}). The confirmation token stays good: call again with the same arguments and the same `confirmation_token`. Nothing was changed."
    )]
    CouldNotRead(String),
    /// There is no such person, page or group.
    #[error("{what} was not found{where_}. {next} Nothing was changed.")]
    NotFound {
        /// The thing that was looked for.
        what: String,
        /// The place (` on page …`), or nothing.
        where_: String,
        /// The next step to take.
        next: String,
    },
    /// Several answer to the description.
    #[error("{0}. Nothing was changed.")]
    Ambiguous(String),
    /// A system is not configured.
    #[error("{system} is not configured: {needs}. Nothing was changed.")]
    NotConfigured {
        /// Its name.
        system: &'static str,
        /// The setting that would configure it.
        needs: &'static str,
    },
    /// It cannot work, which is known before trying.
    #[error("{0} Nothing was changed.")]
    Preflight(String),
    /// The record could not be written.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// Shared state could not be read or written.
    #[error("the server's own state could not be used: {0}. Nothing was changed.")]
    Store(#[from] StoreError),
    /// The cursor is not one of this list.
    #[error("{0} Nothing was changed.")]
    Cursor(&'static str),
    /// The client gave up.
    #[error("the call was cancelled. Nothing was changed.")]
    Cancelled,
}

/// Words with the full stop that they lack.
fn sentence(words: &str) -> String {
    let stop = if words.ends_with('?') { "" } else { "." };
    format!("{words}{stop}")
}

impl Refusal {
    /// Arguments that do not make sense.
    #[must_use]
    pub fn arguments(why: impl Into<String>) -> Self {
        let why: String = why.into();
        Self::Arguments(why.trim_end_matches('.').to_owned())
    }

    /// Returns whether something that the arguments stand for is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::NotFound { .. } => true,
            Self::Upstream(error) => error.is_not_found(),
            _ => false,
        }
    }

    /// Returns whether the upstream failed in passing: the same call can succeed a moment later.
    #[must_use]
    pub fn passes(&self) -> bool {
        let Self::Upstream(error) = self else {
            return false;
        };
        matches!(
            error.upstream(),
            Some(
                upstream::Error::NotReached { .. }
                    | upstream::Error::Broke { .. }
                    | upstream::Error::Unreadable { .. }
            )
        )
    }

    /// Returns whether it is about the one person that was planned for, so that others can go on.
    #[must_use]
    pub(in crate::access) fn is_of_one_person(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::Ambiguous(_)
                | Self::Preflight(_)
                | Self::Incomplete { .. }
        )
    }

    /// Returns whether the same call goes on as soon as there is time for it.
    #[must_use]
    pub(in crate::access) fn waits(&self) -> bool {
        let Self::Upstream(error) = self else {
            return false;
        };
        matches!(
            error.upstream(),
            Some(upstream::Error::DeadlinePassed { .. } | upstream::Error::RateLimited { .. })
        )
    }

    /// Converts the refusal of a call that had a good token: a passing failure says nothing about the plan.
    #[must_use]
    pub fn with_a_token(self) -> Self {
        match &self {
            Self::Upstream(error) if !error.is_refusal() => {
                Self::CouldNotRead(self.without_ending())
            }
            Self::Incomplete { .. } => Self::CouldNotRead(self.without_ending()),
            _ => self,
        }
    }

    /// The words without the closing "Nothing was changed.", for use inside an answer of a read.
    #[must_use]
    pub fn without_ending(&self) -> String {
        let words = self.to_string();
        words
            .trim_end_matches("Nothing was changed.")
            .trim_end()
            .trim_end_matches('.')
            .to_owned()
    }

    /// A short word for metrics and the audit file.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "bad_arguments",
            Self::Policy(_) => "policy",
            Self::Confirmation(refusal) => refusal.code(),
            Self::Asks(_) => "asks_a_person",
            Self::Person(_) => "no_person_agreed",
            Self::Gate(_) => "confirmation",
            Self::Upstream(_) => "upstream",
            Self::Incomplete { .. } => "incomplete_read",
            Self::CouldNotRead(_) => "could_not_read",
            Self::NotFound { .. } => "not_found",
            Self::Ambiguous(_) => "ambiguous",
            Self::NotConfigured { .. } => "not_configured",
            Self::Preflight(_) => "preflight",
            Self::Audit(_) => "audit",
            Self::Store(_) => "state",
            Self::Cursor(_) => "cursor",
            Self::Cancelled => "cancelled",
        }
    }
}
