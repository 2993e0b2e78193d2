//! `save_postmortem`: writes what is said after an incident.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, PostmortemAction, Refusal};
use crate::policy::Toolset;
use crate::roster::{IncidentId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Write, publish or take back a postmortem.
pub(super) struct SavePostmortem;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_incidents`. E.g. `p31zjtct2jer`.
    incident_id: IncidentId,
    /// The action to take.
    action: Action,
    /// The draft, in Markdown. E.g. `A breaker failed.`
    #[schemars(length(max = 25_000))]
    body: Option<String>,
    /// With `publish`: whether subscribers are told; left out: they are not.
    #[serde(default)]
    notify: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

/// The actions on a postmortem.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Action {
    Draft,
    Publish,
    Revert,
}

impl Tool for SavePostmortem {
    const NAME: &'static str = "save_postmortem";
    const TITLE: &'static str = "Write, publish or take back a postmortem";
    const ABOUT: &'static str = include_str!("save_postmortem.md");
    const EFFECT: Effect = Effect::Publish;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let action = match (input.action, input.body, input.notify) {
            (Action::Draft, Some(body), false) => PostmortemAction::Draft(body),
            (Action::Draft, None, _) => {
                return Err(Refusal::arguments("`draft` needs the words in `body`"));
            }
            (Action::Publish, None, notify) => PostmortemAction::Publish { notify },
            (Action::Revert, None, false) => PostmortemAction::Revert,
            (Action::Draft, Some(_), true) | (Action::Revert, None, true) => {
                return Err(Refusal::arguments("`notify` belongs to `publish`"));
            }
            (Action::Publish | Action::Revert, Some(_), _) => {
                return Err(Refusal::arguments(
                    "`body` belongs to `draft`: what is published is the draft, so write that first",
                ));
            }
        };
        let token = input.confirmation_token.as_deref();
        access
            .save_postmortem(&ask, &input.page_id, &input.incident_id, &action, token)
            .await
    }
}
