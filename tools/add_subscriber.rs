//! `add_subscriber`: subscribes an address to a page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, NewSubscription, Refusal};
use crate::providers::statuspage::Contact;
use crate::roster::{ComponentId, Email, PageId, System, ViewerId};
use crate::toolkit::{Effect, Tool};

/// Subscribes an address.
pub(super) struct AddSubscriber;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// For a webhook: written to when it fails. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Texts instead, as dialled in the country. E.g. `030 1234567`.
    phone_number: Option<String>,
    /// With the number. E.g. `DE`.
    phone_country: Option<String>,
    /// Calls instead, with `email`. Shown as host afterwards. E.g. `https://hooks.example.com/x`.
    webhook_url: Option<String>,
    /// The viewer it belongs to; alone: their address. E.g. `p6t1q6y2c3m3`.
    user_id: Option<ViewerId>,
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
        let contact = match (input.email, input.phone_number, input.webhook_url) {
            (Some(email), None, Some(url)) => Some(Contact::webhook(&url, email)),
            (None, Some(number), None) => {
                Some(Contact::sms(input.phone_country.as_deref(), &number))
            }
            (email, None, None) if input.phone_country.is_none() => {
                email.map(|email| Ok(Contact::Email(email)))
            }
            _ => Some(Err(
                "give one way to be told: `email`, `phone_number` with `phone_country`, or `webhook_url` with the `email` that is written to when it fails".to_owned(),
            )),
        };
        let new = NewSubscription {
            page_id: input.page_id,
            contact: contact.transpose().map_err(Refusal::arguments)?,
            viewer_id: input.user_id,
            component_ids: input.component_ids,
            skip_confirmation: input.skip_confirmation,
            resend: input.resend,
        };
        let token = input.confirmation_token.as_deref();
        access.add_subscriber(&ask, new, token).await
    }
}
