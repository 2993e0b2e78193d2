//! `list_incidents`: what happens on a page, and what was said of it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, IncidentFilter, IncidentListing, IncidentState, Refusal, Window};
use crate::policy::Toolset;
use crate::roster::{By, ComponentId, IncidentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// List incidents and maintenances.
pub(super) struct ListIncidents;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Left out: all.
    state: Option<State>,
    /// This one alone. E.g. `p31zjtct2jer`.
    incident_id: Option<IncidentId>,
    /// Begun on or after (RFC 3339). E.g. `2026-11-01T00:00:00Z`.
    since: Option<String>,
    /// Begun on or before.
    until: Option<String>,
    /// Affecting it. E.g. `b13yz5g2cw10`.
    component_id: Option<ComponentId>,
    /// Part of the title or of an update. E.g. `database`.
    text: Option<String>,
    /// With updates, templates and postmortem.
    #[serde(default)]
    detail: bool,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

/// The states that a list can have.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum State {
    All,
    Unresolved,
    Scheduled,
    Upcoming,
    ActiveMaintenance,
    Resolved,
}

impl State {
    fn meant(self) -> IncidentState {
        match self {
            Self::All => IncidentState::All,
            Self::Unresolved => IncidentState::Unresolved,
            Self::Scheduled => IncidentState::Scheduled,
            Self::Upcoming => IncidentState::Upcoming,
            Self::ActiveMaintenance => IncidentState::Active,
            Self::Resolved => IncidentState::Resolved,
        }
    }
}

impl Tool for ListIncidents {
    const NAME: &'static str = "list_incidents";
    const TITLE: &'static str = "List incidents and maintenances";
    const ABOUT: &'static str = include_str!("list_incidents.md");
    const EFFECT: Effect = Effect::Read;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Status, By::Type]);
    type Input = Input;
    type Output = IncidentListing;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let time = |field: &str, given: Option<String>| {
            let parsed = given.map(|it| it.trim().parse::<jiff::Timestamp>());
            parsed.transpose().map_err(|_| {
                Refusal::arguments(format!(
                    "`{field}` is a time such as `2026-11-01T00:00:00Z`"
                ))
            })
        };
        let filter = IncidentFilter {
            page_id: input.page_id,
            state: input.state.map_or(IncidentState::All, State::meant),
            incident_id: input.incident_id,
            since: time("since", input.since)?,
            until: time("until", input.until)?,
            component_id: input.component_id,
            text: input.text,
            detail: input.detail,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_incidents(&ask, &filter, &window).await
    }
}
