//! `list_page_access_users`: the viewers of one page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Listing, Refusal, ViewerFilter, Window};
use crate::roster::{Email, GroupId, PageId, Record};
use crate::toolkit::{Effect, Tool};

/// Lists page access users.
pub(super) struct ListPageAccessUsers;

/// Which page access users.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The page's id, from `list_pages`. Example: `kctbh9vrtdwd`.
    page_id: PageId,
    /// Exactly this address, without regard to case. Costs one request. Example: `jane.doe@example.com`.
    email: Option<Email>,
    /// Only members of this page access group. Example: `g7x2k9q4m1ab`.
    group_id: Option<GroupId>,
    /// Records in this answer, 1 to 200. Left out: as many as fit in 20 KB, at most 50.
    limit: Option<u32>,
    /// `next_cursor` of the last answer, with the same other arguments.
    cursor: Option<String>,
    /// How old, in seconds, a list that the server has read already may be. Left out: 60. 0 reads it anew.
    max_age_s: Option<u32>,
}

impl Tool for ListPageAccessUsers {
    const NAME: &'static str = "list_page_access_users";
    const TITLE: &'static str = "List page access users (viewers)";
    const ABOUT: &'static str = include_str!("list_page_access_users.md");
    const EFFECT: Effect = Effect::Read;
    type Input = Input;
    type Output = Listing<Record>;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = ViewerFilter {
            page_id: input.page_id,
            email: input.email,
            group_id: input.group_id,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
        };
        access.list_viewers(&ask, &filter, &window).await
    }
}
