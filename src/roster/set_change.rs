//! A change of a set, merged into what is held: things are granted, revoked, or replaced by exactly these.
//!
//! Guarantees: what the change does not name stays, unless the whole set is replaced; `held - lost + gained = after`. Of the
//! upstream's verbs none means this, which is why it is worked out here and not left to them.

use std::collections::BTreeSet;
use std::fmt::Display;

/// The changes to a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange<T> {
    /// Adds these.
    pub grant: Vec<T>,
    /// Takes these.
    pub revoke: Vec<T>,
    /// Makes the set exactly this; an empty one takes everything.
    pub replace: Option<Vec<T>>,
}

/// A change, worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMerged<T> {
    /// The set after the change.
    pub after: BTreeSet<T>,
    /// The items that are new.
    pub gained: BTreeSet<T>,
    /// The items that are taken away.
    pub lost: BTreeSet<T>,
}

/// The reasons why a change cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// Granted and revoked.
    #[error("`{0}` is both added and taken away: name it once")]
    Both(String),
    /// Replaced, and changed besides.
    #[error(
        "a list that is replaced is exactly that: give either the whole list, or what to add and to take away"
    )]
    ReplacedAndChanged,
}

impl<T> Default for SetChange<T> {
    fn default() -> Self {
        Self {
            grant: Vec::new(),
            revoke: Vec::new(),
            replace: None,
        }
    }
}

impl<T: Ord + Clone + Display> SetChange<T> {
    /// Only adds these.
    #[must_use]
    pub fn grant(these: Vec<T>) -> Self {
        Self {
            grant: these,
            ..Self::default()
        }
    }

    /// Returns whether nothing is asked for. A set replaced by nothing is something.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.grant.is_empty() && self.revoke.is_empty() && self.replace.is_none()
    }

    /// Returns the items that the change adds or keeps.
    pub fn wanted(&self) -> impl Iterator<Item = &T> {
        self.grant.iter().chain(self.replace.iter().flatten())
    }

    /// Works out the change. Nothing is sent.
    ///
    /// # Errors
    /// When the request contradicts itself.
    pub fn merge(&self, held: &BTreeSet<T>) -> Result<SetMerged<T>, SetError> {
        let revoke: BTreeSet<&T> = self.revoke.iter().collect();
        if let Some(both) = self.grant.iter().find(|id| revoke.contains(id)) {
            return Err(SetError::Both(both.to_string()));
        }
        let after: BTreeSet<T> = match &self.replace {
            Some(_) if !self.grant.is_empty() || !self.revoke.is_empty() => {
                return Err(SetError::ReplacedAndChanged);
            }
            Some(exactly) => exactly.iter().cloned().collect(),
            None => held
                .iter()
                .chain(&self.grant)
                .filter(|id| !revoke.contains(id))
                .cloned()
                .collect(),
        };
        Ok(SetMerged {
            gained: after.difference(held).cloned().collect(),
            lost: held.difference(&after).cloned().collect(),
            after,
        })
    }
}

impl<T> SetMerged<T> {
    /// Returns whether it is so already.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}
