//! The errors of a request, told apart by type.
//!
//! Guarantees: no variant holds a key, a query or an address of a person that we sent; what the upstream said has been cleaned
//! and cut. Variants say what is known, and for a write whether it can have taken effect ([`Error::effect_unknown`]).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::store::window::WindowError;

/// The reasons why there is no usable answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Nothing was sent, or a read was sent and never answered.
    #[error("cannot reach `{system}`: {why}")]
    NotReached {
        /// The upstream.
        system: &'static str,
        /// The network's reason.
        why: String,
    },
    /// 401.
    #[error("`{system}` does not accept the key: {message}")]
    BadCredential {
        /// The upstream.
        system: &'static str,
        /// Its words.
        message: String,
    },
    /// 403.
    #[error("`{system}` does not allow this to the key: {message}")]
    Forbidden {
        /// The upstream.
        system: &'static str,
        /// Its words.
        message: String,
    },
    /// 404 or 410. After a DELETE that was sent again, the first one may have done it.
    #[error("`{system}` has no such thing: {message}")]
    NotFound {
        /// The upstream.
        system: &'static str,
        /// Its words.
        message: String,
    },
    /// 409: it exists already, or is being changed.
    #[error("`{system}` sees a conflict: {message}")]
    Conflict {
        /// The upstream.
        system: &'static str,
        /// Its words.
        message: String,
    },
    /// 400, 422 and every other 4xx: the request is not acceptable as it is.
    #[error("`{system}` refuses the request: {message}")]
    Invalid {
        /// The upstream.
        system: &'static str,
        /// Its words, the fields included.
        message: String,
        /// Its words by field, where it named fields.
        fields: BTreeMap<String, Vec<String>>,
    },
    /// 420 or 429 beyond the bound that we wait, or our own budget is used up for longer than that.
    #[error("`{system}` takes no further request for {} s", seconds(.retry_after))]
    RateLimited {
        /// The upstream.
        system: &'static str,
        /// When to ask again.
        retry_after: Duration,
    },
    /// 5xx, for reads, PUT and DELETE after retries.
    #[error("`{system}` failed with status {status}: {message}")]
    Broke {
        /// The upstream.
        system: &'static str,
        /// The HTTP status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// A success whose body is not what the contract says, for a read after retries.
    #[error("the answer of `{system}` cannot be read at `{place}`: {why}")]
    Unreadable {
        /// The upstream.
        system: &'static str,
        /// The place in the body, as `[3].email`; `.` is the whole.
        place: String,
        /// The expected form.
        why: String,
    },
    /// 3xx. Never followed: the key would go where nobody configured it to go.
    #[error(
        "`{system}` redirects to `{to}` (status {status}), which is never followed: correct its base address"
    )]
    Redirected {
        /// The upstream.
        system: &'static str,
        /// The HTTP status.
        status: u16,
        /// The host named, or a word when there is none.
        to: String,
    },
    /// A write was sent and its answer did not arrive whole.
    #[error(
        "{method} was sent to `{system}` and its answer was lost ({why}): whether it took effect is unknown"
    )]
    AnswerLost {
        /// The upstream.
        system: &'static str,
        /// `POST`, `PUT`, `PATCH` or `DELETE`.
        method: &'static str,
        /// The network's reason.
        why: String,
        /// True when the time for an answer was over: the system may still be at work on the request.
        late: bool,
    },
    /// The caller stopped; the request was not sent.
    #[error("cancelled before the next request")]
    Cancelled,
    /// The call's time is over, or would be before the request could go; it was not sent, or it was a read.
    #[error("the time for this call is over; the next request could go in {} s", seconds(.retry_after))]
    DeadlinePassed {
        /// The additional time that the request would have had to wait for its slot.
        retry_after: Duration,
    },
    /// The shared window cannot be kept, and without it nothing is sent.
    #[error("{why}. Nothing was sent.")]
    NoBudget {
        /// The file and what the system said.
        why: String,
    },
    /// The request itself cannot be built: an id that no address can carry, a TLS library that does not start.
    #[error("cannot make the request: {why}. Nothing was sent.")]
    Unsendable {
        /// The reason.
        why: String,
    },
}

impl Error {
    /// Returns whether the same request can succeed later without anybody changing anything. A lost answer is not: whether to ask again
    /// depends on what a read finds.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NotReached { .. }
            | Self::RateLimited { .. }
            | Self::Broke { .. }
            | Self::DeadlinePassed { .. } => true,
            Self::BadCredential { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Conflict { .. }
            | Self::Invalid { .. }
            | Self::Unreadable { .. }
            | Self::Redirected { .. }
            | Self::AnswerLost { .. }
            | Self::Cancelled
            | Self::NoBudget { .. }
            | Self::Unsendable { .. } => false,
        }
    }

    /// Returns whether it says no for as long as nobody changes the key, the request or what it is about: asking again is for nothing.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::BadCredential { .. }
                | Self::Forbidden { .. }
                | Self::NotFound { .. }
                | Self::Invalid { .. }
                | Self::Redirected { .. }
                | Self::Unsendable { .. }
        )
    }

    /// Returns whether a write that ended so can have taken effect all the same. Read before you say anything about it.
    #[must_use]
    pub fn effect_unknown(&self) -> bool {
        matches!(
            self,
            Self::AnswerLost { .. } | Self::Broke { .. } | Self::Unreadable { .. }
        )
    }

    /// Returns whether a write that ended so may take effect even after a look: nobody said that its connection or its work had ended.
    #[must_use]
    pub fn may_still_be_made(&self) -> bool {
        matches!(self, Self::AnswerLost { late: true, .. })
    }

    /// This error of a first sending, with what became of the second: a refusal then says nothing about the first.
    #[must_use]
    pub(super) fn then(mut self, again: &Self) -> Self {
        if let Self::AnswerLost { why, .. } | Self::Broke { message: why, .. } = &mut self {
            *why = format!("{why}; when sent again: {again}");
        }
        self
    }

    /// When asking again makes sense, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::DeadlinePassed { retry_after } => {
                Some(*retry_after)
            }
            _ => None,
        }
    }
}

impl From<WindowError> for Error {
    fn from(error: WindowError) -> Self {
        Self::NoBudget {
            why: error.to_string(),
        }
    }
}

/// Rounded up: "in 0 s" would be an invitation.
fn seconds(duration: &Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
