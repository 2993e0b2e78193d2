//! `save_page_settings`: settings one by one, read back.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::policy::Toolset;
use crate::roster::{PageId, System};
use crate::toolkit::{Effect, Tool};

/// Change the settings of a page.
pub(super) struct SavePageSettings;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// By name, from `get_page_settings`. E.g. `{"allow_sms_subscribers": false}`.
    settings: BTreeMap<String, Value>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for SavePageSettings {
    const NAME: &'static str = "save_page_settings";
    const TITLE: &'static str = "Change the settings of a page";
    const ABOUT: &'static str = include_str!("save_page_settings.md");
    const EFFECT: Effect = Effect::Remove;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let token = input.confirmation_token.as_deref();
        access
            .save_page_settings(&ask, &input.page_id, &input.settings, token)
            .await
    }
}
