//! `set_component_status`: says how components are.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::operations_input::{ComponentChange, components};
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::policy::Toolset;
use crate::roster::{PageId, System};
use crate::toolkit::{Effect, Tool};

/// Set the status of components.
pub(super) struct SetComponentStatus;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// E.g. `[{"component_id": "b13yz5g2cw10", "status": "operational"}]`.
    components: Vec<ComponentChange>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for SetComponentStatus {
    const NAME: &'static str = "set_component_status";
    const TITLE: &'static str = "Set the status of components";
    const ABOUT: &'static str = include_str!("set_component_status.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let wanted = components(input.components)?;
        let token = input.confirmation_token.as_deref();
        access
            .set_component_status(&ask, &input.page_id, &wanted, token)
            .await
    }
}
