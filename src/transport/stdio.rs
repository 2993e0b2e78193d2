//! The protocol over standard input and output: one client, one process.
//!
//! The library below drops a line that is not JSON, or is too long, without a word, and its client waits for ever; here
//! such a line is answered with a JSON-RPC error. Standard output carries nothing but the protocol.

use rmcp::model::{ErrorData, JsonRpcError, JsonRpcMessage};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage, serve_server};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use super::lines;
use crate::mcp::Handler;

/// Serves one client on standard input and output until it closes them.
///
/// # Errors
/// When the client's first messages are not the protocol's.
pub async fn serve(handler: Handler) -> Result<(), StdioError> {
    let (input, output) = stdio_pipes();
    serve_on(handler, input, output).await
}

/// The same on any pair of streams.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on(
    handler: Handler,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), StdioError> {
    let (refuse, refused) = mpsc::unbounded_channel();
    let inner = AsyncRwTransport::new_server(lines::readable(input, refuse), output)
        .with_max_line_length(lines::LONGEST + 1);
    match serve_server(handler, Answering { inner, refused }).await {
        Ok(running) => running
            .waiting()
            .await
            .map(drop)
            .map_err(|error| StdioError(error.to_string())),
        // A client that closes before it says anything has not failed.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(StdioError(error.to_string())),
    }
}

/// The conversation could not be held.
#[derive(Debug, thiserror::Error)]
#[error("the client did not speak the Model Context Protocol: {0}")]
pub struct StdioError(String);

/// A transport that answers what cannot be read.
struct Answering<T> {
    inner: T,
    refused: mpsc::UnboundedReceiver<ErrorData>,
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for Answering<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            tokio::select! {
                biased;
                Some(error) = self.refused.recv() => {
                    // No id: the request could not be read.
                    let answer = JsonRpcMessage::Error(JsonRpcError::new(None, error));
                    if self.inner.send(answer).await.is_err() {
                        return None;
                    }
                }
                message = self.inner.receive() => return message,
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.inner.close().await
    }
}
