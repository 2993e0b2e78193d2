//! The listener, and a switch on every connection with which a handler can cut it.
//!
//! Faults of the network happen below HTTP: a reset must reach the client as a reset, not as an answer that says so.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// The point at which the next answer on a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Not at all.
    Never,
    /// Before its first byte, with a TCP reset.
    Reset,
    /// Before its first byte, as a quiet close.
    Close,
    /// After this many more bytes of its body, whose head may have been sent.
    Body { left: usize, head_is_out: bool },
}

/// A handler's hold on the connection that its request came by.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) peer: Option<SocketAddr>,
    cut: Arc<Mutex<Cut>>,
}

impl Line {
    pub(super) fn cut(&self, cut: Cut) {
        *lock(&self.cut) = cut;
    }
}

/// A TCP listener whose connections can be cut.
pub(super) struct CuttableListener(pub(super) TcpListener);

impl Listener for CuttableListener {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, peer) = <TcpListener as Listener>::accept(&mut self.0).await;
        // Without it a client waits 40 ms for small answers on a kept connection; failing to set it costs only that.
        let _ = stream.set_nodelay(true);
        let line = Line {
            peer: Some(peer),
            cut: Arc::new(Mutex::new(Cut::Never)),
        };
        (Wire { stream, line }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Line {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.io().line.clone()
    }
}

/// A connection that stops where it was told to.
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Wire {
    /// Returns how many of `bytes` may be sent, and how many of those belong to the head of an answer.
    fn allowed(&self, bytes: &[u8]) -> io::Result<(usize, usize)> {
        match *lock(&self.line.cut) {
            Cut::Never => Ok((bytes.len(), 0)),
            Cut::Reset => {
                // Without it the client sees an orderly end; failing to set it changes only that.
                let _ = self.stream.set_zero_linger();
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Cut::Close
            | Cut::Body {
                left: 0,
                head_is_out: true,
            } => Err(io::ErrorKind::ConnectionAborted.into()),
            Cut::Body { left, head_is_out } => {
                let head = if head_is_out { 0 } else { head_of(bytes) };
                Ok((bytes.len().min(head + left), head))
            }
        }
    }

    /// Counts what the socket took.
    fn sent(&self, count: usize, head: usize) {
        if let Cut::Body { left, head_is_out } = &mut *lock(&self.line.cut) {
            *head_is_out |= head > 0 && count >= head;
            *left = left.saturating_sub(count.saturating_sub(head));
        }
    }
}

/// The length of the head that these bytes begin with; all of them when it does not end in them.
fn head_of(bytes: &[u8]) -> usize {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map_or(bytes.len(), |at| at + 4)
}

fn lock(cut: &Mutex<Cut>) -> MutexGuard<'_, Cut> {
    cut.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let (allowed, head) = self.allowed(bytes)?;
        let bytes = bytes.get(..allowed).unwrap_or(bytes);
        let taken = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.sent(taken, head);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
