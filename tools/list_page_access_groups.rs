//! `list_page_access_groups`: the groups of one page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, Ask, GroupDetail, GroupFilter, GroupRow, Listing, NamedRow, Refusal, Window,
};
use crate::roster::{By, GroupId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Lists page access groups.
pub(super) struct ListPageAccessGroups;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Part of the name; exact first. E.g. `enterprise`.
    name: Option<String>,
    /// Only this group. E.g. `g7x2k9q4m1ab`.
    group_id: Option<GroupId>,
    /// Their ids too; left out: numbers alone.
    detail: Option<GroupDetail>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListPageAccessGroups {
    const NAME: &'static str = "list_page_access_groups";
    const TITLE: &'static str = "List page access groups";
    const ABOUT: &'static str = include_str!("list_page_access_groups.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[]);
    type Input = Input;
    type Output = Listing<Vec<NamedRow<GroupRow>>>;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        let filter = GroupFilter {
            page_id: input.page_id,
            name: input.name,
            group_id: input.group_id,
            detail: input.detail,
        };
        access.list_groups(&ask, &filter, &window).await
    }
}
