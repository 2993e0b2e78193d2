//! `set_team_role`: gives a member of the StatusApp team another role.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal, Who, Whom};
use crate::roster::{Email, Emails, MemberId, System, TeamRole};
use crate::toolkit::{Effect, Tool};

/// Changes the role of a member.
pub(super) struct SetTeamRoleTool;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The member's id; this or `email`.
    user_id: Option<MemberId>,
    /// The member's address. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Or several people, up to 50.
    emails: Option<Emails>,
    /// The role to be.
    role: TeamRole,
    /// From the plan.
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
        let id = input.user_id.map(|id| id.to_string());
        let nobody_else = id.is_none() && input.email.is_none();
        let whom = Whom::of(input.emails, nobody_else, || Who::one_of(id, input.email))?;
        let (role, token) = (input.role, input.confirmation_token.as_deref());
        match whom {
            Whom::One(who) => access.set_team_role(&ask, &who, role, token).await,
            Whom::Several(emails) => access.set_team_roles(&ask, &emails, role, token).await,
        }
    }
}
