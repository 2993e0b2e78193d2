//! Long computing that holds up nobody else.
//!
//! The program has one thread that carries requests. What may compute for long is polled beside it: the thread that carries requests
//! goes on as another one meanwhile, and costs nothing while nobody needs it.

use std::future::poll_fn;
use std::pin::pin;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

/// Runs a future, beside the thread that carries requests whenever `long` says that it may compute for long. On a runtime that has one
/// thread in all, as in tests with a clock of their own, it runs there.
pub async fn beside<F: Future>(long: impl Fn() -> bool, future: F) -> F::Output {
    let possible = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    let mut future = pin!(future);
    poll_fn(|cx| {
        if possible && long() {
            block_in_place(|| future.as_mut().poll(cx))
        } else {
            future.as_mut().poll(cx)
        }
    })
    .await
}
