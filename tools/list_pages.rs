//! `list_pages`: the pages of the organization.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, PageList, Refusal};
use crate::roster::{By, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Lists pages.
pub(super) struct ListPages;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Only these, with evidence of their type: two requests each. E.g. `["kctbh9vrtdwd"]`.
    #[serde(default)]
    page_ids: Vec<PageId>,
}

impl Tool for ListPages {
    const NAME: &'static str = "list_pages";
    const TITLE: &'static str = "List status pages";
    const ABOUT: &'static str = include_str!("list_pages.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[]);
    type Input = Input;
    type Output = PageList;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        access.list_pages(&ask, &input.page_ids).await
    }
}
