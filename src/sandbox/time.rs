//! The sandbox's own time: it plays another machine, and another machine does not read the client's clock.
//!
//! Durations follow tokio, so that a test that pauses time pauses the window here too.

use std::{cell::Cell, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "another machine's clock: the client's must not decide its limits"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "another machine's clock: the client's must not date its records"
)]
pub(super) fn wall() -> Timestamp {
    THEN.get().unwrap_or_else(Timestamp::now)
}

thread_local! {
    /// The time of a request that is done again.
    static THEN: Cell<Option<Timestamp>> = const { Cell::new(None) };
}

/// Does something as it was done then: what it dates has that time.
pub(super) fn at<T>(then: Timestamp, act: impl FnOnce() -> T) -> T {
    THEN.set(Some(then));
    let done = act();
    THEN.set(None);
    done
}

#[expect(
    clippy::disallowed_methods,
    reason = "another machine is slow, not this one"
)]
pub(super) async fn sleep(how_long: Duration) {
    tokio::time::sleep(how_long).await;
}

/// A date as the API prints it: `2026-01-31T12:00:00.000Z`.
pub(super) fn stamp() -> String {
    format!("{:.3}", wall())
}
