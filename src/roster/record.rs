//! One account of one person in one system, in the same columns for every system.
//!
//! Absent is absent: a field that the system does not have is missing, never an empty text. Nothing is inferred: no
//! system says whether a team member is active, so no record of one does.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    DirectoryUserId, Email, GroupId, MemberId, PageId, RecordId, SubscriberId, UserId, ViewerId,
    email::Stored, text, words::words,
};

words! {
    /// The system that an account lives in.
    System {
        /// Atlassian Statuspage.
        Statuspage = "statuspage",
        /// An Atlassian organization's user directory, by SCIM.
        AtlassianScim = "atlassian_scim",
        /// StatusApp.
        Statusapp = "statusapp",
    }
}

words! {
    /// The kind of an account. The ids of different kinds are unrelated; the e-mail address is what joins them.
    Kind {
        /// Belongs to the organization and can run its pages, or to the StatusApp team.
        TeamMember = "team_member",
        /// May look at one audience-specific page.
        PageAccessUser = "page_access_user",
        /// Is told about incidents of one page.
        Subscriber = "subscriber",
        /// A person in the company's directory.
        DirectoryUser = "directory_user",
        /// Asked to join a team, and not in it (yet).
        Invitation = "invitation",
    }
}

words! {
    /// The state of an account, where a system has one.
    Status {
        /// In use.
        Active = "active",
        /// Switched off, and can be switched on again.
        Inactive = "inactive",
        /// Invited; has not accepted yet.
        Invited = "invited",
        /// A subscriber who has not confirmed the address.
        Unconfirmed = "unconfirmed",
        /// A subscriber whom messages do not reach; left out of lists by default.
        Quarantined = "quarantined",
        /// An invitation that ran out.
        Expired = "expired",
        /// An invitation that was taken back.
        Revoked = "revoked",
    }
}

words! {
    /// The level at which an account gives access.
    Level {
        /// A whole organization.
        Organization = "organization",
        /// One status page.
        Page = "page",
        /// A user directory.
        Directory = "directory",
        /// A StatusApp team.
        Team = "team",
    }
}

/// The organization, page, directory or team that an account belongs to.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[schemars(inline)]
pub struct RecordScope {
    /// The kind of thing that it belongs to.
    pub level: Level,
    /// The id of the organization, page or directory; missing where a system has no id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RecordId>,
}

/// The origin of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Provenance {
    /// When it was read from the system (RFC 3339).
    #[schemars(with = "String")]
    pub as_of: Timestamp,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Record {
    /// The system that holds the account.
    pub system: System,
    /// The kind of account.
    pub kind: Kind,
    /// The organization, page, directory or team that the account belongs to.
    pub scope: RecordScope,
    /// The columns that differ between the accounts of one list.
    #[serde(flatten)]
    pub row: RosterRow,
    /// When and where this was read. Answers say it once, for all their records.
    #[serde(skip)]
    #[schemars(skip)]
    pub provenance: Provenance,
}

/// The system, kind and scope that all records of a list share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct EveryRecord {
    /// The system that holds the accounts.
    pub system: System,
    /// The kind of accounts.
    pub kind: Kind,
    /// The organization, page, directory or team that they belong to.
    pub scope: RecordScope,
}

/// The columns of an account that differ within one list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct RosterRow {
    /// Its id in that system.
    pub id: RecordId,
    /// The e-mail address, as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The content of the e-mail field when it is not a bare address. Such an account is found by the address inside, and by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_invalid: Option<SmolStr>,
    /// The address inside `email_invalid`, where there is exactly one.
    #[serde(skip)]
    #[schemars(skip)]
    pub email_reads_as: Option<Box<Email>>,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<SmolStr>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<SmolStr>,
    /// The name the system shows, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<SmolStr>,
    /// The state of the account, where the system tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// When the account began: its creation, or the acceptance of its invitation (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub active_date: Option<Timestamp>,
    /// When the account was last changed (RFC 3339). No system tells when it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated_at: Option<Timestamp>,
    /// Roles, where the list itself carries them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<SmolStr>>,
    /// Ids of the groups it is in. Missing means that the answer did not say; an empty list means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupId>>,
    /// The id that an identity provider knows the person by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<SmolStr>,
    /// True when hidden characters were taken out of a text of this record, or it was cut: look twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

impl RecordScope {
    /// Returns the scope of a page's accounts.
    #[must_use]
    pub fn page(page: &PageId) -> Self {
        Self {
            level: Level::Page,
            id: Some(RecordId::from(page.clone())),
        }
    }

    /// Returns the scope of a StatusApp team: a key has one, without an id.
    #[must_use]
    pub fn team() -> Self {
        Self {
            level: Level::Team,
            id: None,
        }
    }

    /// Returns that every record of a list is of this kind, system and scope.
    #[must_use]
    pub fn every(self, system: System, kind: Kind) -> EveryRecord {
        EveryRecord {
            system,
            kind,
            scope: self,
        }
    }
}

impl Deref for Record {
    type Target = RosterRow;

    fn deref(&self) -> &RosterRow {
        &self.row
    }
}

impl DerefMut for Record {
    fn deref_mut(&mut self) -> &mut RosterRow {
        &mut self.row
    }
}

impl Default for Provenance {
    /// The time of a record that was read from no system.
    fn default() -> Self {
        Self {
            as_of: Timestamp::UNIX_EPOCH,
        }
    }
}

impl Record {
    /// A record of which only what identifies it is known.
    #[must_use]
    pub fn new(
        system: System,
        kind: Kind,
        id: impl Into<RecordId>,
        scope: RecordScope,
        as_of: Timestamp,
    ) -> Self {
        Self {
            system,
            kind,
            scope,
            provenance: Provenance { as_of },
            row: RosterRow {
                id: id.into(),
                email: None,
                email_invalid: None,
                email_reads_as: None,
                first_name: None,
                last_name: None,
                display_name: None,
                status: None,
                active_date: None,
                updated_at: None,
                roles: None,
                groups: None,
                external_id: None,
                text_altered: false,
            },
        }
    }

    /// The id of a Statuspage team member.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.is(Kind::TeamMember)
            .then(|| UserId::of_record(&self.id))
    }

    /// The id of a page access user.
    #[must_use]
    pub fn viewer_id(&self) -> Option<ViewerId> {
        self.is(Kind::PageAccessUser)
            .then(|| ViewerId::of_record(&self.id))
    }

    /// The id of a subscriber.
    #[must_use]
    pub fn subscriber_id(&self) -> Option<SubscriberId> {
        self.is(Kind::Subscriber)
            .then(|| SubscriberId::of_record(&self.id))
    }

    /// The id of a person in a directory.
    #[must_use]
    pub fn directory_user_id(&self) -> Option<DirectoryUserId> {
        (self.system == System::AtlassianScim && self.kind == Kind::DirectoryUser)
            .then(|| DirectoryUserId::of_record(&self.id))
    }

    /// The id of a member of a StatusApp team.
    #[must_use]
    pub fn member_id(&self) -> Option<MemberId> {
        (self.system == System::Statusapp && self.kind == Kind::TeamMember)
            .then(|| MemberId::of_record(&self.id))
    }

    /// The page that a page access user or a subscriber belongs to.
    #[must_use]
    pub fn page_id(&self) -> Option<PageId> {
        let id = self
            .scope
            .id
            .as_ref()
            .filter(|_| self.scope.level == Level::Page)?;
        Some(PageId::of_record(id))
    }

    /// The address that this account goes by: its own, or the one inside what is stored in place of one.
    #[must_use]
    pub fn address(&self) -> Option<&Email> {
        self.email.as_ref().or(self.email_reads_as.as_deref())
    }

    /// Returns whether this account goes by this address: whoever looks for the person, or takes something away, means this account too. A page
    /// can know a page access user by what the person signs in with at the identity provider, and by nothing else.
    #[must_use]
    pub fn goes_by(&self, email: &Email) -> bool {
        let signs_in = || {
            let login = self.external_id.as_deref()?;
            (self.kind == Kind::PageAccessUser && login.contains('@'))
                .then(|| Email::inside(login))?
        };
        self.address() == Some(email) || signs_in().as_ref() == Some(email)
    }

    /// Returns whether this account has exactly this address (without regard to case). Only such an account lets the person in.
    #[must_use]
    pub fn has_email(&self, email: &Email) -> bool {
        self.email.as_ref() == Some(email)
    }

    /// Takes a name from outside: cleaned, and absent when nothing is left.
    #[must_use]
    pub fn take_text(&mut self, text: Option<&str>) -> Option<SmolStr> {
        let cleaned = text::clean(text?, text::NAME);
        self.text_altered |= cleaned.altered;
        Some(SmolStr::from(cleaned.text)).filter(|text| !text.is_empty())
    }

    /// Takes an address from outside: into `email` when it is one, else cleaned into `email_invalid`.
    pub fn take_email(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        match Email::stored(text) {
            Stored::Address(email) => self.email = Some(email),
            Stored::ReadsAs(email) => {
                self.email_invalid = self.take_text(Some(text));
                self.email_reads_as = Some(Box::new(email));
            }
            Stored::Text => self.email_invalid = self.take_text(Some(text)),
        }
    }

    fn is(&self, kind: Kind) -> bool {
        self.kind == kind && self.system == System::Statuspage
    }
}
