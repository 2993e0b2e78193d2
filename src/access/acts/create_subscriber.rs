//! Subscribes an address to a page by e-mail.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::covered;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::subscription::subscribers_by_email;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewSubscriber, Notify, Statuspage};
use crate::roster::{Mode, Names, PageId};
use crate::upstream::Cx;

pub(in crate::access) struct CreateSubscriber {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub new: NewSubscriber,
    /// What it in names.
    pub words: String,
}

impl Act for CreateSubscriber {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let asked = match self.new.confirmation {
            Notify::Yes => "Statuspage asks the address to confirm",
            Notify::No => "without asking the address to confirm",
        };
        format!(
            "subscribe to page {} by mail: {} ({asked})",
            self.page, self.words
        )
    }

    fn target(&self) -> String {
        self.new.email.to_string()
    }

    fn exact(&self) -> Value {
        json!({
            "page_id": self.page, "email": self.new.email, "component_ids": self.new.component_ids,
            "page_access_user_id": self.new.viewer_id, "asked_to_confirm": self.new.confirmation == Notify::Yes,
        })
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Mail(Names::from(&self.new.email))]
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .create_subscriber(cx, intent, &self.page, &self.new)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let found =
                subscribers_by_email(&self.statuspage, cx, &self.page, &self.new.email).await?;
            let Some(made) = found.into_iter().find(|row| row.mode == Mode::Email) else {
                return Ok(Seen::Unchanged(
                    Value::Null,
                    "Statuspage accepted the request, and the address is not subscribed".to_owned(),
                ));
            };
            covered(
                &self.statuspage,
                cx,
                &self.page,
                &made,
                &self.new.component_ids,
            )
            .await
        })
    }
}
