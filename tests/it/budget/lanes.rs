//! Who goes first, who gives up, and who is told at once that it is no use to wait.

use std::time::Duration;

use status_roster::store::Store;
use status_roster::store::window::Limits;
use status_roster::upstream::Error;

use super::{MINUTE, budget, bulk, frozen, interactive};

#[tokio::test(start_paused = true)]
async fn bulk_leaves_the_reserve_to_interactive_calls() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(10, MINUTE));
    for _ in 0..6 {
        budget.slot(&bulk()).await.unwrap().answered().await;
    }
    let now = clock.monotonic();
    assert_eq!(
        budget
            .slot(&bulk().until(now + MINUTE / 2))
            .await
            .unwrap_err(),
        Error::DeadlinePassed {
            retry_after: MINUTE
        }
    );
    for _ in 0..4 {
        budget.slot(&interactive()).await.unwrap().answered().await;
    }
    assert_eq!(clock.monotonic(), now, "the reserve was there at once");
    assert_eq!(budget.usage().await.unwrap().used, 10);
}

#[tokio::test(start_paused = true)]
async fn a_reserve_larger_than_half_leaves_bulk_the_other_half() {
    let clock = frozen();
    let limits = Limits {
        reserve: 100,
        ..Limits::new(4, MINUTE)
    };
    let budget = budget(&Store::memory(clock), clock, limits);
    for _ in 0..2 {
        budget.slot(&bulk()).await.unwrap().answered().await;
    }
    assert!(clock.monotonic().is_zero());
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_overtakes_bulk_that_came_first() {
    let clock = frozen();
    let limits = Limits {
        reserve: 0,
        ..Limits::new(1, MINUTE)
    };
    let budget = budget(&Store::memory(clock), clock, limits);
    budget.slot(&interactive()).await.unwrap().answered().await;
    let (scan, question) = (bulk(), interactive());
    let scan = async {
        let slot = budget.slot(&scan).await.unwrap();
        slot.answered().await;
        clock.monotonic()
    };
    let question = async {
        clock.sleep(Duration::from_secs(1)).await;
        budget.slot(&question).await.unwrap().answered().await;
        clock.monotonic()
    };
    let (scan, question) = tokio::join!(scan, question);
    assert_eq!(question.as_secs(), 60);
    assert_eq!(scan.as_secs(), 120);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_waiter_leaves_no_hole() {
    let clock = frozen();
    let limits = Limits {
        reserve: 0,
        ..Limits::new(1, MINUTE)
    };
    let budget = budget(&Store::memory(clock), clock, limits);
    budget.slot(&interactive()).await.unwrap().answered().await;
    let leaving = interactive();
    let leave = async {
        clock.sleep(Duration::from_secs(59)).await;
        leaving.cancel.cancel();
    };
    let staying = async {
        clock.sleep(Duration::from_secs(1)).await;
        budget.slot(&interactive()).await.unwrap().answered().await;
        clock.monotonic()
    };
    let (left, stayed, ()) = tokio::join!(budget.slot(&leaving), staying, leave);
    assert_eq!(left.unwrap_err(), Error::Cancelled);
    assert_eq!(stayed.as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_was_not_used_for_sending_is_free_at_once() {
    let clock = frozen();
    let limits = Limits {
        reserve: 0,
        ..Limits::new(1, MINUTE)
    };
    let budget = budget(&Store::memory(clock), clock, limits);
    let unused = budget.slot(&interactive()).await.unwrap();
    let give_back = async {
        clock.sleep(Duration::from_secs(5)).await;
        unused.withdraw().await;
    };
    let cx = interactive();
    let (slot, ()) = tokio::join!(budget.slot(&cx), give_back);
    assert_eq!(slot.unwrap().waited, Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_cannot_be_met_is_refused_at_once() {
    let clock = frozen();
    let limits = Limits {
        reserve: 0,
        ..Limits::new(1, MINUTE)
    };
    let budget = budget(&Store::memory(clock), clock, limits);
    budget.slot(&interactive()).await.unwrap().answered().await;
    let first = interactive();
    let first = budget.slot(&first);
    let second = async {
        // The slot after the next: the first waiter has the next one.
        let refused = budget
            .slot(&interactive().until(Duration::from_secs(100)))
            .await
            .unwrap_err();
        (refused, clock.monotonic())
    };
    let (first, (refused, at)) = tokio::join!(first, second);
    assert_eq!(first.unwrap().waited, MINUTE);
    assert_eq!(
        refused,
        Error::DeadlinePassed {
            retry_after: MINUTE * 2
        }
    );
    assert_eq!(
        refused.to_string(),
        "the time for this call is over; the next request could go in 120 s"
    );
    assert!(at.is_zero(), "told at once, not after the deadline");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_takes_no_slot() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(60, MINUTE));
    let refused = budget
        .slot(&interactive().until(clock.monotonic()))
        .await
        .unwrap_err();
    assert_eq!(
        refused,
        Error::DeadlinePassed {
            retry_after: Duration::ZERO
        }
    );
    assert_eq!(budget.usage().await.unwrap().used, 0);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_takes_no_slot() {
    let clock = frozen();
    let budget = budget(&Store::memory(clock), clock, Limits::new(60, MINUTE));
    let cx = interactive();
    cx.cancel.cancel();
    assert_eq!(budget.slot(&cx).await.unwrap_err(), Error::Cancelled);
    assert_eq!(budget.usage().await.unwrap().used, 0);
}
