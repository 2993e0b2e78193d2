//! `serve`: the protocol on standard input and output.

use std::process::ExitCode;
use std::time::Duration;

use super::args::Common;
use super::setup;
use crate::transport::stdio;

/// How long a change that is under way may go on after the client is gone: longer than any one request.
const LAST_WORDS: Duration = Duration::from_secs(60);

pub(super) async fn run(common: &Common) -> Result<ExitCode, String> {
    let ready = setup::ready(common).await?;
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
    served
        .map(|()| ExitCode::SUCCESS)
        .map_err(|error| error.to_string())
}

/// SIGINT or SIGTERM.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
