//! `add_subscriber`: subscribes an address to a page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, NewSubscription, Refusal};
use crate::roster::{ComponentId, Email, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Subscribes an address.
pub(super) struct AddSubscriber;

/// Whom, and to what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// E.g. `jane@example.com`.
    email: Email,
    /// Left out: all. E.g. `["b4tkz8qn2xlm"]`.
    #[serde(default)]
    component_ids: Vec<ComponentId>,
    /// Paid pages only.
    #[serde(default)]
    skip_confirmation: bool,
    /// One mail per call.
    #[serde(default)]
    resend: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for AddSubscriber {
    const NAME: &'static str = "add_subscriber";
    const TITLE: &'static str = "Subscribe to a page";
    const ABOUT: &'static str = include_str!("add_subscriber.md");
    const EFFECT: Effect = Effect::Send;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewSubscription {
            page_id: input.page_id,
            email: input.email,
            component_ids: input.component_ids,
            skip_confirmation: input.skip_confirmation,
            resend: input.resend,
        };
        let token = input.confirmation_token.as_deref();
        access.add_subscriber(&ask, new, token).await
    }
}
