//! Ends a subscription.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::subscription;
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::subscription::subscriber_by_id;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Notify, Statuspage};
use crate::roster::{PageId, Subscriber, SubscriberId};
use crate::upstream::Cx;

pub(in crate::access) struct DeleteSubscriber {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub id: SubscriberId,
    pub subscriber: Subscriber,
    /// Says whether Statuspage sends the person a message.
    pub notify: Notify,
}

impl Act for DeleteSubscriber {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let notice = match self.notify {
            Notify::Yes => "Statuspage tells the subscriber",
            Notify::No => "no message is sent",
        };
        format!("end the subscription to page {} ({notice})", self.page)
    }

    fn target(&self) -> String {
        subscription(&self.subscriber)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "subscriber_id": self.id, "notify": self.notify == Notify::Yes})
    }

    fn before(&self) -> Value {
        json!(&self.subscriber)
    }

    fn losses(&self) -> Vec<Loss> {
        let words = format!(
            "{} is no longer told about incidents of page {}",
            subscription(&self.subscriber),
            self.page
        );
        vec![Loss::of(&self.subscriber.record, words)]
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            let hint = Some(&self.subscriber);
            let now = subscriber_by_id(&self.statuspage, cx, &self.page, &self.id, hint).await?;
            Ok(match now {
                None => Before::Done,
                Some(now) if now.record.email == self.subscriber.record.email => Before::AsPlanned,
                Some(_) => Before::Changed("the subscription has another address now".to_owned()),
            })
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
                .delete_subscriber(cx, intent, &self.page, &self.id, self.notify)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let hint = Some(&self.subscriber);
            let still = subscriber_by_id(&self.statuspage, cx, &self.page, &self.id, hint).await?;
            Ok(match still {
                None => Seen::AsWanted(Value::Null),
                Some(still) => {
                    Seen::Unchanged(json!(&still), "the subscription is still there".to_owned())
                }
            })
        })
    }
}
