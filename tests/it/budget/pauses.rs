//! What a rejection does to everybody who shares the key.

use std::time::Duration;

use status_roster::store::Store;
use status_roster::store::window::Limits;
use status_roster::upstream::Error;
use status_roster::upstream::budget::Budget;

use super::{MINUTE, budget, frozen, interactive};

#[tokio::test(start_paused = true)]
async fn a_rejection_pauses_every_process_that_shares_the_key() {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let store = || Store::in_directory(directory.path(), clock).unwrap();
    let limits = Limits::new(60, MINUTE);
    let (mine, theirs) = (
        budget(&store(), clock, limits),
        budget(&store(), clock, limits),
    );
    mine.slot(&interactive()).await.unwrap().answered().await;
    mine.rejected(Duration::from_secs(25)).await.unwrap();
    assert_eq!(
        theirs.usage().await.unwrap().paused_for,
        Some(Duration::from_secs(25))
    );
    assert_eq!(
        theirs.slot(&interactive()).await.unwrap().waited,
        Duration::from_secs(25)
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_rejection_that_nobody_predicted_requests_go_one_by_one_for_ten_windows() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(60, MINUTE));
    budget.slot(&interactive()).await.unwrap().answered().await;
    budget.rejected(MINUTE).await.unwrap();
    budget.slot(&interactive()).await.unwrap().answered().await;
    assert_eq!(clock.monotonic(), MINUTE);
    for _ in 0..30 {
        let slot = budget.slot(&interactive()).await.unwrap();
        assert!((Duration::from_millis(1016)..=Duration::from_millis(1018)).contains(&slot.waited));
        slot.answered().await;
    }
    assert!(budget.usage().await.unwrap().paced);
    clock.sleep(MINUTE * 10).await;
    assert!(!budget.usage().await.unwrap().paced);
    let before = clock.monotonic();
    for _ in 0..60 {
        budget.slot(&interactive()).await.unwrap().answered().await;
    }
    assert_eq!(clock.monotonic(), before, "the whole window at once again");
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_upstream_announces_is_no_reason_to_pace() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(60, MINUTE));
    budget.pause(Duration::from_secs(9)).await.unwrap();
    assert_eq!(
        budget.slot(&interactive()).await.unwrap().waited,
        Duration::from_secs(9)
    );
    assert!(budget.slot(&interactive()).await.unwrap().waited.is_zero());
}

#[tokio::test(start_paused = true)]
async fn no_pause_is_longer_than_an_hour() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(60, MINUTE));
    budget.pause(Duration::MAX).await.unwrap();
    assert_eq!(budget.usage().await.unwrap().paused_for, Some(MINUTE * 60));
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_longer_than_the_patience_is_told_when_to_come_back() {
    let clock = frozen();
    let store = Store::memory(clock);
    let budget = Budget::new(
        "statuspage",
        "0123456789ab",
        Limits::new(60, MINUTE),
        MINUTE * 10,
        &store,
        clock,
    );
    budget.pause(MINUTE * 30).await.unwrap();
    let refused = budget.slot(&interactive()).await.unwrap_err();
    assert_eq!(
        refused,
        Error::RateLimited {
            system: "statuspage",
            retry_after: MINUTE * 30
        }
    );
    assert_eq!(
        refused.to_string(),
        "`statuspage` takes no further request for 1800 s"
    );
    assert!(clock.monotonic().is_zero(), "told at once");
}
