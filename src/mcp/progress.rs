//! Progress on its way to a client that asked for it.

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RoleServer};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::access::Progress;

/// One thing told.
pub(super) struct Told {
    done: u64,
    total: Option<u64>,
    message: String,
}

/// Hands progress over without waiting: a slow client must not slow the work.
pub(super) struct Channel(mpsc::UnboundedSender<Told>);

impl Progress for Channel {
    fn tell(&self, done: u64, total: Option<u64>, message: &str) {
        // The client may be gone; then nobody needs to know.
        let _ = self.0.send(Told {
            done,
            total,
            message: message.to_owned(),
        });
    }
}

pub(super) fn channel() -> (Channel, mpsc::UnboundedReceiver<Told>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Channel(sender), receiver)
}

/// Sends what is told until the answer is there and everything told before it is sent. The protocol wants each value above
/// the last one.
pub(super) async fn forward(
    peer: &Peer<RoleServer>,
    token: ProgressToken,
    mut told: mpsc::UnboundedReceiver<Told>,
    answered: &CancellationToken,
) {
    let mut last = 0.0;
    // The first byte at once: clients give a silent call up after a minute.
    send(peer, &token, last, None, "started").await;
    loop {
        let next = tokio::select! {
            biased;
            next = told.recv() => next,
            () = answered.cancelled() => None,
        };
        let Some(Told {
            done,
            total,
            message,
        }) = next
        else {
            return;
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "pages and steps, far below 2^52"
        )]
        let (done, total) = (done as f64, total.map(|total| total as f64));
        let next = if done > last { done } else { last + 1.0 };
        send(
            peer,
            &token,
            next,
            total.filter(|total| *total >= next),
            &message,
        )
        .await;
        last = next;
    }
}

async fn send(
    peer: &Peer<RoleServer>,
    token: &ProgressToken,
    done: f64,
    total: Option<f64>,
    message: &str,
) {
    let mut notification =
        ProgressNotificationParam::new(token.clone(), done).with_message(message);
    notification.total = total;
    if let Err(error) = peer.notify_progress(notification).await {
        tracing::debug!(%error, "progress could not be sent");
    }
}
