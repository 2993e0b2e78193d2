//! Every name by which systems know a person, or several people.

use std::collections::BTreeSet;

use super::{DirectoryUser, Email, Record, System, email::folded};

/// Names of one person, or of several people who lose or gain the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Addresses. A user name that is an address is among them.
    pub emails: BTreeSet<Email>,
    /// Names to sign in with, and the identity provider's ids, as stored.
    pub user_names: BTreeSet<String>,
    /// Ids of people of the directory.
    pub ids: BTreeSet<String>,
}

impl Names {
    /// Every name that an account carries.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut names = Self::text(record.external_id.as_deref());
        names.emails.extend(record.address().cloned());
        if record.system == System::AtlassianScim {
            names.ids.insert(record.id.to_string());
        }
        names
    }

    /// Every name that the directory has of a person.
    #[must_use]
    pub fn of_user(user: &DirectoryUser) -> Self {
        let mut names = Self::signing_in(user);
        let kept = user.emails.iter();
        names
            .emails
            .extend(kept.filter_map(|one| Email::inside(&one.value)));
        names.emails.extend(user.other_emails.iter().cloned());
        names
    }

    /// The names that a person of the directory signs in with or is known to the identity provider by.
    #[must_use]
    pub fn signing_in(user: &DirectoryUser) -> Self {
        Self::of(&user.record).and(Self::text(user.user_name.as_deref()))
    }

    /// A text that names somebody: a user name, or an identity provider's id.
    #[must_use]
    pub fn text(text: Option<&str>) -> Self {
        Self {
            emails: text.and_then(Email::inside).into_iter().collect(),
            user_names: text.map(ToOwned::to_owned).into_iter().collect(),
            ids: BTreeSet::new(),
        }
    }

    /// Returns whether somebody goes by a name of each.
    #[must_use]
    pub fn meet(&self, others: &Self) -> bool {
        let fold = |names: &BTreeSet<String>| -> BTreeSet<String> {
            names.iter().map(|name| folded(name.trim())).collect()
        };
        !self.emails.is_disjoint(&others.emails)
            || !self.ids.is_disjoint(&others.ids)
            || !fold(&self.user_names).is_disjoint(&fold(&others.user_names))
    }

    /// These names and others.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.emails.extend(others.emails);
        self.user_names.extend(others.user_names);
        self.ids.extend(others.ids);
        self
    }

    /// Returns whether there is no name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.emails.is_empty() && self.user_names.is_empty() && self.ids.is_empty()
    }
}

impl From<&Email> for Names {
    fn from(email: &Email) -> Self {
        std::iter::once(email.clone()).collect()
    }
}

impl FromIterator<Email> for Names {
    fn from_iter<I: IntoIterator<Item = Email>>(addresses: I) -> Self {
        Self {
            emails: addresses.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl FromIterator<Self> for Names {
    fn from_iter<I: IntoIterator<Item = Self>>(names: I) -> Self {
        names.into_iter().fold(Self::default(), Self::and)
    }
}
