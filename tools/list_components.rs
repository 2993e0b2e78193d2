//! `list_components`: what a page reports on, to scope access by.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Listing, NamedRow, PageItem, Refusal, Spelling, Spelt, Window};
use crate::roster::{By, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Lists components and metrics.
pub(super) struct ListComponents;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Part of the name; exact first. E.g. `api`.
    name: Option<String>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListComponents {
    const NAME: &'static str = "list_components";
    const TITLE: &'static str = "List components and metrics of a page";
    const ABOUT: &'static str = include_str!("list_components.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Status, By::Type]);
    type Input = Input;
    type Output = Listing<Spelt<NamedRow<PageItem>>>;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access
            .list_items(&ask, &input.page_id, input.name.as_deref(), &window)
            .await
    }
}
