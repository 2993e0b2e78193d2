//! Several machines that share one Redis: each store here, and each built server, is a machine of its own.
//!
//! They run against a real `redis-server`, which each test starts for itself in a folder that is gone afterwards.

mod built;
mod finished;
mod outage;
mod rights;
mod same_answers;
mod server;
mod state;
mod turns;
mod window;

use std::time::Duration;

use status_roster::clock::Clock;

/// Looks every 20 ms until something is so; ten seconds at most.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if so().await {
            return;
        }
        Clock::system().sleep(Duration::from_millis(20)).await;
    }
    unreachable!("{what} did not come about within 10 s");
}
