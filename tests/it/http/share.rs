//! Places for calls: no caller fills them all.

use std::cell::Cell;
use std::time::Duration;

use serde_json::json;
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults};

use super::office::Office;

#[tokio::test]
async fn a_caller_who_fills_its_share_makes_nobody_else_wait() {
    let more = "[http]\ntokens_file = \"state/tokens.json\"\nmetrics = \"open\"";
    let make = crate::tools::world::Make {
        server: "mode = \"write\"\nmax_concurrent_calls = 8".to_owned(),
        more: more.to_owned(),
        ..crate::tools::world::Make::default()
    };
    let office = Office::around(make).await;
    let greedy = office.token("greedy", &[Scope::Read]).await;
    let modest = office.token("modest", &[Scope::Read]).await;
    let mut faults = Faults {
        slow_ms: 2_000,
        ..Faults::next(Fault::Slow, "GET", "/users")
    };
    faults.next[0].times = 100;
    office.world.sandbox.faults(faults);
    let done = Cell::new(false);
    let many = async {
        let calls = (0..20).map(|_| office.call(Some(&greedy), "list_org_users", json!({})));
        for answer in futures::future::join_all(calls).await {
            assert_eq!(answer["isError"], false, "{answer}");
        }
        done.set(true);
    };
    let one = async {
        while office.metric("status_roster_calls_waiting").await < 18.0 {
            Clock::system().sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(
            office.metric("status_roster_calls_running").await,
            2.0,
            "a quarter of the places"
        );
        let status = office.call(Some(&modest), "server_status", json!({})).await;
        assert_eq!(status["isError"], false);
        assert!(!done.get(), "answered while the others wait");
    };
    tokio::join!(many, one);
}
