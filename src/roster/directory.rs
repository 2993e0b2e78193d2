//! People and groups of a company's user directory.
//!
//! A directory decides who is employed; none of its groups reaches Statuspage (Atlassian support, "User provisioning features":
//! group sync is not available for Statuspage).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::email;
use super::{DirectoryUserId, Email, GroupId, Record, RosterRow, words::words};

/// One person in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct DirectoryUser<R = Record> {
    /// The columns that every account has.
    #[serde(flatten)]
    pub record: R,
    /// The name that the identity provider signs the person in with; mostly the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<SmolStr>,
    /// The Atlassian account behind it, where the directory tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atlassian_account_id: Option<SmolStr>,
    /// Job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<SmolStr>,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<SmolStr>,
    /// The main phone number, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<SmolStr>,
    /// Time zone, as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<SmolStr>,
    /// Preferred language, as `en-GB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<SmolStr>,
    /// Further addresses of the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_emails: Vec<Email>,
    /// All addresses as the directory keeps them: a change of one has to send the others back.
    #[serde(skip)]
    pub emails: Vec<DirectoryContact>,
    /// All phone numbers, likewise.
    #[serde(skip)]
    pub phones: Vec<DirectoryContact>,
}

impl DirectoryUser {
    /// Returns what differs between the people of one directory.
    #[must_use]
    pub fn row(&self) -> DirectoryUser<RosterRow> {
        let user = self.clone();
        DirectoryUser {
            record: user.record.row,
            user_name: user.user_name,
            atlassian_account_id: user.atlassian_account_id,
            title: user.title,
            department: user.department,
            phone: user.phone,
            time_zone: user.time_zone,
            language: user.language,
            other_emails: user.other_emails,
            emails: user.emails,
            phones: user.phones,
        }
    }
}

/// The strength of a directory person's claim to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// They sign in with it, and may get no mail there.
    UserName,
    /// It is a further address of theirs.
    Further,
    /// It is their main address.
    Main,
}

words! {
    /// A value of a person that can be taken away; the others can only be changed.
    Clearable {
        /// First name.
        FirstName = "first_name",
        /// Last name.
        LastName = "last_name",
        /// The name to show.
        DisplayName = "display_name",
        /// The identity provider's id.
        ExternalId = "external_id",
        /// Job title.
        Title = "title",
        /// Department.
        Department = "department",
        /// The main phone number.
        Phone = "phone",
        /// Time zone.
        TimeZone = "time_zone",
        /// Preferred language.
        Language = "language",
    }
}

/// An address or a phone number as the directory keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryContact {
    /// As stored, whatever it is.
    pub value: String,
    /// `work`, `home`, or the identity provider's own word.
    pub kind: Option<String>,
    /// True for the one that counts.
    pub primary: bool,
}

impl DirectoryUser {
    /// A value of the person, as it is shown.
    #[must_use]
    pub fn value(&self, field: Clearable) -> Option<&str> {
        let value = match field {
            Clearable::FirstName => &self.record.first_name,
            Clearable::LastName => &self.record.last_name,
            Clearable::DisplayName => &self.record.display_name,
            Clearable::ExternalId => &self.record.external_id,
            Clearable::Title => &self.title,
            Clearable::Department => &self.department,
            Clearable::Phone => &self.phone,
            Clearable::TimeZone => &self.time_zone,
            Clearable::Language => &self.language,
        };
        value.as_deref()
    }

    /// Returns the strength of this person's claim to an address; `None` where it is none of theirs.
    #[must_use]
    pub fn claim(&self, email: &Email) -> Option<Claim> {
        if self.record.goes_by(email) {
            Some(Claim::Main)
        } else if self.other_emails.contains(email) {
            Some(Claim::Further)
        } else {
            let name = self.user_name_address();
            (name.as_ref() == Some(email)).then_some(Claim::UserName)
        }
    }

    /// Returns whether any of the person's addresses, or the user name, is this one (without regard to case).
    #[must_use]
    pub fn answers_to(&self, email: &Email) -> bool {
        self.claim(email).is_some()
    }

    /// Returns whether the user name is this text (without regard to case).
    #[must_use]
    pub fn is_called(&self, user_name: &str) -> bool {
        let fold = |text: &str| email::folded(text.trim());
        let name = self.user_name.as_deref();
        name.is_some_and(|name| fold(name) == fold(user_name))
    }

    /// The user name, where it is an address.
    #[must_use]
    pub fn user_name_address(&self) -> Option<Email> {
        Email::inside(self.user_name.as_deref()?)
    }

    /// All the addresses of the person, the main one first, each once; a user name that is an address is one of them.
    #[must_use]
    pub fn addresses(&self) -> Vec<Email> {
        let mut each: Vec<Email> = Vec::new();
        let all = self.record.address().into_iter().chain(&self.other_emails);
        for email in all.cloned().chain(self.user_name_address()) {
            if !each.contains(&email) {
                each.push(email);
            }
        }
        each
    }
}

/// One group of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct DirectoryGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name. It cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Number of people in it. Missing means that the directory did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_count: Option<usize>,
    /// Ids of the people in it. Missing in a list of several groups: ask for one by `group_id` or `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<DirectoryUserId>>,
    /// True when hidden characters were taken out of its name: look twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}
