//! A request's body, whole: not longer than the limit, and not slower than the server's patience.

use axum::body::{Body, Bytes};
use futures::StreamExt as _;

use super::refusal::Refusal;
use crate::clock::Clock;
use std::time::Duration;

/// Reads a body to its end.
pub(super) async fn read(
    body: Body,
    limit: usize,
    patience: Duration,
    clock: Clock,
) -> Result<Bytes, Refusal> {
    tokio::select! {
        read = whole(body, limit) => read,
        () = clock.sleep(patience) => Err(Refusal::TooSlow),
    }
}

async fn whole(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    // A length that is announced is believed when it is too long, so that nothing of it needs to be read.
    if http_body::Body::size_hint(&body).lower() > limit as u64 {
        return Err(Refusal::TooLong(limit));
    }
    let mut pieces = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(piece) = pieces.next().await {
        // A client that breaks off is told nothing; whatever it is told, it is not there to hear it.
        let piece = piece.map_err(|_| Refusal::TooSlow)?;
        if read.len() + piece.len() > limit {
            return Err(Refusal::TooLong(limit));
        }
        read.extend_from_slice(&piece);
    }
    Ok(read.into())
}
