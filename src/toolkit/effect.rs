//! The effect of a tool on the world: the one declaration that annotations and policy derive from.

use super::Hints;
use crate::caller::Scope;

/// The worst that a tool can do, whatever its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Looks and changes nothing.
    Read,
    /// Adds; can take nothing away.
    Add,
    /// Adds, can take nothing away, and can be asked to send a message once more: the one sort of tool that a client must not
    /// repeat by itself.
    Send,
    /// Adds, and with a confirmation takes away.
    Change,
    /// Takes away, always with a confirmation.
    Remove,
    /// Shows something to the readers of a page and can tell its subscribers, always with a confirmation.
    Publish,
}

impl Effect {
    /// Returns the scope that a caller must have to use the tool at all. A `Change` that takes away asks for [`Scope::Remove`] besides,
    /// once its plan shows that it does.
    #[must_use]
    pub fn needs(self) -> Scope {
        match self {
            Self::Read => Scope::Read,
            Self::Add | Self::Send | Self::Change => Scope::Write,
            Self::Remove => Scope::Remove,
            Self::Publish => Scope::Publish,
        }
    }

    /// The four annotations of the Model Context Protocol. What is there already is answered `already`, and what is gone
    /// already likewise, so every tool is idempotent but one that sends a message
    /// again: what went out by mail cannot be called back, so a client must not repeat it by itself.
    #[must_use]
    pub fn hints(self) -> Hints {
        Hints {
            read_only: self == Self::Read,
            destructive: matches!(self, Self::Change | Self::Remove | Self::Publish),
            idempotent: !matches!(self, Self::Send | Self::Publish),
            open_world: true,
        }
    }

    /// One word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Add | Self::Send => "add",
            Self::Change => "add / confirm",
            Self::Remove => "confirm",
            Self::Publish => "publish",
        }
    }
}
