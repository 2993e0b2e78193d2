//! `list_metrics`: graphs, and where they come from.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, MetricListing, Refusal, Window};
use crate::policy::Toolset;
use crate::roster::{By, PageId, System};
use crate::toolkit::{Effect, Tool};

/// List metrics of a page.
pub(super) struct ListMetrics;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Only those of this provider: its id, or its type where one has it. E.g. `Self`.
    provider: Option<String>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListMetrics {
    const NAME: &'static str = "list_metrics";
    const TITLE: &'static str = "List metrics of a page";
    const ABOUT: &'static str = include_str!("list_metrics.md");
    const EFFECT: Effect = Effect::Read;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[]);
    type Input = Input;
    type Output = MetricListing;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        let provider = input.provider.as_deref();
        access
            .list_metrics(&ask, &input.page_id, provider, &window)
            .await
    }
}
