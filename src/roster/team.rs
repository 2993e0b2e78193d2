//! Roles and invitations of a StatusApp team.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Record, RosterRow, TeamAction, words::words};

words! {
    /// The roles of a StatusApp team, from the weakest to the strongest.
    TeamRole {
        /// Looks.
        Viewer = "viewer",
        /// Works on monitors and incidents.
        Member = "member",
        /// Everything but billing and roles.
        Admin = "admin",
        /// Everything. There is always at least one.
        Owner = "owner",
    }
}

impl TeamRole {
    /// Returns whether the matrix says yes. Owners are beyond the reach of everybody else: see [`TeamRole::may_touch`].
    #[must_use]
    pub fn may(self, action: TeamAction) -> bool {
        self >= action.least()
    }

    /// Returns whether somebody with this role can give or take the role `other`: administrators "cannot change the Owner role".
    #[must_use]
    pub fn may_touch(self, other: Self) -> bool {
        self == Self::Owner || other != Self::Owner
    }

    /// The role as StatusApp writes it.
    #[must_use]
    pub fn on_the_wire(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Member => "MEMBER",
            Self::Admin => "ADMIN",
            Self::Owner => "OWNER",
        }
    }
}

/// Somebody who was asked to join a team.
///
/// `status` is `invited`, `active` (accepted), `expired` or `revoked`; `roles` the role to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Invitation<R = Record> {
    /// The columns that every account has; `id` is the invitation's.
    #[serde(flatten)]
    pub record: R,
    /// When the invitation was sent (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub invited_at: Option<Timestamp>,
    /// When it runs out (RFC 3339); seven days after it was sent, as a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expires_at: Option<Timestamp>,
}

impl Invitation {
    /// Returns what differs between the invitations of one team.
    #[must_use]
    pub fn row(&self) -> Invitation<RosterRow> {
        Invitation {
            record: self.record.row.clone(),
            invited_at: self.invited_at,
            expires_at: self.expires_at,
        }
    }
}

impl Record {
    /// The StatusApp role, where it is one of the four.
    #[must_use]
    pub fn team_role(&self) -> Option<TeamRole> {
        let [role] = self.roles.as_deref()? else {
            return None;
        };
        TeamRole::from_word(role)
    }
}
