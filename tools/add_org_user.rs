//! `add_org_user`: adds a team member.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statuspage::NewTeamMember;
use crate::roster::{Email, System};
use crate::toolkit::{Effect, Tool};

/// Adds a team member.
pub(super) struct AddOrgUser;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Becomes the login. E.g. `jane@example.com`.
    email: Email,
    /// First name. E.g. `Jane`.
    first_name: Option<String>,
    /// Last name. E.g. `Doe`.
    last_name: Option<String>,
}

impl Tool for AddOrgUser {
    const NAME: &'static str = "add_org_user";
    const TITLE: &'static str = "Add a team member";
    const ABOUT: &'static str = include_str!("add_org_user.md");
    const EFFECT: Effect = Effect::Add;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewTeamMember {
            email: input.email,
            first_name: input.first_name,
            last_name: input.last_name,
        };
        access.add_member(&ask, new).await
    }
}
