//! `set_team_role`: gives a member of the StatusApp team another role.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::roster::{Email, MemberId, System, TeamRole};
use crate::toolkit::{Effect, Tool};

/// Changes the role of a member.
pub(super) struct SetTeamRoleTool;

/// Whose, and which.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The member's id, from `list_team_members`. Give this or `email`.
    user_id: Option<MemberId>,
    /// The member's address. Give this or `user_id`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// The role to be.
    role: TeamRole,
    /// From the first answer, when the role is a weaker one and the person agreed. Same other arguments.
    confirmation_token: Option<String>,
}

impl Tool for SetTeamRoleTool {
    const NAME: &'static str = "set_team_role";
    const TITLE: &'static str = "Change a StatusApp role";
    const ABOUT: &'static str = include_str!("set_team_role.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::Statusapp);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let who = Who::one_of(input.user_id.map(|id| id.to_string()), input.email)?;
        access
            .set_team_role(&ask, &who, input.role, input.confirmation_token.as_deref())
            .await
    }
}
