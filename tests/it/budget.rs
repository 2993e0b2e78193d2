//! The exact rolling window and the queue in front of it.

mod files;
mod lanes;
mod pauses;
mod receiving_end;
mod same_in_files;
mod simulation;

use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::store::Store;
use status_roster::store::window::Limits;
use status_roster::upstream::Cx;
use status_roster::upstream::budget::Budget;
use tokio_util::sync::CancellationToken;

const MINUTE: Duration = Duration::from_secs(60);

fn frozen() -> Clock {
    Clock::following("2026-01-01T00:00:00Z".parse().unwrap())
}

/// A budget over `store` that never loses its patience.
fn budget(store: &Store, clock: Clock, limits: Limits) -> Budget {
    Budget::new(
        "statuspage",
        "0123456789ab",
        limits,
        Duration::from_secs(1_000_000),
        store,
        clock,
    )
}

fn interactive() -> Cx {
    Cx::interactive(CancellationToken::new())
}

fn bulk() -> Cx {
    Cx::bulk(CancellationToken::new())
}
