//! `remove_incident`: takes it off the page for good.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::policy::Toolset;
use crate::roster::{IncidentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Delete an incident.
pub(super) struct RemoveIncident;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_incidents`. E.g. `p31zjtct2jer`.
    incident_id: IncidentId,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for RemoveIncident {
    const NAME: &'static str = "remove_incident";
    const TITLE: &'static str = "Delete an incident";
    const ABOUT: &'static str = include_str!("remove_incident.md");
    const EFFECT: Effect = Effect::Remove;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let token = input.confirmation_token.as_deref();
        access
            .remove_incident(&ask, &input.page_id, &input.incident_id, token)
            .await
    }
}
