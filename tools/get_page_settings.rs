//! `get_page_settings`: what is set of a page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Refusal};
use crate::policy::Toolset;
use crate::roster::{PageId, PageSettings, System};
use crate::toolkit::{Effect, Tool};

/// Show the settings of a page.
pub(super) struct GetPageSettings;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
}

impl Tool for GetPageSettings {
    const NAME: &'static str = "get_page_settings";
    const TITLE: &'static str = "Show the settings of a page";
    const ABOUT: &'static str = include_str!("get_page_settings.md");
    const EFFECT: Effect = Effect::Read;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = PageSettings;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        access.get_page_settings(&ask, &input.page_id).await
    }
}
