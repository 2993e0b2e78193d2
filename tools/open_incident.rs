//! `open_incident`: posts what happens, with the words shown before.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::operations_input::{ComponentChange, components, day};
use crate::access::{Access, Ask, ChangeReport, NewIncident, Refusal};
use crate::policy::Toolset;
use crate::roster::{ComponentId, Impact, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Open an incident.
pub(super) struct OpenIncident;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Its title; a template's where left out. E.g. `API errors`.
    name: Option<String>,
    /// The first update, in Markdown; a template's where left out. E.g. `Some requests fail. We are looking into it.`
    #[schemars(length(max = 25_000))]
    body: Option<String>,
    /// A template of the page, by name or id. E.g. `API outage`.
    template: Option<String>,
    /// investigating, identified, monitoring, resolved; left out: investigating.
    status: Option<String>,
    /// Left out: follows from the components.
    impact: Option<Impact>,
    /// Change at once. E.g. `[{"component_id": "b13yz5g2cw10", "status": "major_outage"}]`.
    #[serde(default)]
    components: Vec<ComponentChange>,
    /// Affected, without a change of status. E.g. `["b13yz5g2cw10"]`.
    #[serde(default)]
    component_ids: Vec<ComponentId>,
    /// The day of something that is over; nobody is told. E.g. `2026-11-02`.
    backfill_date: Option<String>,
    /// True to tell subscribers; left out: they are not told.
    #[serde(default)]
    deliver_notifications: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for OpenIncident {
    const NAME: &'static str = "open_incident";
    const TITLE: &'static str = "Open an incident";
    const ABOUT: &'static str = include_str!("open_incident.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewIncident {
            page_id: input.page_id,
            name: input.name,
            body: input.body,
            template: input.template,
            status: input.status,
            impact: input.impact,
            components: components(input.components)?,
            component_ids: input.component_ids,
            backfill_date: day("backfill_date", input.backfill_date.as_deref())?,
            deliver_notifications: input.deliver_notifications,
        };
        let token = input.confirmation_token.as_deref();
        access.open_incident(&ask, &new, token).await
    }
}
