//! `save_page_access_group`: makes a group, or changes one by merging.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, GroupEdit, MemberChange, Refusal};
use crate::roster::{ComponentId, GroupId, MetricId, PageId, SetChange, System};
use crate::toolkit::{Effect, Tool};

/// Makes or changes a group.
pub(super) struct SavePageAccessGroup;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Left out: a new group. E.g. `g7x2k9q4m1ab`.
    group_id: Option<GroupId>,
    /// Its name, or its new one. E.g. `Enterprise EU`.
    name: Option<String>,
    /// The identity provider's id of the group. E.g. `grp-eu`.
    external_id: Option<String>,
    /// Adds: ids or addresses. E.g. `["jane@example.com"]`.
    #[serde(default)]
    add_member_ids: Vec<String>,
    /// Adds. E.g. `["b4tkz8qn2xlm"]`.
    #[serde(default)]
    add_component_ids: Vec<ComponentId>,
    /// Adds. E.g. `["m9rwd3cjx0pe"]`.
    #[serde(default)]
    add_metric_ids: Vec<MetricId>,
    /// Takes out: ids or addresses.
    #[serde(default)]
    remove_member_ids: Vec<String>,
    /// Takes out.
    #[serde(default)]
    remove_component_ids: Vec<ComponentId>,
    /// Takes out.
    #[serde(default)]
    remove_metric_ids: Vec<MetricId>,
    /// Exactly these: ids or addresses.
    replace_member_ids: Option<Vec<String>>,
    /// Exactly these.
    replace_component_ids: Option<Vec<ComponentId>>,
    /// Exactly these.
    replace_metric_ids: Option<Vec<MetricId>>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for SavePageAccessGroup {
    const NAME: &'static str = "save_page_access_group";
    const TITLE: &'static str = "Make or change a page access group";
    const ABOUT: &'static str = include_str!("save_page_access_group.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let edit = GroupEdit {
            page_id: input.page_id,
            group_id: input.group_id,
            name: input.name,
            external_id: input.external_id,
            members: MemberChange::read(
                input.add_member_ids,
                input.remove_member_ids,
                input.replace_member_ids,
            )?,
            components: SetChange {
                grant: input.add_component_ids,
                revoke: input.remove_component_ids,
                replace: input.replace_component_ids,
            },
            metrics: SetChange {
                grant: input.add_metric_ids,
                revoke: input.remove_metric_ids,
                replace: input.replace_metric_ids,
            },
        };
        let token = input.confirmation_token.as_deref();
        access.save_group(&ask, &edit, token).await
    }
}
