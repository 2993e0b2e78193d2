//! The people from whom a step takes something and to whom it gives something, with every name that is known of them: the operator's rules
//! judge those names, so a step that says what is lost has said whose loss it is.

use crate::roster::{DirectoryUser, Names, Record};

/// The loss of access that a step brings to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct Loss {
    /// Everybody who loses it. Empty for an account that has no address, or for somebody who is not there any more.
    pub who: Names,
    /// The loss, in words.
    pub words: String,
}

impl Loss {
    /// The owner of an account loses something.
    pub(in crate::access) fn of(record: &Record, words: String) -> Self {
        Self {
            who: Names::of(record),
            words,
        }
    }

    /// A person of the directory loses something.
    pub(in crate::access) fn of_user(user: &DirectoryUser, words: String) -> Self {
        Self {
            who: Names::of_user(user),
            words,
        }
    }
}

/// The gain that a step brings, and the people who gain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Gain {
    /// Access. An address outside of `policy.email_domains` is refused.
    Access(Names),
    /// Mail about incidents. An address outside of `policy.email_domains` is confirmed first.
    Mail(Names),
}
