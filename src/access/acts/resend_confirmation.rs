//! Asks Statuspage to send the confirmation message of a subscription again.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::subscription;
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::subscription::{subscriber_by_id, unconfirmed};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Email, Names, PageId, Subscriber, SubscriberId};
use crate::upstream::Cx;

pub(in crate::access) struct ResendConfirmation {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub id: SubscriberId,
    pub email: Email,
    /// As the list of the unconfirmed shows it.
    pub subscriber: Subscriber,
}

impl ResendConfirmation {
    async fn waiting(&self, cx: &Cx) -> Result<Option<Subscriber>, ProviderError> {
        unconfirmed(&self.statuspage, cx, &self.page, &self.email, &self.id).await
    }
}

impl Act for ResendConfirmation {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        format!(
            "send the confirmation message of the subscription to page {} again",
            self.page
        )
    }

    fn target(&self) -> String {
        subscription(&self.subscriber)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "subscriber_id": self.id, "email": self.email})
    }

    fn before(&self) -> Value {
        json!(&self.subscriber)
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Mail(Names::from(&self.email))]
    }

    fn leaves_trace(&self) -> bool {
        false
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            Ok(match self.waiting(cx).await? {
                Some(_) => Before::AsPlanned,
                None => Before::Changed(
                    "the subscription no longer waits for a confirmation".to_owned(),
                ),
            })
        })
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .resend_confirmation(cx, intent, &self.page, &self.id)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            if let Some(waiting) = self.waiting(cx).await? {
                return Ok(Seen::AsWantedAnd(
                    json!(&waiting),
                    "Statuspage accepted; whether the mail arrived cannot be seen. The subscription is still unconfirmed".to_owned(),
                ));
            }
            let now = subscriber_by_id(&self.statuspage, cx, &self.page, &self.id, None).await?;
            Ok(match now {
                Some(now) => Seen::AsWantedAnd(
                    json!(&now),
                    "Statuspage accepted, and the subscription no longer waits for a confirmation"
                        .to_owned(),
                ),
                None => Seen::Otherwise(
                    Value::Null,
                    "the subscription is gone: somebody else changes it too".to_owned(),
                ),
            })
        })
    }
}
