//! `serve`: the protocol on standard input and output, or over HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::args::Common;
use super::setup::{self, Ready};
use crate::transport::http::{Facts, Server};
use crate::transport::stdio;

/// The time for which a change under way may go on after the client is gone: longer than any one request.
const LAST_WORDS: Duration = Duration::from_secs(60);

pub(super) async fn run(common: &Common, http: Option<SocketAddr>) -> Result<(), String> {
    let ready = setup::ready(common).await?;
    let served = match http {
        Some(address) => over_http(common, &ready, address).await,
        None => over_stdio(common, &ready).await,
    };
    ready.app.store.at_rest().await;
    served
}

async fn over_http(common: &Common, ready: &Ready, address: SocketAddr) -> Result<(), String> {
    let facts = Facts {
        access: ready.app.access.clone(),
        catalogue: ready.app.catalogue.clone(),
        last_words: LAST_WORDS,
    };
    let settings = crate::app::http(&ready.config);
    let asks_who = settings.asks_who();
    // Before the port is open: whoever sees it open may stop the server at once.
    let stop = CancellationToken::new();
    let signal = stop_signal();
    let server = Server::bind(address, settings, ready.app.handler(), facts)
        .await
        .map_err(|error| error.to_string())?;
    let address = server.address();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), mode = ?ready.config.server.mode, sandbox = common.sandbox, %address, asks_who, "serving over HTTP at /mcp");
    let end = async {
        signal.await;
        tracing::info!("stopping: what runs may finish");
        stop.cancel();
    };
    tokio::join!(server.run(stop.clone()), end);
    Ok(())
}

async fn over_stdio(common: &Common, ready: &Ready) -> Result<(), String> {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), mode = ?ready.config.server.mode, sandbox = common.sandbox, "serving on standard input and output");
    let served = tokio::select! {
        served = stdio::serve(ready.app.handler()) => served,
        () = stop_signal() => Ok(()),
    };
    if tokio::time::timeout(LAST_WORDS, ready.app.catalogue.drain())
        .await
        .is_err()
    {
        tracing::error!("a change did not end in time; the audit file tells what was begun");
    }
    served.map_err(|error| error.to_string())
}

/// SIGINT or SIGTERM. Listened for from the call on, not from the first poll.
pub(super) fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let interrupt = listen(SignalKind::interrupt());
    let terminate = listen(SignalKind::terminate());
    async fn comes(listener: Option<tokio::signal::unix::Signal>) {
        match listener {
            Some(mut listener) => {
                listener.recv().await;
            }
            None => std::future::pending().await,
        }
    }
    async {
        tokio::select! {
            () = comes(interrupt) => {}
            () = comes(terminate) => {}
        }
    }
}
