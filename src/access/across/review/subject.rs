//! The subject of a finding: a person by the accounts, or a thing.

use std::collections::BTreeSet;

use crate::access::words::whom;
use crate::roster::words::words;
use crate::roster::{Email, Kind, Record, Status};

words! {
    /// Something that an account lets somebody do.
    Can {
        /// Signs in and runs something: a team member, or a person of the directory.
        SignIn = "can_sign_in",
        /// Looks at a page: a page access user.
        Look = "can_look",
        /// Gets messages: a subscriber whom they reach.
        BeTold = "is_told",
    }
}

impl Can {
    /// Returns what this account lets somebody do; nothing where it is switched off, not accepted or not reached.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let is_usable = !matches!(
            record.status,
            Some(
                Status::Inactive
                    | Status::Invited
                    | Status::Unconfirmed
                    | Status::Quarantined
                    | Status::Expired
                    | Status::Revoked
            )
        );
        let can = match record.kind {
            Kind::TeamMember | Kind::DirectoryUser => Some(Self::SignIn),
            Kind::PageAccessUser => Some(Self::Look),
            Kind::Subscriber => Some(Self::BeTold),
            Kind::Invitation => None,
        };
        can.filter(|_| is_usable)
    }
}

/// The person or thing that a finding is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    /// The address, or what it is where it has none.
    pub words: String,
    /// The name of the group that is meant, as somebody gave it.
    pub name: Option<String>,
    /// The addresses.
    pub emails: Vec<Email>,
    /// Everything that the accounts let them do.
    pub can: BTreeSet<Can>,
}

impl Subject {
    /// Something that is no account.
    pub(super) fn thing(words: String) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }

    /// An address.
    pub(super) fn address(email: &Email) -> Self {
        Self {
            words: email.to_string(),
            emails: vec![email.clone()],
            ..Self::default()
        }
    }

    /// One account.
    pub(super) fn account(record: &Record) -> Self {
        let address = record.email.as_ref();
        Self {
            words: address.map_or_else(|| whom(record), ToString::to_string),
            emails: address.cloned().into_iter().collect(),
            can: Can::of(record).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Returns the same subject with other accounts, of these addresses.
    pub(super) fn with<'a>(
        mut self,
        emails: &[Email],
        accounts: impl Iterator<Item = &'a Record>,
    ) -> Self {
        for email in emails {
            if !self.emails.contains(email) {
                self.emails.push(email.clone());
            }
        }
        self.can = accounts.filter_map(Can::of).collect();
        self
    }
}
