//! The way of a request through the sandbox, from the wire to the wire.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State as Shared},
    http::{Response, header},
};
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    call::Call,
    control,
    faults::Fault,
    gate::Met,
    listener::{Cut, CuttableListener, Line},
    reply::{Content, Reply},
    state::State,
    time,
    world::Role,
};

/// Larger bodies are refused: no request of these APIs comes near.
const LARGEST_BODY: usize = 4 << 20;

#[expect(
    clippy::disallowed_methods,
    reason = "a server outlives the call that starts it; `stopped` ends it"
)]
pub(super) fn spawn(
    listener: TcpListener,
    state: Arc<Mutex<State>>,
    stopped: oneshot::Receiver<()>,
) {
    let app = Router::new().fallback(receive).with_state(state);
    let serve = axum::serve(
        CuttableListener(listener),
        app.into_make_service_with_connect_info::<Line>(),
    );
    tokio::spawn(async move {
        let stop = async {
            // A sender that is gone means the same as a message: the sandbox is no longer wanted.
            let _ = stopped.await;
        };
        // It ends by being stopped; there is nobody left to tell about anything else.
        let _ = serve.with_graceful_shutdown(stop).await;
    });
}

async fn receive(
    Shared(state): Shared<Arc<Mutex<State>>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Reply::nothing(413).into_response();
    };
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let call = Call::new(parts.method, &parts.uri, kind.to_owned(), body);
    if call
        .segments
        .first()
        .is_some_and(|first| first == control::PREFIX)
    {
        let nearby = line.peer.is_some_and(|peer| peer.ip().is_loopback());
        return control::answer(&mut lock(&state), &call, nearby).into_response();
    }
    let (entry, met) = lock(&state).receive(&call, &parts.headers);
    let (role, fault) = match met {
        Met::Answer(reply) => {
            lock(&state).log.answered(entry, reply.status);
            return reply.into_response();
        }
        Met::Handle(role, fault) => (role, fault),
    };
    if fault == Some(Fault::Reset) {
        line.cut(Cut::Reset);
        return Reply::nothing(500).into_response();
    }
    let mut reply = match fault {
        Some(Fault::Slow) => slowly(Arc::clone(&state), call, role).await,
        _ => lock(&state).handle(&call, role, fault),
    };
    match fault {
        Some(Fault::LateAnswer) => {
            let late = Duration::from_millis(lock(&state).faults.on.slow_ms);
            time::sleep(late).await;
        }
        Some(Fault::LostAnswer) => {
            line.cut(Cut::Close);
            return reply.into_response();
        }
        Some(Fault::TruncatedBody) if half(&reply) > 0 => {
            line.cut(Cut::Body {
                left: half(&reply),
                head_is_out: false,
            });
        }
        Some(Fault::FailedAfterHandling) => reply = Reply::html(504),
        _ => {}
    }
    lock(&state).log.answered(entry, reply.status);
    reply.into_response()
}

/// A slow server goes on when its client has hung up: a client that times out has not undone anything.
#[expect(
    clippy::disallowed_methods,
    reason = "the work outlives the connection, as it does upstream"
)]
async fn slowly(state: Arc<Mutex<State>>, call: Call, role: Role) -> Reply {
    let slow = Duration::from_millis(lock(&state).faults.on.slow_ms);
    let work = tokio::spawn(async move {
        time::sleep(slow).await;
        lock(&state).handle(&call, role, Some(Fault::Slow))
    });
    work.await.unwrap_or_else(|_| Reply::nothing(500))
}

fn half(reply: &Reply) -> usize {
    match &reply.body {
        Content::Nothing => 0,
        Content::Json(value) | Content::Scim(value) => value.to_string().len() / 2,
        Content::Html(page) => page.len() / 2,
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
