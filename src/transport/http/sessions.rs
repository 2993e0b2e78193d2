//! Sessions of the older protocol: bounded in number, and each its opener's own.
//!
//! Guarantees: a caller who presents another caller's session is told that there is no such session; one caller cannot take all sessions,
//! because what it opens beyond its share closes the session that it used longest ago. Protocol 2026-07-28 has no sessions.
//!
//! An event without data, from which a client may resume a stream, is of 2025-11-25. Clients of an older revision read it as a
//! message that is not JSON, and give up the stream: they are sent none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use http::HeaderMap;
use rmcp::model::{
    ClientJsonRpcMessage, JsonRpcMessage, ProtocolVersion, ServerJsonRpcMessage, ServerResult,
};
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError, SessionConfig,
};
use rmcp::transport::streamable_http_server::session::{
    ServerSseMessage, SessionId, SessionManager,
};

use crate::caller::Standing;
use crate::clock::Clock;
use crate::memory::{Memory, Weight, What};

/// The header that names a session.
const HEADER_SESSION_ID: &str = "mcp-session-id";

/// The bytes that a session takes, its tasks and channels together.
const BYTES: usize = 128 * 1024;

/// The time without use after which a session may be closed in favour of a new one.
const ABANDONED: Duration = Duration::from_secs(120);

tokio::task_local! {
    /// The caller on whose behalf the library works. It asks for a session by id alone.
    static ASKING: Asking;
}

#[derive(Clone)]
struct Asking {
    name: Arc<str>,
    standing: Standing,
    full: Arc<AtomicBool>,
}

/// Runs a request on behalf of a caller. The second part says that a session was asked for and none was free.
pub(super) async fn on_behalf_of<F: Future>(
    name: Arc<str>,
    standing: Standing,
    request: F,
) -> (F::Output, bool) {
    let full = Arc::new(AtomicBool::new(false));
    let asking = Asking {
        name,
        standing,
        full: full.clone(),
    };
    let output = ASKING.scope(asking, request).await;
    (output, full.load(Relaxed))
}

/// The library's sessions, with owners and bounds.
pub(super) struct Sessions {
    inner: LocalSessionManager,
    owned: Mutex<HashMap<SessionId, Owned>>,
    most: usize,
    share: usize,
    memory: Memory,
    clock: Clock,
}

struct Owned {
    by: Arc<str>,
    used: Duration,
    /// The standing of its last user: the owner may have got a new token meanwhile.
    standing: Standing,
    /// Its client knows events without data.
    primed: bool,
    /// The memory that it takes.
    _weight: Weight,
}

/// The reasons why there is no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    /// All are taken.
    #[error("no more sessions fit")]
    Full,
    /// The library's reason.
    #[error(transparent)]
    Library(#[from] LocalSessionManagerError),
}

impl Sessions {
    /// At most `most` sessions, of which one caller may have `share`; each ends after `idle` without traffic.
    /// All together take half of the memory at most.
    pub(super) fn new(
        most: usize,
        share: usize,
        idle: Duration,
        memory: Memory,
        clock: Clock,
    ) -> Self {
        let most = most.min(memory.most() / 2 / BYTES).max(1);
        let mut inner = LocalSessionManager::default();
        inner.session_config.keep_alive = Some(idle);
        Self {
            inner,
            owned: Mutex::default(),
            most,
            share: share.clamp(1, most),
            memory,
            clock,
        }
    }

    /// Returns the number of sessions.
    pub(super) fn count(&self) -> usize {
        self.owned().len()
    }

    fn owned(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Owned>> {
        self.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the session belongs to the caller of the current request, and notes that it was used. The library's own housekeeping
    /// has no caller.
    fn is_theirs(&self, id: &SessionId) -> bool {
        let Ok(asking) = ASKING.try_with(Clone::clone) else {
            return true;
        };
        match self.owned().get_mut(id) {
            Some(owned) if owned.by == asking.name => {
                owned.used = self.clock.monotonic();
                owned.standing = asking.standing;
                true
            }
            _ => false,
        }
    }

    /// Returns whether the session that these headers name is this caller's. Where they name none, the library says so.
    pub(super) fn belongs_to(&self, caller: &str, headers: &HeaderMap) -> bool {
        let Some(id) = headers.get(HEADER_SESSION_ID) else {
            return true;
        };
        let owned = self.owned();
        let mut theirs = owned.iter().filter(|(_, it)| *it.by == *caller);
        theirs.any(|(session, _)| session.as_bytes() == id.as_bytes())
    }

    /// Returns the id of a session to close before another can be opened, if one must be.
    fn session_to_close(&self, name: &Arc<str>) -> Result<Option<SessionId>, SessionError> {
        let owned = self.owned();
        let theirs = || owned.iter().filter(|(_, it)| it.by == *name);
        if theirs().count() >= self.share {
            let oldest = theirs().min_by_key(|(_, it)| it.used);
            return Ok(oldest.map(|(id, _)| id.clone()));
        }
        if owned.len() < self.most {
            return Ok(None);
        }
        // A session that was abandoned is closed; one that was used just now is not.
        let now = self.clock.monotonic();
        let oldest = owned.iter().min_by_key(|(_, it)| it.used);
        match oldest {
            Some((id, it)) if now.saturating_sub(it.used) >= ABANDONED => Ok(Some(id.clone())),
            _ => Err(SessionError::Full),
        }
    }

    /// Closes the sessions whose owners may no longer ask.
    pub(super) async fn close_those_over(&self) {
        let over: Vec<SessionId> = {
            let mut owned = self.owned();
            let over = owned.iter().filter(|(_, it)| it.standing.is_over());
            let over: Vec<SessionId> = over.map(|(id, _)| id.clone()).collect();
            owned.retain(|_, it| !it.standing.is_over());
            over
        };
        for id in over {
            if let Err(error) = self.inner.close_session(&id).await {
                tracing::debug!(%error, "a session that has ended already");
            }
        }
    }

    /// A stream with the events that its client can read.
    fn readable<S>(
        &self,
        id: &SessionId,
        stream: S,
    ) -> impl Stream<Item = ServerSseMessage> + use<S>
    where
        S: Stream<Item = ServerSseMessage>,
    {
        let primed = self.owned().get(id).is_some_and(|owned| owned.primed);
        stream.filter(move |event| std::future::ready(primed || event.message.is_some()))
    }

    fn missing(id: &SessionId) -> SessionError {
        LocalSessionManagerError::SessionNotFound(id.clone()).into()
    }
}

impl SessionManager for Sessions {
    type Error = SessionError;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        let Ok(asking) = ASKING.try_with(Clone::clone) else {
            return Err(SessionError::Full);
        };
        let Asking {
            name,
            standing,
            full,
        } = asking;
        let close = self
            .session_to_close(&name)
            .inspect_err(|_| full.store(true, Relaxed))?;
        if let Some(id) = close {
            self.owned().remove(&id);
            self.inner.close_session(&id).await?;
        }
        let (id, transport) = self.inner.create_session().await?;
        let used = self.clock.monotonic();
        let owned = Owned {
            by: name,
            used,
            standing,
            primed: false,
            _weight: self.memory.weigh(What::Sessions, BYTES),
        };
        self.owned().insert(id.clone(), owned);
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        let answer = self.inner.initialize_session(id, message).await?;
        if let JsonRpcMessage::Response(response) = &answer
            && let ServerResult::InitializeResult(agreed) = &response.result
            && let Some(owned) = self.owned().get_mut(id)
        {
            owned.primed = agreed.protocol_version >= ProtocolVersion::V_2025_11_25;
        }
        Ok(answer)
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        Ok(self.is_theirs(id) && self.inner.has_session(id).await?)
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        if !self.is_theirs(id) {
            return Ok(());
        }
        self.owned().remove(id);
        Ok(self.inner.close_session(id).await?)
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        if !self.is_theirs(id) {
            return Err(Self::missing(id));
        }
        let stream = self.inner.create_stream(id, message).await?;
        Ok(self.readable(id, stream))
    }

    async fn accept_message(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<(), Self::Error> {
        if !self.is_theirs(id) {
            return Err(Self::missing(id));
        }
        Ok(self.inner.accept_message(id, message).await?)
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        if !self.is_theirs(id) {
            return Err(Self::missing(id));
        }
        let stream = self.inner.create_standalone_stream(id).await?;
        let first = ServerSseMessage::priming("0", SessionConfig::DEFAULT_SSE_RETRY);
        let first = futures::stream::once(std::future::ready(first));
        Ok(self.readable(id, first.chain(stream)))
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        if !self.is_theirs(id) {
            return Err(Self::missing(id));
        }
        let stream = self.inner.resume(id, last_event_id).await?;
        Ok(self.readable(id, stream))
    }
}
