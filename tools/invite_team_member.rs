//! `invite_team_member`: invites somebody to the StatusApp team.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statusapp::NewMember;
use crate::roster::{Email, System, TeamRole};
use crate::toolkit::{Effect, Tool};

/// Invites somebody to the StatusApp team.
pub(super) struct InviteTeamMember;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The address to invite. E.g. `jane@example.com`.
    email: Email,
    /// The name to show. E.g. `Jane Doe`.
    name: Option<String>,
    /// The role to be. Only an owner's key makes owners.
    role: TeamRole,
}

impl Tool for InviteTeamMember {
    const NAME: &'static str = "invite_team_member";
    const TITLE: &'static str = "Invite to the StatusApp team";
    const ABOUT: &'static str = include_str!("invite_team_member.md");
    const EFFECT: Effect = Effect::Add;
    const NEEDS: Option<System> = Some(System::Statusapp);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewMember {
            email: input.email,
            name: input.name,
            role: input.role,
        };
        access.invite_member(&ask, new).await
    }
}
