//! A refused call on team members: a bad key, an organization on Atlassian accounts, or something else?
//!
//! The documentation says that these calls are not available where Atlassian accounts are used, and not how they answer then. One
//! more request settles what can be settled: `GET /pages` with the same key.

use super::{Cx, Statuspage, pages};
use crate::{
    providers::{ProviderError, Refusal},
    upstream::{Error, List, Paging},
};

/// The calls that Statuspage may refuse for this reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    ListTeamMembers,
    CreateTeamMember,
    DeleteTeamMember,
    GetPermissions,
    PutPermissions,
}

/// The place where people are managed once an organization uses Atlassian accounts.
const PEOPLE: &str = "admin.atlassian.com (Directory, Users)";
/// The place where page roles are managed: Statuspage keeps them.
const ROLES: &str = "Statuspage's own page `Team members` (manage.statuspage.io)";

impl Call {
    fn operation(self) -> &'static str {
        match self {
            Self::ListTeamMembers => "list team members",
            Self::CreateTeamMember => "add a team member",
            Self::DeleteTeamMember => "remove a team member",
            Self::GetPermissions => "read a team member's page roles",
            Self::PutPermissions => "change a team member's page roles",
        }
    }

    fn surface(self) -> &'static str {
        if self.is_about_people() {
            PEOPLE
        } else {
            ROLES
        }
    }

    fn otherwise(self) -> &'static str {
        match self {
            Self::ListTeamMembers => "the organization id is not the one that the key belongs to",
            Self::CreateTeamMember => {
                "the organization id is not the key's, a value is not acceptable, or no seat is left in the plan"
            }
            Self::DeleteTeamMember => {
                "the organization id is not the key's, or this person cannot be removed (an owner or the last administrator)"
            }
            Self::GetPermissions | Self::PutPermissions => {
                "the organization id is not the key's, or this person or page does not belong to it"
            }
        }
    }

    /// Returns whether the call names one person: "not found" then has its everyday meaning, and the list tells whether that is true.
    fn names_a_person(self) -> bool {
        matches!(
            self,
            Self::DeleteTeamMember | Self::GetPermissions | Self::PutPermissions
        )
    }

    /// Returns whether it is one of the calls that the documentation names.
    fn is_about_people(self) -> bool {
        matches!(
            self,
            Self::ListTeamMembers | Self::CreateTeamMember | Self::DeleteTeamMember
        )
    }
}

impl Statuspage {
    /// Explains a failed call. Costs one request where the answer could mean two things, and none elsewhere.
    pub(super) async fn explain(&self, cx: &Cx, call: Call, error: Error) -> ProviderError {
        let certain = names_atlassian_accounts(&error);
        if !certain && !ambiguous(call, &error) {
            return error.into();
        }
        if !self.key_works(cx).await {
            return error.into();
        }
        let refusal = Refusal {
            operation: call.operation(),
            surface: call.surface(),
            certain,
            otherwise: call.otherwise(),
            cause: error,
        };
        ProviderError::AtlassianAccounts(Box::new(refusal))
    }

    /// Returns whether the key may read pages. A probe that itself fails proves nothing, and the first error stands.
    async fn key_works(&self, cx: &Cx) -> bool {
        let list = List::new(pages::path()).paged(Paging::Whole);
        let mut probe = self.scan(list, |page: pages::WirePage, _| page);
        matches!(probe.next(cx).await, None | Some(Ok(_)))
    }
}

fn ambiguous(call: Call, error: &Error) -> bool {
    match error {
        Error::BadCredential { .. } | Error::Forbidden { .. } => true,
        Error::NotFound { .. } => !call.names_a_person(),
        // Named fields are about the values that were sent, not about the call.
        Error::Invalid { fields, .. } => fields.is_empty() && call.is_about_people(),
        _ => false,
    }
}

/// Returns whether the upstream says so itself. Its words are not documented; these two are in every text that it has about the matter.
fn names_atlassian_accounts(error: &Error) -> bool {
    let message = match error {
        Error::BadCredential { message, .. }
        | Error::Forbidden { message, .. }
        | Error::NotFound { message, .. }
        | Error::Conflict { message, .. }
        | Error::Invalid { message, .. } => message,
        _ => return false,
    };
    let message = message.to_lowercase();
    message.contains("atlassian account") || message.contains("admin.atlassian.com")
}
