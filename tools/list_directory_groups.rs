//! `list_directory_groups`: the groups of the user directory.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, DirectoryGroupFilter, Listing, NamedRow, Refusal, Window};
use crate::roster::{By, DirectoryGroup, GroupId, System};
use crate::toolkit::{Effect, Tool};

/// Lists groups of the directory.
pub(super) struct ListDirectoryGroups;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This one, with members.
    group_id: Option<GroupId>,
    /// Part of the name; exact first. E.g. `engineering`.
    name: Option<String>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListDirectoryGroups {
    const NAME: &'static str = "list_directory_groups";
    const TITLE: &'static str = "List groups of the directory";
    const ABOUT: &'static str = include_str!("list_directory_groups.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::AtlassianScim);
    const COUNTED_BY: Option<&'static [By]> = Some(&[]);
    type Input = Input;
    type Output = Listing<Vec<NamedRow<DirectoryGroup>>>;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = DirectoryGroupFilter {
            group_id: input.group_id,
            name: input.name,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_directory_groups(&ask, &filter, &window).await
    }
}
