//! The members and invitations that the StatusApp account stores.

use serde::{Deserialize, Serialize};

/// Members and invitations of one account.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Team {
    pub(super) members: Vec<Member>,
    pub(super) invitations: Vec<Invitation>,
}

/// The four roles, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Role {
    Viewer,
    Member,
    Admin,
    Owner,
}

/// Somebody who has accepted.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) role: Role,
    /// Always `ACCEPTED`: whoever has not accepted is an invitation.
    pub(super) status: &'static str,
    pub(super) accepted_at: String,
}

/// Somebody who was asked: `PENDING`, `EXPIRED` or `REVOKED`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invitation {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) role: Role,
    pub(super) status: &'static str,
    pub(super) invited_at: String,
    pub(super) expires_at: String,
}

impl Role {
    pub(super) fn named(text: &str) -> Option<Self> {
        match text {
            "OWNER" => Some(Self::Owner),
            "ADMIN" => Some(Self::Admin),
            "MEMBER" => Some(Self::Member),
            "VIEWER" => Some(Self::Viewer),
            _ => None,
        }
    }
}

impl Team {
    /// Seats that are taken: members, and invitations that may still be accepted.
    pub(super) fn seats(&self) -> usize {
        self.members.len()
            + self
                .invitations
                .iter()
                .filter(|invitation| invitation.status == "PENDING")
                .count()
    }

    pub(super) fn owners(&self) -> usize {
        self.members
            .iter()
            .filter(|member| member.role == Role::Owner)
            .count()
    }
}
