//! An account of a person, with what it gives.

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{EffectiveAccess, GroupHeld, PagePermission};
use crate::roster::{Email, Mode, NameMatch, Record};

/// One account, and what it lets the person do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Account {
    /// The columns that every account has.
    #[serde(flatten)]
    pub record: Record,
    /// With `name`, where several people have it: `exact` where it is the whole name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_match: Option<NameMatch>,
    /// The name of the page that `scope` names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_name: Option<String>,
    /// A team member's page roles. Absent: not a team member, or see `unread`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_roles: Option<Vec<PagePermission>>,
    /// The groups of a page access user, with their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_groups: Vec<GroupHeld>,
    /// With `detail`: what a page access user sees, and by which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<EffectiveAccess>,
    /// The way in which a subscriber is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Further addresses that the directory has of the same person: search for these too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_emails: Vec<Email>,
    /// A remark about the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The parts of this account that could not be read, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

impl Account {
    /// An account of which only the record is known.
    pub(in crate::access) fn of(record: Record) -> Self {
        Self {
            record,
            name_match: None,
            page_name: None,
            page_roles: None,
            in_groups: Vec::new(),
            access: None,
            mode: None,
            other_emails: Vec::new(),
            note: None,
            unread: Vec::new(),
        }
    }
}
