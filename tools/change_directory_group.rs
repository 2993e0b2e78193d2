//! `change_directory_group`: makes a directory group, or changes who is in one.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, DirectoryGroupChange, Refusal, Who};
use crate::roster::{GroupId, System};
use crate::toolkit::{Effect, Tool};

/// Changes a group of the directory.
pub(super) struct ChangeDirectoryGroupTool;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// An existing group; this or `new_group`.
    group_id: Option<GroupId>,
    /// The name of a group to be made. E.g. `status-page-editors`.
    new_group: Option<String>,
    /// Add these: directory ids or addresses. E.g. `["jane@example.com"]`.
    #[serde(default)]
    add: Vec<String>,
    /// Remove these: ids or addresses. Confirmed.
    #[serde(default)]
    remove: Vec<String>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for ChangeDirectoryGroupTool {
    const NAME: &'static str = "change_directory_group";
    const TITLE: &'static str = "Change a group of the directory";
    const ABOUT: &'static str = include_str!("change_directory_group.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::AtlassianScim);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let change = DirectoryGroupChange {
            group_id: input.group_id,
            new_group: input.new_group,
            add: Who::id_or_email("add", input.add)?,
            remove: Who::id_or_email("remove", input.remove)?,
        };
        access
            .change_directory_group(&ask, change, input.confirmation_token.as_deref())
            .await
    }
}
