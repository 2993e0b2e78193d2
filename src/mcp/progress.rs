//! Progress on its way to a client that asked for it.

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RoleServer};
use tokio::sync::mpsc;

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

/// Sends what is told for as long as it is polled. The protocol wants each value above the last one.
pub(super) async fn forward(
    peer: &Peer<RoleServer>,
    token: ProgressToken,
    mut told: mpsc::UnboundedReceiver<Told>,
) {
    let mut last = 0.0;
    // The first byte at once: clients give a silent call up after a minute.
    send(peer, &token, last, None, "started").await;
    while let Some(Told {
        done,
        total,
        message,
    }) = told.recv().await
    {
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
    std::future::pending::<()>().await;
}

async fn send(
    peer: &Peer<RoleServer>,
    token: &ProgressToken,
    done: f64,
    total: Option<f64>,
    message: &str,
) {
    let mut told = ProgressNotificationParam::new(token.clone(), done).with_message(message);
    told.total = total;
    if let Err(error) = peer.notify_progress(told).await {
        tracing::debug!(%error, "progress could not be sent");
    }
}
