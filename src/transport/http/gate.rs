//! The checks in front of the endpoint: who the caller is, whether they may call, and how much.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::body::Bodies;
use super::identity::Identity;
use super::limits::Limits;
use super::metadata::Signpost;
use super::origin::Allowed;
use super::pass::Pass;
use super::refusal::Refusal;
use super::sessions::{self, Sessions};
use super::standing::Standings;
use super::{Settings, direct, held, narrow};
use crate::access::Access;
use crate::caller::{Caller, Scope};
use crate::offload;
use crate::toolkit::Catalogue;
use crate::transport::message::{self, IdScan};

/// The longest body, in bytes, that is looked at once more to say why the library refused it.
const READ_AGAIN: usize = 1 << 18;

/// Bytes of a body that any message may have. Longer ones are for the tools that take thousands of rows.
const ORDINARY: usize = 128 * 1024;

/// Everything that a request is held against.
pub(super) struct Gate {
    pub(super) settings: Settings,
    pub(super) allowed: Allowed,
    pub(super) identity: Identity,
    pub(super) limits: Limits,
    pub(super) bodies: Bodies,
    pub(super) signpost: Signpost,
    pub(super) sessions: Arc<Sessions>,
    pub(super) standings: Standings,
    pub(super) access: Arc<Access>,
    pub(super) catalogue: Arc<Catalogue>,
    /// Cancelled when the server stops: nothing new is taken.
    pub(super) stopping: CancellationToken,
    /// Cancelled when what still runs has had its time.
    pub(super) streams: CancellationToken,
    /// Requests whose answers have not gone out to their ends.
    pub(super) open: TaskTracker,
    /// Refusals by reason.
    pub(super) refused: Mutex<std::collections::BTreeMap<&'static str, u64>>,
    /// Reads that were answered without the protocol library.
    pub(super) answered_directly: AtomicU64,
}

/// The little of a message that matters here.
#[derive(Deserialize, Default)]
struct Message {
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Params,
}

#[derive(Deserialize, Default)]
struct Params {
    #[serde(default)]
    name: String,
}

/// The layer around the endpoint.
pub(super) async fn guard(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut needs = vec![Scope::Read];
    match gate.pass(request, &headers, next, &mut needs).await {
        Ok(response) => response,
        Err(refusal) => gate.refuse(&refusal, &headers, &needs),
    }
}

impl Gate {
    /// A refusal, counted, as an answer.
    pub(super) fn refuse(
        &self,
        refusal: &Refusal,
        headers: &HeaderMap,
        needs: &[Scope],
    ) -> Response {
        {
            let mut refused = self
                .refused
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            *refused.entry(refusal.word()).or_default() += 1;
        }
        tracing::debug!(why = refusal.word(), "a request was refused");
        refusal.answer(self.signpost.challenge(refusal, headers, needs))
    }

    /// Identifies the sender of these headers, within the limits that everybody has.
    pub(super) async fn who(&self, headers: &HeaderMap) -> Result<(Caller, Pass), Refusal> {
        let found = self.identity.who(headers).await;
        let (caller, pass) = found.map_err(|refusal| self.limits.stranger(refusal))?;
        self.limits.caller(&Arc::from(caller.name.as_str()))?;
        Ok((caller, pass))
    }

    async fn pass(
        &self,
        request: Request,
        headers: &HeaderMap,
        next: Next,
        needs: &mut Vec<Scope>,
    ) -> Result<Response, Refusal> {
        if self.stopping.is_cancelled() {
            return Err(Refusal::Stopping);
        }
        self.allowed.check(request.uri(), headers)?;
        let (caller, pass) = self.who(headers).await?;
        let standing = self.standings.of(pass);
        let (mut parts, body) = request.into_parts();
        let method = parts.method.clone();
        let counted = method == Method::POST;
        let open = counted.then(|| self.open.token());
        let name: Arc<str> = caller.name.as_str().into();
        let (body, _room) = if counted {
            self.bodies.read(&name, body).await?
        } else {
            (Bytes::new(), None)
        };
        let long = body.len() > ORDINARY;
        if long {
            self.may_be_long(&body)?;
        }
        if self.identity.can_step_up(&caller)
            && let Some(missing) = self.missing_scope(&caller, &body)
        {
            needs.extend(caller.scopes.iter().chain([&missing]));
            needs.sort();
            needs.dedup();
            return Err(Refusal::ScopeMissing);
        }
        if let Some(read) = direct::read(&parts, &body, &self.catalogue) {
            self.answered_directly.fetch_add(1, Ordering::Relaxed);
            let caller = narrow::narrowed(caller, headers);
            let (access, catalogue) = (self.access.clone(), self.catalogue.clone());
            let cancel = self.streams.child_token();
            let answer = read.answer(access, catalogue, caller, standing, cancel);
            let message = answer.await;
            let response = direct::response(message);
            return Ok(response.map(|body| Body::new(held::Held::new(body, open, None))));
        }
        if method == Method::DELETE && !self.sessions.belongs_to(&caller.name, headers) {
            return Err(Refusal::NoSession);
        }
        // A body that the library cannot read is answered by it as an unsupported media type.
        let text = (json(headers) && body.len() <= READ_AGAIN).then(|| body.clone());
        parts.extensions.insert(narrow::narrowed(caller, headers));
        parts.extensions.insert(standing.clone());
        let inner = next.run(Request::from_parts(parts, Body::from(body)));
        let inner = sessions::on_behalf_of(name, standing.clone(), inner);
        let (response, full) = offload::beside(|| long, inner).await;
        if full {
            return Err(Refusal::Full);
        }
        if counted
            && response.status().is_client_error()
            && let Some(text) = text
            && let message::Read::Refused(error) = message::read(&text)
        {
            return Err(Refusal::Unread(Box::new(error)));
        }
        // The library says in plain words that there is no such session; what it says as JSON is something else.
        if response.status() == StatusCode::NOT_FOUND && !json(response.headers()) {
            return Err(Refusal::NoSession);
        }
        // "Accepted" is for what is yet to be done: the official Python client takes it for a failure.
        let ended = method == Method::DELETE && response.status() == StatusCode::ACCEPTED;
        if ended {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let standing = streams(response.headers()).then_some(standing);
        if open.is_none() && standing.is_none() {
            return Ok(response);
        }
        Ok(response.map(|body| Body::new(held::Held::new(body, open, standing))))
    }

    /// Refuses a body that is longer than what it asks for can need. What holds no name at all is the library's to read.
    fn may_be_long(&self, body: &[u8]) -> Result<(), Refusal> {
        let message: Message = serde_json::from_slice(body).unwrap_or_default();
        let mut specs = self.catalogue.specs();
        let long = specs.any(|spec| spec.long_input && spec.name == message.params.name);
        if long && message.method == "tools/call" {
            Ok(())
        } else {
            Err(Refusal::TooLong(ORDINARY, IdScan::of(body)))
        }
    }

    /// The scope that the caller would have to get first, for a call that the server would then carry out.
    fn missing_scope(&self, caller: &Caller, body: &[u8]) -> Option<Scope> {
        if Scope::ALL.iter().all(|scope| caller.scopes.contains(scope)) {
            return None;
        }
        let message: Message = serde_json::from_slice(body).ok()?;
        if message.method != "tools/call" {
            return None;
        }
        let mut specs = self.catalogue.specs();
        let spec = specs.find(|spec| spec.name == message.params.name)?;
        let needs = spec.needs().scope;
        let with_it = Caller {
            scopes: Scope::ALL.into(),
            ..caller.clone()
        };
        let would_do = self.access.permit_tool(&with_it, &spec.needs()).is_ok();
        (would_do && !caller.scopes.contains(&needs)).then_some(needs)
    }
}

fn json(headers: &HeaderMap) -> bool {
    is(headers, "application/json")
}

/// Returns whether an answer stays open for what is yet to come.
fn streams(headers: &HeaderMap) -> bool {
    is(headers, "text/event-stream")
}

fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    kind.and_then(|it| it.split(';').next())
        .is_some_and(|it| it.trim().eq_ignore_ascii_case(wanted))
}
