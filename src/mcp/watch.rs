//! Subscriptions: a client that listens is told when a roster that it named has changed.
//!
//! Told of are the changes that this server makes. What others change is seen by the next read, and not before: watching
//! for it would spend the budget that everybody shares. A notification says "read again", never what is new.

use rmcp::model::{ErrorData, SubscriptionFilter};
use rmcp::service::SubscriptionContext;
use tokio::sync::watch::Receiver;

use super::address::Address;

/// Addresses in one subscription at most.
const MOST: usize = 100;

/// Returns the part of a subscription that is granted: addresses of ours, and changes of the list of resources.
pub(super) fn accepted(requested: &SubscriptionFilter) -> SubscriptionFilter {
    let mut filter = SubscriptionFilter::new();
    filter.resources_list_changed = requested.resources_list_changed.filter(|wanted| *wanted);
    filter.resource_subscriptions = requested.resource_subscriptions.as_ref().map(|uris| {
        let ours = uris.iter().filter(|uri| Address::parse(uri).is_some());
        ours.take(MOST).cloned().collect()
    });
    filter
}

/// Tells of each change until the client stops listening.
pub(super) async fn listen(
    context: SubscriptionContext,
    mut changes: Receiver<u64>,
) -> Result<(), ErrorData> {
    loop {
        tokio::select! {
            () = context.cancelled() => return Ok(()),
            changed = changes.changed() => if changed.is_err() {
                return Ok(());
            },
        }
        let sink = context.sink();
        let accepted = sink.accepted().clone();
        let mut sent = Ok(());
        if accepted.resources_list_changed == Some(true) {
            sent = sink.notify_resource_list_changed().await;
        }
        for uri in accepted.resource_subscriptions.unwrap_or_default() {
            sent = sent.and(sink.notify_resource_updated(uri).await);
        }
        if let Err(error) = sent {
            tracing::debug!(%error, "a subscriber could not be told");
        }
    }
}
