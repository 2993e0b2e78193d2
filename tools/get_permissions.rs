//! `get_permissions`: a team member's page roles.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, MemberPermissions, Refusal, Who};
use crate::roster::{Email, System, UserId};
use crate::toolkit::{Effect, Tool};

/// Reads page roles.
pub(super) struct GetPermissions;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This or `email`. E.g. `2vswm72m0wfd`.
    user_id: Option<UserId>,
    /// This or `user_id`. E.g. `jane@example.com`.
    email: Option<Email>,
}

impl Tool for GetPermissions {
    const NAME: &'static str = "get_permissions";
    const TITLE: &'static str = "Show a team member's page roles";
    const ABOUT: &'static str = include_str!("get_permissions.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = MemberPermissions;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let who = Who::one_of(input.user_id.map(|id| id.to_string()), input.email)?;
        access.permissions_of(&ask, &who).await
    }
}
