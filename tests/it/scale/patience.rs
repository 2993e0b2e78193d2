//! While a long read runs: who waits for how long.

use std::time::Duration;

use serde_json::json;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE};

use super::place::Place;

/// When the next slot is free for one who asks at `now`: 60 requests in any 60 s, all told in ms.
fn next_slot(place: &Place, now: u64) -> u64 {
    let requests = place.world.sandbox.requests();
    let recent: Vec<u64> = requests
        .iter()
        .map(|request| request.at_ms)
        .filter(|at| at + 60_000 > now)
        .collect();
    match recent.len().checked_sub(60) {
        Some(over) => recent[over] + 60_000,
        None => now,
    }
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_waits_at_most_for_the_next_slot() {
    let place = Place::with(10_000).await;
    let wanted = json!({"page_id": AUDIENCE_PAGE, "desired": "email\nonly@example.com\n", "removal_cap": 10_000});
    let scan = place.to_the_end("sync_page_viewers", &wanted);
    let person = async {
        let mut waits = Vec::new();
        for nth in 0..12_u32 {
            place.clock.sleep(Duration::from_secs(7)).await;
            let called = place.world.sandbox.requests().len();
            let now = u64::try_from(place.clock.monotonic().as_millis()).unwrap();
            let free = next_slot(&place, now);
            let filter = json!({"page_id": AUDIENCE_PAGE, "email": format!("p{nth}@example.net")});
            place
                .timed("person", "list_page_access_users", filter)
                .await;
            let sent = place.world.sandbox.requests();
            let mine = sent[called..]
                .iter()
                .find(|it| it.target.contains(&format!("p{nth}%40")));
            let at = mine.unwrap().at_ms;
            assert!(
                at <= free + 50,
                "call {nth} at {now} ms: a slot was free at {free}, it was sent at {at}"
            );
            waits.push(at.saturating_sub(now));
        }
        waits
    };
    let ((plan, calls), waits) = tokio::join!(scan, person);
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let number = |key: &str| plan["difference_found"][key].as_u64().unwrap();
    assert_eq!(number("removals") + number("left_alone"), 10_000);
    assert!(calls > 1, "the read took several calls");
    assert_eq!(waits.len(), 12);
    let scans = place.requests("GET", "page_access_users?page=");
    let (audience, learning) = (1, 1);
    assert_eq!(
        scans,
        101 + audience + learning,
        "each page of the scan once"
    );
    place.kept_the_budget();
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_in_its_time_and_the_next_goes_on() {
    let place = Place::with(10_000).await;
    let arguments = json!({"page_id": AUDIENCE_PAGE, "group_id": "grouppartner"});
    let mut asked = arguments.clone();
    let mut scanned = 0;
    for calls in 1.. {
        let (piece, took) = place
            .timed("local", "list_page_access_users", asked.clone())
            .await;
        let now = piece["scanned"].as_u64().unwrap();
        assert!(
            now > scanned || piece["complete"] == true,
            "call {calls} took {took:?} for nothing"
        );
        scanned = now;
        if piece["complete"] == true {
            assert!(calls > 1, "100 requests do not fit in one call");
            break;
        }
        assert!(
            piece["warnings"].to_string().contains("incomplete"),
            "{piece}"
        );
        asked["cursor"] = piece["next_cursor"].clone();
        place.wait_as_told(&piece).await;
    }
    assert_eq!(scanned, 10_000);
    assert_eq!(place.requests("GET", "page_access_users"), 101);
    let (jane, _) = place
        .timed(
            "local",
            "list_page_access_users",
            json!({"page_id": AUDIENCE_PAGE, "email": JANE}),
        )
        .await;
    assert_eq!(jane["matched"], 1);
    place.kept_the_budget();
}
