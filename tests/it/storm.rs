//! Ten thousand calls of every kind, from many callers at once, against a sandbox that misbehaves in every way it knows:
//! each answer is true, no write is lost, none is made twice, and the window is never broken.

mod caller;
mod reckoning;
mod things;
mod unsure;

use std::time::Duration;

use futures::future::join_all;
use status_roster::sandbox::{self, Fault, Faults};

use crate::tools::world::Make;
use caller::Caller;

const CALLERS: usize = 8;
const CALLS_EACH: usize = 1_250;

/// A window that is real and does not make the test slow: what a client may send in a minute, in a second.
const REQUESTS_PER_SECOND: u32 = 400;

/// Everything at once; the seed makes it the same weather every time, though not the same timing.
fn weather() -> Faults {
    let rates = [
        (Fault::Status500, 0.008),
        (Fault::Status502, 0.005),
        (Fault::Status503, 0.005),
        (Fault::HtmlErrorPage, 0.005),
        (Fault::Reset, 0.008),
        (Fault::LostAnswer, 0.02),
        (Fault::TruncatedBody, 0.01),
        (Fault::FailedAfterHandling, 0.01),
        (Fault::Slow, 0.01),
        (Fault::IgnorePage, 0.002),
        (Fault::RateLimited, 0.0002),
        (Fault::Unauthenticated, 0.001),
        (Fault::Forbidden, 0.001),
    ];
    Faults {
        seed: 4711,
        rates: rates.into_iter().collect(),
        slow_ms: 150,
        ..Faults::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_in_bad_weather_lose_nothing_and_do_nothing_twice() {
    let settings = sandbox::Settings {
        requests_per_window: REQUESTS_PER_SECOND,
        window: Duration::from_secs(1),
        viewers: 60,
        team_members: 45,
        seats: 5_000,
        ..sandbox::Settings::default()
    };
    let world = Make {
        sandbox: settings,
        ..Make::default()
    }
    .world()
    .await;
    let hands = things::dealt(&world.sandbox.world(), CALLERS);
    world.sandbox.faults(weather());
    let callers = hands
        .into_iter()
        .enumerate()
        .map(|(number, things)| Caller::new(number, &world, things).run(CALLS_EACH));
    let told = join_all(callers).await;
    world.sandbox.faults(Faults::default());

    reckoning::of_the_window(&world.sandbox.report(), REQUESTS_PER_SECOND);
    reckoning::of_the_answers(&told, CALLERS * CALLS_EACH);
    reckoning::of_the_world(&told, &world.sandbox.world());
    reckoning::of_the_record(&told, &world);
    reckoning::of_the_requests(&told, &world);
}
