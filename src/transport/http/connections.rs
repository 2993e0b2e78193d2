//! Connections: so many at most, each with a limit on how long it may say nothing. Where all places are taken, whoever comes gets the
//! place of the connection that has waited longest for its next request: nobody shuts others out by opening connections.

mod idle;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use self::idle::Connections;
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
    let connections = Connections::default();
    loop {
        let accepted = async {
            let stream = listener.accept().await;
            (stream, place(&places, &connections, clock).await)
        };
        let (accepted, place) = tokio::select! {
            () = stop.cancelled() => return graceful,
            accepted = accepted => accepted,
        };
        let stream: TcpStream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                connections.make_room();
                clock.sleep(BREATH).await;
                continue;
            }
        };
        // Without it an event waits up to 40 ms for the acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection that is gone already");
        }
        let open = connections.opened();
        let (inner, requests) = (TowerToHyperService::new(router.clone()), open.requests());
        let service = service_fn(move |request| {
            let (answer, under_way) = (inner.call(request), requests.begins());
            async move {
                let answer: Result<Response, Infallible> = answer.await;
                answer.map(|it| it.map(|body| under_way.until_sent(body)))
            }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        #[expect(
            clippy::disallowed_methods,
            reason = "a connection lives beside the accept loop; a stop waits for it through `graceful`"
        )]
        tokio::spawn(async move {
            let _place = place;
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                },
                () = open.closed() => tracing::debug!("an idle connection was closed in favour of another"),
            }
        });
    }
}

/// A place for one connection more.
async fn place(
    places: &Arc<Semaphore>,
    connections: &Connections,
    clock: Clock,
) -> Option<OwnedSemaphorePermit> {
    loop {
        let free = tokio::select! {
            biased;
            free = places.clone().acquire_owned() => free,
            () = async {
                connections.make_room();
                clock.sleep(BREATH).await;
            } => continue,
        };
        // Nobody closes it.
        return free.ok();
    }
}
