//! `set_permissions`: grants, revokes or replaces page roles by merging.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, PageGrantInput, Refusal, SetPermissions, Who};
use crate::roster::{Email, System, UserId};
use crate::toolkit::{Effect, Tool};

/// Changes page roles.
pub(super) struct SetPermissionsTool;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This or `email`. E.g. `2vswm72m0wfd`.
    user_id: Option<UserId>,
    /// This or `user_id`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Adds. E.g. `[{"page_id": "kctbh9vrtdwd", "roles": ["incident_manager"]}]`.
    #[serde(default)]
    grant: Vec<PageGrantInput>,
    /// Takes these roles; with empty `roles`, the page.
    #[serde(default)]
    revoke: Vec<PageGrantInput>,
    /// Makes the named pages exactly so.
    #[serde(default)]
    replace: Vec<PageGrantInput>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for SetPermissionsTool {
    const NAME: &'static str = "set_permissions";
    const TITLE: &'static str = "Change a team member's page roles";
    const ABOUT: &'static str = include_str!("set_permissions.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let wanted = SetPermissions {
            who: Who::one_of(input.user_id.map(|id| id.to_string()), input.email)?,
            grant: input.grant,
            revoke: input.revoke,
            replace: input.replace,
        };
        access
            .set_permissions(&ask, wanted, input.confirmation_token.as_deref())
            .await
    }
}
