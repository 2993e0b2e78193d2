//! An answer's body that is known to be open until it is dropped, and ends when its caller may no longer ask.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::caller::Standing;

pub(super) struct Held<G> {
    inner: Body,
    _open: G,
    standing: Option<(Standing, Pin<Box<WaitForCancellationFutureOwned>>)>,
}

impl<G> Held<G> {
    /// `open` is kept until it is at its end; `standing` ends it, where it may stay open.
    pub(super) fn new(inner: Body, open: G, standing: Option<Standing>) -> Self {
        let wait = |it: &Standing| Box::pin(it.token().cancelled_owned());
        Self {
            inner,
            _open: open,
            standing: standing.map(|it| (it.clone(), wait(&it))),
        }
    }
}

impl<G: Unpin> http_body::Body for Held<G> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        if let Some((_, over)) = &mut self.standing
            && over.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
