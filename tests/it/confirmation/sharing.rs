//! Tokens over restarts, between processes, and under many hands at once.

use std::time::Duration;

use jiff::Timestamp;
use status_roster::{
    clock::Clock,
    confirmation::{Gate, Settings},
    store::Store,
};
use tempfile::TempDir;

use super::{Call, clock};

fn gate_in(directory: &TempDir, clock: Clock) -> Gate {
    let store = Store::in_directory(directory.path(), clock).unwrap();
    Gate::new(store, clock, Settings::default())
}

#[tokio::test]
async fn of_fifty_redemptions_at_once_in_two_processes_exactly_one_wins() {
    let directory = TempDir::new().unwrap();
    let gates = [
        gate_in(&directory, Clock::system()),
        gate_in(&directory, Clock::system()),
    ];
    let call = Call::removes_jane();
    let token = call.offered_by(&gates[0]).await.token;
    let all = (0..50).map(|n| call.redeemed_by(&gates[n % 2], &token));
    let mut won = 0;
    for redeemed in futures::future::join_all(all).await {
        match redeemed {
            Ok(_) => won += 1,
            Err(refused) => assert_eq!(refused.code(), "already_used"),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_restart_keeps_tokens_good_and_spent_ones_spent() {
    let directory = TempDir::new().unwrap();
    let call = Call::removes_jane();
    let before = gate_in(&directory, Clock::system());
    let (good, spent) = (
        call.offered_by(&before).await,
        call.offered_by(&before).await,
    );
    call.redeemed_by(&before, &spent.token).await.unwrap();
    drop(before);
    let after = gate_in(&directory, Clock::system());
    assert_eq!(
        call.redeemed_by(&after, &spent.token)
            .await
            .unwrap_err()
            .code(),
        "already_used"
    );
    call.redeemed_by(&after, &good.token).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_does_not_revive_a_spent_token() {
    let (directory, now) = (TempDir::new().unwrap(), clock());
    let (gate, call) = (gate_in(&directory, now), Call::removes_jane());
    let token = call.offered_by(&gate).await.token;
    call.redeemed_by(&gate, &token).await.unwrap();
    tokio::time::advance(Duration::from_hours(2)).await;
    let other = call.offered_by(&gate).await.token;
    call.redeemed_by(&gate, &other).await.unwrap();
    let earlier: Timestamp = "2026-03-01T12:05:00Z".parse().unwrap();
    let set_back = gate_in(&directory, Clock::following(earlier));
    assert_eq!(
        call.redeemed_by(&set_back, &token)
            .await
            .unwrap_err()
            .code(),
        "already_used"
    );
}

#[tokio::test(start_paused = true)]
async fn without_its_plan_a_token_is_good_for_nothing() {
    let (directory, clock) = (TempDir::new().unwrap(), clock());
    let (gate, call) = (gate_in(&directory, clock), Call::removes_jane());
    let offer = call.offered_by(&gate).await;
    for file in std::fs::read_dir(directory.path().join("plans")).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let refused = call.redeemed_by(&gate, &offer.token).await.unwrap_err();
    assert_eq!(refused.code(), "malformed");
}
