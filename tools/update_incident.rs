//! `update_incident`: says what is new.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::operations_input::{ComponentChange, components};
use crate::access::{Access, Ask, ChangeReport, IncidentChange, Refusal};
use crate::policy::Toolset;
use crate::roster::{ComponentId, Impact, IncidentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Update an incident or a maintenance.
pub(super) struct UpdateIncident;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_incidents`. E.g. `p31zjtct2jer`.
    incident_id: IncidentId,
    /// investigating, identified, monitoring, resolved; of a maintenance scheduled, in_progress, verifying, completed.
    status: Option<String>,
    /// The words of a new update, in Markdown. E.g. `A fix is rolled out.`
    #[schemars(length(max = 25_000))]
    body: Option<String>,
    /// Another title.
    name: Option<String>,
    /// The impact, set by hand.
    impact: Option<Impact>,
    /// Change at once. E.g. `[{"component_id": "b13yz5g2cw10", "status": "major_outage"}]`.
    #[serde(default)]
    components: Vec<ComponentChange>,
    /// Exactly these are affected from then on.
    component_ids: Option<Vec<ComponentId>>,
    /// Set components that it made worse to operational.
    #[serde(default)]
    restore_components: bool,
    /// Another begin of a maintenance.
    scheduled_for: Option<String>,
    /// Another end.
    scheduled_until: Option<String>,
    /// Zone of times without an offset. E.g. `Europe/Berlin`.
    time_zone: Option<String>,
    /// True to tell subscribers; left out: they are not told.
    #[serde(default)]
    deliver_notifications: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for UpdateIncident {
    const NAME: &'static str = "update_incident";
    const TITLE: &'static str = "Update an incident or a maintenance";
    const ABOUT: &'static str = include_str!("update_incident.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let change = IncidentChange {
            page_id: input.page_id,
            incident_id: input.incident_id,
            status: input.status,
            body: input.body,
            name: input.name,
            impact: input.impact,
            components: components(input.components)?,
            component_ids: input.component_ids,
            restore_components: input.restore_components,
            scheduled_for: input.scheduled_for,
            scheduled_until: input.scheduled_until,
            time_zone: input.time_zone,
            deliver_notifications: input.deliver_notifications,
        };
        let token = input.confirmation_token.as_deref();
        access.update_incident(&ask, &change, token).await
    }
}
