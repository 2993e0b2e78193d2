//! The listener, and a switch on every connection with which a handler can cut it.
//!
//! Faults of the network happen below HTTP: a reset must reach the client as a reset, not as an answer that says so.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// Where the next answer on a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Not at all.
    Never,
    /// Before its first byte, with a TCP reset.
    Reset,
    /// Before its first byte, as a quiet close.
    Close,
    /// This many bytes into its body.
    Body(usize),
}

/// A handler's hold on the connection that its request came by.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) peer: Option<SocketAddr>,
    cut: Arc<Mutex<Cut>>,
}

impl Line {
    pub(super) fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }
}

/// A TCP listener whose connections can be cut.
pub(super) struct Door(pub(super) TcpListener);

impl Listener for Door {
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

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().line.clone()
    }
}

/// A connection that stops where it was told to.
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Wire {
    /// How much of `bytes` may be sent. An answer's head comes with the first write after the switch was set.
    fn allowed(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut cut = self.line.cut.lock().unwrap_or_else(PoisonError::into_inner);
        match *cut {
            Cut::Never => Ok(bytes.len()),
            Cut::Reset => {
                // Without it the client sees an orderly end; failing to set it changes only that.
                let _ = self.stream.set_zero_linger();
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Cut::Close => Err(io::ErrorKind::ConnectionAborted.into()),
            Cut::Body(keep) => {
                let head = bytes
                    .windows(4)
                    .position(|four| four == b"\r\n\r\n")
                    .map_or(0, |at| at + 4);
                *cut = Cut::Close;
                Ok(bytes.len().min(head + keep))
            }
        }
    }
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
        let allowed = self.allowed(bytes)?;
        let bytes = bytes.get(..allowed).unwrap_or(bytes);
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
