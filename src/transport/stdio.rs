//! The protocol over standard input and output: one client, one process.
//!
//! The library below drops a line that it cannot read without a word, and its client waits for ever; here every line is answered
//! that anybody can wait for. Standard output carries nothing but the protocol.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use rmcp::model::{
    ClientNotification, ClientRequest, ErrorCode, ErrorData, GetMeta as _, JsonRpcError,
    JsonRpcMessage, ProtocolVersion, RequestId,
};
use rmcp::service::{RoleServer, ServerInitializeError, TxJsonRpcMessage, serve_server};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite, Empty};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::lines::{LONGEST, Line, Lines};
use super::message::{self, Message, Read};
use crate::mcp::Handler;

/// Requests that one client may have under way. Each costs memory until it is answered.
const UNDER_WAY: usize = 1_000;

/// The time for which requests under way are waited for when the client has closed its side: longer than any call takes.
const LAST_ANSWERS: Duration = Duration::from_secs(60);

/// Serves one client on standard input and output until it closes them.
///
/// # Errors
/// When the client's first messages are not the protocol's.
pub async fn serve(handler: Handler) -> Result<(), StdioError> {
    let (input, output) = stdio_pipes();
    serve_on(handler, input, output).await
}

/// Serves the protocol on any pair of streams.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on(
    handler: Handler,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), StdioError> {
    let transport = Stdio {
        lines: Lines::of(input),
        output: AsyncRwTransport::new_server(tokio::io::empty(), output),
        refusal: None,
        opened: false,
        under_way: Arc::default(),
        ends: None,
    };
    match serve_server(handler, transport).await {
        Ok(running) => running
            .waiting()
            .await
            .map(drop)
            .map_err(|error| StdioError(error.to_string())),
        // A client that closes before it says anything has not failed.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(StdioError(error.to_string())),
    }
}

/// The conversation could not be held.
#[derive(Debug, thiserror::Error)]
#[error("the client did not speak the Model Context Protocol: {0}")]
pub struct StdioError(String);

/// The transport. The library writes; what comes in is read here.
struct Stdio<R, W: AsyncWrite> {
    lines: Lines<R>,
    output: AsyncRwTransport<RoleServer, Empty, W>,
    /// An answer of our own on its way. Kept here, because the library drops a call of `receive` whenever it has something to send.
    refusal: Option<BoxFuture<'static, io::Result<()>>>,
    /// The library knows which revision of the protocol the client speaks. Before that it ends at a notification.
    opened: bool,
    under_way: Arc<UnderWay>,
    /// Until when answers are waited for, once the client has closed its side.
    ends: Option<Instant>,
}

/// Requests that are not answered yet.
#[derive(Default)]
struct UnderWay {
    /// Each with whether it comes to an end by itself: a subscription does not.
    ids: Mutex<HashMap<RequestId, bool>>,
    /// Woken at every answer.
    answered: Notify,
}

impl UnderWay {
    fn ids(&self) -> MutexGuard<'_, HashMap<RequestId, bool>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self, id: &RequestId) {
        self.ids().remove(id);
        self.answered.notify_waiters();
    }

    /// Until every request that ends is answered.
    async fn all_answered(&self) {
        loop {
            let next = self.answered.notified();
            if !self.ids().values().any(|ends| *ends) {
                return;
            }
            next.await;
        }
    }
}

impl<R, W> Stdio<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// A message, if the library should have it.
    #[expect(
        clippy::result_large_err,
        reason = "the error is the answer, which is written at once"
    )]
    fn admit(&mut self, message: Message) -> Result<Option<Message>, JsonRpcError> {
        match &message {
            JsonRpcMessage::Request(request) => {
                let id = &request.id;
                let mut under_way = self.under_way.ids();
                if under_way.contains_key(id) {
                    // An answer with this id would be taken for the other's.
                    let why = format!(
                        "a request with the id {id} is under way; give each its own. Nothing was changed."
                    );
                    return Err(JsonRpcError::new(
                        None,
                        ErrorData::invalid_request(why, None),
                    ));
                }
                if under_way.len() >= UNDER_WAY {
                    return Err(JsonRpcError::new(Some(id.clone()), too_many()));
                }
                let ends = !matches!(
                    request.request,
                    ClientRequest::SubscriptionsListenRequest(_)
                );
                under_way.insert(id.clone(), ends);
                drop(under_way);
                self.opened |= opens(&request.request);
            }
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) =
                    &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    // The library answers it no more.
                    self.under_way.is_over(id);
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        let is_request = matches!(message, JsonRpcMessage::Request(_));
        Ok((self.opened || is_request).then_some(message))
    }
}

/// The library has its lifecycle from this request on: it was opened, or the request brings all that 2026-07-28 wants.
fn opens(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        request => {
            let meta = request.get_meta();
            let complete = meta
                .missing_required_keys(&ProtocolVersion::V_2026_07_28)
                .is_empty();
            let known = |version| ProtocolVersion::KNOWN_VERSIONS.contains(&version);
            complete && meta.protocol_version().is_some_and(known)
        }
    }
}

fn too_many() -> ErrorData {
    let why = format!(
        "{UNDER_WAY} requests are under way; wait for answers before the next one. Nothing was changed."
    );
    // The code that HTTP gives it.
    ErrorData::new(ErrorCode(-31_429), why, None)
}

impl<R, W> Transport<RoleServer> for Stdio<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let answered = match &item {
            JsonRpcMessage::Response(response) => Some(response.id.clone()),
            JsonRpcMessage::Error(error) => error.id.clone(),
            JsonRpcMessage::Request(_) | JsonRpcMessage::Notification(_) => None,
        };
        let (sending, under_way) = (self.output.send(item), self.under_way.clone());
        async move {
            let sent = sending.await;
            if let Some(id) = answered {
                under_way.is_over(&id);
            }
            sent
        }
    }

    async fn receive(&mut self) -> Option<Message> {
        loop {
            if let Some(sending) = &mut self.refusal {
                let sent = sending.await;
                self.refusal = None;
                sent.ok()?;
            }
            let read = match self.lines.next().await {
                Line::End => {
                    // A script writes its calls, closes, and reads what comes. The library would give them five seconds.
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "no decision about access hangs on it"
                    )]
                    let ends = *self
                        .ends
                        .get_or_insert_with(|| Instant::now() + LAST_ANSWERS);
                    let answered = self.under_way.all_answered();
                    drop(tokio::time::timeout_at(ends, answered).await);
                    return None;
                }
                Line::TooLong(id) => Read::Refused(message::too_long(id, LONGEST)),
                Line::Whole(text) => message::read(&text),
            };
            let refusal = match read {
                Read::Ignored => continue,
                Read::Refused(refusal) => refusal,
                Read::Message(message) => match self.admit(*message) {
                    Ok(None) => continue,
                    Ok(Some(message)) => return Some(message),
                    Err(refusal) => refusal,
                },
            };
            let answer = JsonRpcMessage::Error(refusal);
            self.refusal = Some(Box::pin(self.output.send(answer)));
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.output.close().await
    }
}
