//! Gives a subscription the components that it lacks: the ones held and the new ones, sent whole.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{again, covered, subscription};
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::subscription::subscriber_by_id;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{ComponentId, Names, PageId, Subscriber, SubscriberId};
use crate::upstream::Cx;

pub(in crate::access) struct WidenSubscription {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub id: SubscriberId,
    pub subscriber: Subscriber,
    /// Everything that it is to cover; none means all components.
    pub wanted: Vec<ComponentId>,
    /// The components that were asked for, by name.
    pub words: String,
}

impl Act for WidenSubscription {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        format!(
            "widen the subscription to page {}: {}",
            self.page, self.words
        )
    }

    fn target(&self) -> String {
        subscription(&self.subscriber)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "subscriber_id": self.id, "component_ids": self.wanted})
    }

    fn before(&self) -> Value {
        json!(&self.subscriber)
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Mail(Names::of(&self.subscriber.record))]
    }

    fn requests(&self) -> u32 {
        3
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            Ok(again(
                &self.see(cx).await?,
                "components of the subscription",
            ))
        })
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .update_subscriber(cx, intent, &self.page, &self.id, &self.wanted)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let hint = Some(&self.subscriber);
            let now = subscriber_by_id(&self.statuspage, cx, &self.page, &self.id, hint).await?;
            let Some(now) = now else {
                return Ok(Seen::Otherwise(
                    Value::Null,
                    "the subscription is gone: somebody else changes it too".to_owned(),
                ));
            };
            let data = json!(&now);
            if now.component_ids == self.subscriber.component_ids {
                let why = "the components are as before".to_owned();
                return Ok(Seen::Unchanged(data, why));
            }
            covered(&self.statuspage, cx, &self.page, &now, &self.wanted).await
        })
    }
}
