//! `list_page_access_users`: the viewers of one page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, Ask, Listing, Refusal, Spelling, Spelt, ViewerFilter, ViewerRow, Window,
};
use crate::roster::{By, ComponentId, Email, GroupId, MetricId, PageId, System, ViewerId};
use crate::toolkit::{Effect, Tool};

/// Lists page access users.
pub(super) struct ListPageAccessUsers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// This address. E.g. `jane@example.com`.
    email: Option<Email>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// This one. E.g. `p6t1q6y2c3m3`.
    user_id: Option<ViewerId>,
    /// Only members of this group. E.g. `g7x2k9q4m1ab`.
    group_id: Option<GroupId>,
    /// Viewers who see it: a request a viewer, kept.
    component_id: Option<ComponentId>,
    /// Likewise.
    metric_id: Option<MetricId>,
    /// Viewers who see nothing.
    #[serde(default)]
    without_access: bool,
    /// Also what each sees: two requests a viewer, 10 at once.
    #[serde(default)]
    detail: bool,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListPageAccessUsers {
    const NAME: &'static str = "list_page_access_users";
    const TITLE: &'static str = "List page access users (viewers)";
    const ABOUT: &'static str = include_str!("list_page_access_users.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain, By::Group]);
    type Input = Input;
    type Output = Listing<Spelt<ViewerRow>>;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = ViewerFilter {
            page_id: input.page_id,
            email: input.email,
            domain: input.domain,
            user_id: input.user_id,
            group_id: input.group_id,
            component_id: input.component_id,
            metric_id: input.metric_id,
            without_access: input.without_access,
            detail: input.detail,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_viewers(&ask, &filter, &window).await
    }
}
