//! Connections that wait for their next request: the one that waits longest is closed when another client wants its place.
//!
//! Guarantees: a connection is never closed for another one while it has a request under way, or an answer that is still being sent.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use tokio::sync::Notify;

use crate::transport::http::held::Held;

/// All connections that are open.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<All>);

#[derive(Default)]
struct All {
    open: Mutex<HashMap<u64, Arc<ConnectionState>>>,
    /// Counts connections, and the moments at which they begin to wait: a later one has a higher number.
    moments: AtomicU64,
}

#[derive(Default)]
struct ConnectionState {
    requests: AtomicUsize,
    waits_since: AtomicU64,
    closed: Notify,
}

impl Connections {
    /// A connection that was accepted. It counts until the returned value is dropped.
    pub(super) fn opened(&self) -> Connection {
        let number = self.moment();
        let state = Arc::new(ConnectionState::default());
        state.waits_since.store(number, SeqCst);
        self.open().insert(number, Arc::clone(&state));
        Connection {
            all: self.clone(),
            number,
            state,
        }
    }

    /// Closes the connection that has waited longest for its next request, where one waits.
    pub(super) fn make_room(&self) {
        let open = self.open();
        let waiting = open.values().filter(|it| it.requests.load(SeqCst) == 0);
        if let Some(longest) = waiting.min_by_key(|it| it.waits_since.load(SeqCst)) {
            longest.closed.notify_one();
        }
    }

    fn moment(&self) -> u64 {
        self.0.moments.fetch_add(1, SeqCst)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<ConnectionState>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection.
pub(super) struct Connection {
    all: Connections,
    number: u64,
    state: Arc<ConnectionState>,
}

impl Connection {
    /// Waits until it is to be closed for another one.
    pub(super) async fn closed(&self) {
        loop {
            self.state.closed.notified().await;
            // A request may have begun since.
            if self.state.requests.load(SeqCst) == 0 {
                return;
            }
        }
    }

    /// Counts requests for the task that serves it.
    pub(super) fn requests(&self) -> Requests {
        Requests {
            all: self.all.clone(),
            state: Arc::clone(&self.state),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open().remove(&self.number);
    }
}

/// Counts the requests of a connection.
#[derive(Clone)]
pub(super) struct Requests {
    all: Connections,
    state: Arc<ConnectionState>,
}

impl Requests {
    /// One that begins. It is under way until the returned value is dropped.
    pub(super) fn begins(&self) -> OpenRequest {
        self.state.requests.fetch_add(1, SeqCst);
        OpenRequest(self.clone())
    }
}

/// A request that is under way.
pub(super) struct OpenRequest(Requests);

impl OpenRequest {
    /// An answer's body with which the request ends.
    pub(super) fn until_sent(self, inner: Body) -> Body {
        Body::new(Held::new(inner, self, None))
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let Requests { all, state } = &self.0;
        state.waits_since.store(all.moment(), SeqCst);
        state.requests.fetch_sub(1, SeqCst);
    }
}
