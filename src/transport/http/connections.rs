//! Connections: so many at most, each with a limit on how long it may say nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// A request's header, and what is read of its body at once.
const LONGEST_HEADER: usize = 32 * 1024;

/// After an accept that failed, most likely for want of file descriptors.
const BREATH: Duration = Duration::from_millis(100);

/// Accepts and serves until `stop`, and hands over what still runs then.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    most: usize,
    patience: Duration,
    stop: &CancellationToken,
    clock: Clock,
) -> GracefulShutdown {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(most));
    let mut http = http1::Builder::new();
    // Also ends a connection that stays idle between two requests.
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    // Times the connections, it is the bound for what is read before anybody looks at it. The default is 400 KiB.
    http.max_buf_size(LONGEST_HEADER);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => return graceful,
            accepted = accepted => accepted,
        };
        let stream: TcpStream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                clock.sleep(BREATH).await;
                continue;
            }
        };
        // Without it an event waits up to 40 ms for the acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection that is gone already");
        }
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        #[expect(
            clippy::disallowed_methods,
            reason = "a connection lives beside the accept loop; a stop waits for it through `graceful`"
        )]
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}
