//! `save_component`: components and component groups, by merging.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::operations_input::day;
use crate::access::{Access, Ask, ChangeReport, ComponentEdit, Refusal};
use crate::policy::Toolset;
use crate::roster::{ComponentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Make or change a component.
pub(super) struct SaveComponent;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Left out: a new one. E.g. `b13yz5g2cw10`.
    component_id: Option<ComponentId>,
    /// The kind of a new one; left out: component.
    kind: Option<Kind>,
    /// Its name. E.g. `Payments API`.
    name: Option<String>,
    /// Its description.
    description: Option<String>,
    /// Takes these values away. E.g. `["description"]`.
    #[serde(default)]
    clear: Vec<Clear>,
    /// The component group that it stands in; `none` takes it out. E.g. `n3wb7hf336hn`.
    #[schemars(extend("x-names" = "component"))]
    group_id: Option<String>,
    /// Exactly the components of a component group.
    component_ids: Option<Vec<ComponentId>>,
    /// True to show its uptime of 90 days; it hides nothing.
    showcase: Option<bool>,
    /// Hidden while all is well; needs a flag that Atlassian sets.
    only_show_if_degraded: Option<bool>,
    /// The day that uptime counts from. E.g. `2026-01-31`.
    start_date: Option<String>,
    /// From the plan.
    confirmation_token: Option<String>,
}

/// The kinds of a new one.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Kind {
    Component,
    ComponentGroup,
}

/// The values that can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Clear {
    Description,
}

impl Tool for SaveComponent {
    const NAME: &'static str = "save_component";
    const TITLE: &'static str = "Make or change a component";
    const ABOUT: &'static str = include_str!("save_component.md");
    const EFFECT: Effect = Effect::Change;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let group_id = match input.group_id.as_deref().map(str::trim) {
            None => None,
            Some("none" | "null" | "") => Some(None),
            Some(id) => Some(Some(
                ComponentId::parse(id).map_err(|error| Refusal::arguments(error.to_string()))?,
            )),
        };
        let clears = input.clear.contains(&Clear::Description);
        if clears && input.description.is_some() {
            return Err(Refusal::arguments(
                "`description` is given and also in `clear`: give it to change it, or clear it to take it away",
            ));
        }
        let edit = ComponentEdit {
            component_id: input.component_id,
            group: matches!(input.kind, Some(Kind::ComponentGroup)),
            name: input.name,
            description: input.description.or(clears.then(String::new)),
            group_id,
            component_ids: input.component_ids,
            showcase: input.showcase,
            only_show_if_degraded: input.only_show_if_degraded,
            start_date: day("start_date", input.start_date.as_deref())?,
        };
        let token = input.confirmation_token.as_deref();
        access
            .save_component(&ask, &input.page_id, &edit, token)
            .await
    }
}
