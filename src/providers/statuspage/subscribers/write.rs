//! Subscribing, changing and unsubscribing. Most of it sends somebody a message: the caller says whether.

use serde_json::{Value, json};

use super::{
    super::{Cx, Result, Statuspage, taken},
    Contact, subscribers_path,
};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{ComponentId, PageId, SubscriberId, ViewerId},
    upstream::Write,
};

/// Says whether the person gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// Statuspage sends its message.
    Yes,
    /// No message.
    No,
}

/// Somebody, or something, to be told about incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscriber {
    /// The destination of messages.
    pub contact: Contact,
    /// About these components; empty means all of them.
    pub component_ids: Vec<ComponentId>,
    /// The page access user it belongs to, on an audience-specific page.
    pub viewer_id: Option<ViewerId>,
    /// Says whether the person is asked to confirm. Statuspage skips it for paid pages only.
    pub confirmation: Notify,
}

impl Statuspage {
    /// Subscribes. One request, never sent twice. The answer is not read: look it up.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for what is subscribed, else `ProviderError::Upstream`.
    pub async fn create_subscriber(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        person: &NewSubscriber,
    ) -> Result<()> {
        let mut fields = person.contact.fields();
        if !person.component_ids.is_empty() {
            fields.insert("component_ids".to_owned(), json!(person.component_ids));
        }
        if let Some(viewer) = &person.viewer_id {
            fields.insert("page_access_user".to_owned(), json!(viewer));
        }
        if person.confirmation == Notify::No {
            fields.insert(
                "skip_confirmation_notification".to_owned(),
                Value::Bool(true),
            );
        }
        let write = Write::post(subscribers_path(page), json!({ "subscriber": fields }));
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) if taken(&error, person.contact.named_by()) => {
                Err(ProviderError::AlreadyExists {
                    what: "subscriber",
                    name: person.contact.to_string(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes what somebody is told about exactly these components; empty means all of them. Leaving the list out means "all" to
    /// Statuspage, and an empty list is refused, so empty is sent as nothing.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn update_subscriber(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        subscriber: &SubscriberId,
        components: &[ComponentId],
    ) -> Result<()> {
        let body = if components.is_empty() {
            json!({})
        } else {
            json!({ "component_ids": components })
        };
        self.send(
            cx,
            intent,
            Write::patch(subscribers_path(page).push(subscriber), body),
        )
        .await
    }

    /// Unsubscribes. Statuspage tells the person unless it is asked not to.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_subscriber(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        subscriber: &SubscriberId,
        notify: Notify,
    ) -> Result<()> {
        let mut write = Write::delete(subscribers_path(page).push(subscriber));
        if notify == Notify::No {
            write = write.query("skip_unsubscription_notification", "true");
        }
        self.send(cx, intent, write).await
    }

    /// Sends somebody who has not confirmed the request again.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn resend_confirmation(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        subscriber: &SubscriberId,
    ) -> Result<()> {
        let path = subscribers_path(page)
            .push(subscriber)
            .push("resend_confirmation");
        self.send(cx, intent, Write::post(path, json!({}))).await
    }
}
