//! The errors of a provider: the error of `upstream`, with its meaning in this API.

use crate::upstream;

/// The reasons why there is no usable answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProviderError {
    /// The error of the network or the upstream, unchanged.
    #[error(transparent)]
    Upstream(#[from] upstream::Error),
    /// A call on team members is refused although the key works.
    #[error("{0}")]
    AtlassianAccounts(Box<Refusal>),
    /// A failure that has a meaning of its own in this API.
    #[error("{cause}; {hint}")]
    Explained {
        /// The upstream's error.
        cause: upstream::Error,
        /// The meaning that it has here, or can have.
        hint: &'static str,
    },
    /// The upstream already holds somebody with this address.
    #[error(
        "the system says that `{name}` exists already as a {what}. Where a search finds nobody, the account is stored in another form (other letter case, or the other form of the domain), or it is not shown to this key: look through the whole list, without `email`"
    )]
    AlreadyExists {
        /// In words: `team member`, `page access user`, `subscriber`, `directory user`.
        what: &'static str,
        /// The address asked for, or what the person signs in with.
        name: String,
    },
    /// A success whose content cannot be relied on. Nothing may be planned from it.
    #[error("the {what} cannot be trusted at `{place}`: {why}")]
    Untrusted {
        /// In words: `permissions`.
        what: &'static str,
        /// The place in the answer, as `pages[2].page_id`.
        place: String,
        /// The fault at that place.
        why: String,
    },
}

/// A call on team members was refused while the same key may read pages.
///
/// Statuspage documents these calls as "not available for organizations using Atlassian accounts" (Manage API, `users`) without saying
/// what they answer then, so what an answer does not tell is not claimed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct Refusal {
    /// The operation that was refused, as `add a team member`.
    pub operation: &'static str,
    /// The place where a person can do it instead.
    pub surface: &'static str,
    /// True when the answer itself names Atlassian accounts. Otherwise they are one of the possible causes.
    pub certain: bool,
    /// The other possible causes, where the answer does not tell.
    pub otherwise: &'static str,
    /// The refusal itself.
    pub cause: upstream::Error,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            operation,
            surface,
            certain,
            otherwise,
            cause,
        } = self;
        write!(
            f,
            "cannot {operation}: {cause}. The same key reads pages, so it is a working key. "
        )?;
        if *certain {
            write!(
                f,
                "The organization uses Atlassian accounts, for which Statuspage does not offer this call. "
            )?;
        } else {
            write!(
                f,
                "The answer does not tell the cause: Statuspage does not offer this call to organizations that use Atlassian \
                 accounts, or {otherwise}. "
            )?;
        }
        write!(f, "Where Atlassian accounts are used, do it at {surface}")
    }
}

impl ProviderError {
    /// The error of the upstream below, where there is one.
    #[must_use]
    pub fn upstream(&self) -> Option<&upstream::Error> {
        match self {
            Self::Upstream(error) => Some(error),
            Self::AtlassianAccounts(refusal) => Some(&refusal.cause),
            Self::Explained { cause, .. } => Some(cause),
            Self::AlreadyExists { .. } | Self::Untrusted { .. } => None,
        }
    }

    /// Returns whether the thing asked for is not there. To somebody who removes, that is as good as done.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.plain(), Some(upstream::Error::NotFound { .. }))
    }

    /// Returns whether the same call can succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.plain().is_some_and(upstream::Error::is_transient)
    }

    /// Returns whether it says no for as long as nobody changes something: asking again is for nothing.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::AtlassianAccounts(_) => true,
            Self::AlreadyExists { .. } | Self::Untrusted { .. } => false,
            Self::Upstream(error) | Self::Explained { cause: error, .. } => error.is_refusal(),
        }
    }

    /// Returns whether a write that ended so can have taken effect all the same.
    #[must_use]
    pub fn effect_unknown(&self) -> bool {
        self.plain().is_some_and(upstream::Error::effect_unknown)
    }

    /// Returns whether a write that ended so may take effect even after a look.
    #[must_use]
    pub fn may_still_be_made(&self) -> bool {
        self.plain().is_some_and(upstream::Error::may_still_be_made)
    }

    /// The upstream's error where it means what it says; a refusal that stands for something else is none of its own.
    fn plain(&self) -> Option<&upstream::Error> {
        match self {
            Self::Upstream(error) | Self::Explained { cause: error, .. } => Some(error),
            Self::AtlassianAccounts(_) | Self::AlreadyExists { .. } | Self::Untrusted { .. } => {
                None
            }
        }
    }
}
