//! The server: one listener, what it answers, and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use axum::{Router, middleware};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::body::Bodies;
use super::gate::{self, Gate};
use super::identity::Identity;
use super::limits::Limits;
use super::metadata::{Signpost, WELL_KNOWN};
use super::operations;
use super::origin::Allowed;
use super::sessions::Sessions;
use super::standing::Standings;
use super::{ENDPOINT, Settings, connections, cors};
use crate::access::Access;
use crate::clock::Clock;
use crate::toolkit::Catalogue;

/// The time that an answer that is ready may take to be sent while the server stops.
const LAST_BYTES: Duration = Duration::from_secs(2);

/// The values that the operators' endpoints and the checks read.
#[derive(Clone)]
pub struct Facts {
    /// The use cases.
    pub access: Arc<Access>,
    /// The tools.
    pub catalogue: Arc<Catalogue>,
    /// The time for which running calls may go on once the server stops.
    pub last_words: Duration,
}

/// A server that listens, and answers from [`Server::run`] on.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    gate: Arc<Gate>,
    facts: Facts,
    streams: CancellationToken,
}

/// The reasons why it does not listen.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The rest of the world could call without a credential.
    #[error(
        "`{0}` is reached from other machines, and nobody would have to show who they are. Make a token with `status-roster token new`, or set `http.oauth.issuer`; or listen on loopback, as in `--http 127.0.0.1:8080`"
    )]
    NotLoopback(SocketAddr),
    /// The machine refused.
    #[error("cannot listen on `{address}`: {source}; try another port")]
    Io {
        /// The address.
        address: SocketAddr,
        /// The machine's reason.
        source: std::io::Error,
    },
}

impl Server {
    /// Listens. `handler` is cloned for every request: make that cheap.
    ///
    /// # Errors
    /// See [`HttpError`].
    pub async fn bind<H>(
        address: SocketAddr,
        settings: Settings,
        handler: H,
        facts: Facts,
    ) -> Result<Self, HttpError>
    where
        H: ServerHandler + Clone + Send + Sync + 'static,
    {
        if !address.ip().is_loopback() && !settings.asks_who() {
            return Err(HttpError::NotLoopback(address));
        }
        let io = |source| HttpError::Io { address, source };
        let listener = TcpListener::bind(address).await.map_err(io)?;
        let address = listener.local_addr().map_err(io)?;
        let clock = *facts.access.clock();
        let streams = CancellationToken::new();
        let share = if settings.asks_who() {
            settings.max_sessions / 4
        } else {
            settings.max_sessions
        };
        let sessions = Arc::new(Sessions::new(
            settings.max_sessions,
            share,
            settings.session_idle,
            facts.access.memory().clone(),
            clock,
        ));
        let gate = Arc::new(Gate {
            allowed: Allowed::new(&settings, address),
            identity: Identity::new(&settings, clock),
            limits: Limits::new(&settings),
            bodies: Bodies::new(
                settings.max_body,
                settings.patience,
                settings.asks_who(),
                clock,
            ),
            signpost: Signpost::new(&settings),
            sessions: sessions.clone(),
            standings: Standings::default(),
            access: facts.access.clone(),
            catalogue: facts.catalogue.clone(),
            stopping: CancellationToken::new(),
            streams: streams.clone(),
            open: TaskTracker::new(),
            refused: std::sync::Mutex::default(),
            answered_directly: std::sync::atomic::AtomicU64::new(0),
            settings,
        });
        let router = router(handler, &gate, sessions, streams.clone());
        Ok(Self {
            listener,
            address,
            router,
            gate,
            facts,
            streams,
        })
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`; then refuses what comes, lets what runs finish, and returns.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            listener,
            router,
            gate,
            facts,
            streams,
            ..
        } = self;
        let clock: Clock = *facts.access.clock();
        let refuse = gate.stopping.clone();
        let no_more = CancellationToken::new();
        let (most, patience) = (gate.settings.max_connections, gate.settings.patience);
        let serve = connections::accept(listener, router, most, patience, &no_more, clock);
        let end = async {
            stop.cancelled().await;
            // New connections are still accepted, to be told so: a refusal is kinder than silence.
            refuse.cancel();
            finish(&gate, &facts, clock).await;
            streams.cancel();
            no_more.cancel();
        };
        let watch = async {
            tokio::select! {
                () = no_more.cancelled() => {}
                () = gate.standings.watch(&gate.identity, &gate.sessions, clock) => {}
            }
        };
        let (connections, (), ()) = tokio::join!(serve, end, watch);
        tokio::select! {
            () = connections.shutdown() => {}
            () = clock.sleep(LAST_BYTES) => tracing::warn!("a connection did not close in time"),
        }
    }
}

/// Waits for the calls, and for their answers to go out.
async fn finish(gate: &Gate, facts: &Facts, clock: Clock) {
    tokio::select! {
        () = facts.catalogue.drain() => {}
        () = clock.sleep(facts.last_words) => {
            tracing::error!("a change did not end in time; the audit file tells what was begun");
        }
    }
    gate.open.close();
    tokio::select! {
        () = gate.open.wait() => {}
        () = clock.sleep(LAST_BYTES) => {}
    }
    // A request that was let in just before the end may have begun a call since.
    tokio::select! {
        () = facts.catalogue.drain() => {}
        () = clock.sleep(facts.last_words) => {}
    }
}

fn router<H>(
    handler: H,
    gate: &Arc<Gate>,
    sessions: Arc<Sessions>,
    streams: CancellationToken,
) -> Router
where
    H: ServerHandler + Clone + Send + Sync + 'static,
{
    // Host, Origin and the body's length are the gate's matter, for every route alike.
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .disable_allowed_origins()
        .with_max_request_body_bytes(gate.settings.max_body)
        .with_json_response(true)
        // The sessions send those that their clients can read.
        .with_sse_retry(None)
        .with_cancellation_token(streams);
    let protocol = StreamableHttpService::new(move || Ok(handler.clone()), sessions, config);
    let mut for_pages = Router::new()
        .route_service(ENDPOINT, protocol.clone())
        // As people type it.
        .route_service(&format!("{ENDPOINT}/"), protocol)
        .layer(middleware::from_fn_with_state(gate.clone(), gate::guard))
        .route(WELL_KNOWN, get(operations::metadata))
        .route(
            &format!("{WELL_KNOWN}/{{*path}}"),
            get(operations::metadata),
        )
        .fallback(operations::nothing_here);
    if let Some(cors) = cors::layer(&gate.settings) {
        // Outermost: a browser asks without a token, and has to be able to read a refusal.
        for_pages = for_pages.layer(cors);
    }
    for_pages
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
        .with_state(gate.clone())
}
