//! Subscribes to a page: an address, a telephone number or a webhook.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::covered;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::subscription::of_contact;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Contact, NewSubscriber, Notify, Statuspage};
use crate::roster::{Names, PageId, RecordId, Subscriber};
use crate::upstream::Cx;

pub(in crate::access) struct CreateSubscriber {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub new: NewSubscriber,
    /// The components that it covers, by name.
    pub words: String,
    /// Subscriptions of this kind that were there before.
    pub known: BTreeSet<RecordId>,
}

impl CreateSubscriber {
    /// Finds the subscription that was made. Statuspage may store a phone number in another form: then it is the one that was not there
    /// before and ends in the same digits.
    fn made(&self, rows: Vec<Subscriber>) -> Option<Subscriber> {
        let (same, others): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .partition(|row| self.new.contact.is_of(row));
        same.into_iter().next().or_else(|| {
            let ending = self.new.contact.ending()?;
            others.into_iter().find(|row| {
                row.phone_ending.as_deref() == Some(ending.as_str())
                    && !self.known.contains(&row.record.id)
            })
        })
    }
}

impl Act for CreateSubscriber {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let asked = match (&self.new.contact, self.new.confirmation) {
            (Contact::Email(_), Notify::Yes) => "Statuspage asks the address to confirm",
            (_, Notify::Yes) => "whether Statuspage asks for a confirmation is not documented",
            (Contact::Email(_), Notify::No) => "without asking the address to confirm",
            (_, Notify::No) => "without asking for a confirmation",
        };
        let how = match self.new.contact {
            Contact::Email(_) => "mail",
            Contact::Sms { .. } => "text message",
            Contact::Webhook { .. } => "webhook",
        };
        format!(
            "subscribe to page {} by {how}: {} ({asked})",
            self.page, self.words
        )
    }

    fn target(&self) -> String {
        self.new.contact.to_string()
    }

    fn exact(&self) -> Value {
        json!({
            "page_id": self.page, "to": self.new.contact.to_string(), "component_ids": self.new.component_ids,
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
        let address = self.new.contact.email().map(Names::from);
        address.map(Gain::Mail).into_iter().collect()
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
            let contact = &self.new.contact;
            let rows = of_contact(&self.statuspage, cx, &self.page, contact).await?;
            let Some(made) = self.made(rows) else {
                return Ok(Seen::Unchanged(
                    Value::Null,
                    "Statuspage accepted the request, and the subscription is not there".to_owned(),
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
