//! `set_permissions`: grants, revokes or replaces page roles by merging.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, PageGrantInput, Refusal, SetPermissions, Who};
use crate::roster::{Email, UserId};
use crate::toolkit::{Effect, Tool};

/// Changes page roles.
pub(super) struct SetPermissionsTool;

/// Whose, and what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The team member's id, from `list_org_users`. Give this or `email`. Example: `2vswm72m0wfd`.
    user_id: Option<UserId>,
    /// The team member's address. Give this or `user_id`. Example: `jane.doe@example.com`.
    email: Option<Email>,
    /// Adds these roles and keeps all others. Empty `roles`: access to the page without a role. Example: `[{"page_id": "kctbh9vrtdwd", "roles": ["incident_manager"]}]`.
    #[serde(default)]
    grant: Vec<PageGrantInput>,
    /// Takes these roles and keeps access to the page. Empty `roles`: takes the page away.
    #[serde(default)]
    revoke: Vec<PageGrantInput>,
    /// Makes the roles on each named page exactly these. Pages that are not named stay as they are.
    #[serde(default)]
    replace: Vec<PageGrantInput>,
    /// From the first answer, when the change takes something away and the person agreed. Same other arguments.
    confirmation_token: Option<String>,
}

impl Tool for SetPermissionsTool {
    const NAME: &'static str = "set_permissions";
    const TITLE: &'static str = "Change a team member's page roles";
    const ABOUT: &'static str = include_str!("set_permissions.md");
    const EFFECT: Effect = Effect::Change;
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
