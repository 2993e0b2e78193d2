//! `remove_component`: takes it from everybody.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::policy::Toolset;
use crate::roster::{ComponentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Delete a component.
pub(super) struct RemoveComponent;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// A component or a component group. E.g. `b13yz5g2cw10`.
    component_id: ComponentId,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for RemoveComponent {
    const NAME: &'static str = "remove_component";
    const TITLE: &'static str = "Delete a component";
    const ABOUT: &'static str = include_str!("remove_component.md");
    const EFFECT: Effect = Effect::Remove;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let token = input.confirmation_token.as_deref();
        access
            .remove_component(&ask, &input.page_id, &input.component_id, token)
            .await
    }
}
