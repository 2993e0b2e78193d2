//! `edit_incident_update`: corrects public history.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal, UpdateChange};
use crate::policy::Toolset;
use crate::roster::{IncidentId, IncidentUpdateId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Rewrite an update of an incident.
pub(super) struct EditIncidentUpdate;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_incidents`. E.g. `p31zjtct2jer`.
    incident_id: IncidentId,
    /// From `list_incidents` with `detail`. E.g. `ch4s8dyv0rkb`.
    update_id: IncidentUpdateId,
    /// The new words.
    #[schemars(length(max = 25_000))]
    body: Option<String>,
    /// Another time. E.g. `2026-11-02T09:00:00Z`.
    display_at: Option<String>,
    /// Zone of times without an offset. E.g. `Europe/Berlin`.
    time_zone: Option<String>,
    /// True to tell subscribers; left out: they are not told.
    #[serde(default)]
    deliver_notifications: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for EditIncidentUpdate {
    const NAME: &'static str = "edit_incident_update";
    const TITLE: &'static str = "Rewrite an update of an incident";
    const ABOUT: &'static str = include_str!("edit_incident_update.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let change = UpdateChange {
            page_id: input.page_id,
            incident_id: input.incident_id,
            update_id: input.update_id,
            body: input.body,
            display_at: input.display_at,
            time_zone: input.time_zone,
            deliver_notifications: input.deliver_notifications,
        };
        let token = input.confirmation_token.as_deref();
        access.edit_incident_update(&ask, &change, token).await
    }
}
