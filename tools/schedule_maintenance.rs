//! `schedule_maintenance`: announces planned work.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, NewMaintenance, Refusal};
use crate::policy::Toolset;
use crate::roster::{ComponentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Announce a maintenance.
pub(super) struct ScheduleMaintenance;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Statuspage's automations and reminders are switches, each with its own meaning"
)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Its title; a template's where left out. E.g. `Database upgrade`.
    name: Option<String>,
    /// Text for readers, in Markdown; a template's where left out. E.g. `Writing is off for ten minutes.`
    #[schemars(length(max = 25_000))]
    body: Option<String>,
    /// A template of the page, by name or id.
    template: Option<String>,
    /// Begin, with an offset or with `time_zone`. E.g. `2026-12-05T02:00`.
    scheduled_for: String,
    /// End. E.g. `2026-12-05T04:00`.
    scheduled_until: String,
    /// Zone of times without an offset. E.g. `Europe/Berlin`.
    time_zone: Option<String>,
    /// Affected components. E.g. `["b13yz5g2cw10"]`.
    #[serde(default)]
    component_ids: Vec<ComponentId>,
    /// True to tell subscribers now; left out: they are not told.
    #[serde(default)]
    deliver_notifications: bool,
    /// Tell them 60 minutes before, too.
    #[serde(default)]
    remind: bool,
    /// Begin by itself.
    #[serde(default)]
    auto_start: bool,
    /// End by itself.
    #[serde(default)]
    auto_complete: bool,
    /// Components go under maintenance at the automatic begin.
    #[serde(default)]
    set_under_maintenance: bool,
    /// Components become operational at the automatic end.
    #[serde(default)]
    set_operational: bool,
    /// Tell subscribers at the automatic begin.
    #[serde(default)]
    notify_at_start: bool,
    /// Tell subscribers at the automatic end.
    #[serde(default)]
    notify_at_end: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for ScheduleMaintenance {
    const NAME: &'static str = "schedule_maintenance";
    const TITLE: &'static str = "Announce a maintenance";
    const ABOUT: &'static str = include_str!("schedule_maintenance.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewMaintenance {
            page_id: input.page_id,
            name: input.name,
            body: input.body,
            template: input.template,
            scheduled_for: input.scheduled_for,
            scheduled_until: input.scheduled_until,
            time_zone: input.time_zone,
            component_ids: input.component_ids,
            deliver_notifications: input.deliver_notifications,
            remind: input.remind,
            auto_start: input.auto_start,
            auto_end: input.auto_complete,
            set_components: input.set_under_maintenance,
            restore_components: input.set_operational,
            notify_at_start: input.notify_at_start,
            notify_at_end: input.notify_at_end,
        };
        let token = input.confirmation_token.as_deref();
        access.schedule_maintenance(&ask, &new, token).await
    }
}
