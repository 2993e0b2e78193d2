//! `remove_page_access_group`: removes a group.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::roster::{GroupId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Removes a group.
pub(super) struct RemovePageAccessGroup;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_page_access_groups`. E.g. `g7x2k9q4m1ab`.
    group_id: GroupId,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for RemovePageAccessGroup {
    const NAME: &'static str = "remove_page_access_group";
    const TITLE: &'static str = "Remove a page access group";
    const ABOUT: &'static str = include_str!("remove_page_access_group.md");
    const EFFECT: Effect = Effect::Remove;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let token = input.confirmation_token.as_deref();
        access
            .remove_group(&ask, &input.page_id, &input.group_id, token)
            .await
    }
}
