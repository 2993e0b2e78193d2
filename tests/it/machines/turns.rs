//! One machine at a time with a record that is sent back whole.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use futures::future::join_all;
use status_roster::store::Store;

use super::server::Server;

async fn add_one(store: &Store, number: &AtomicU32) {
    let _turn = store.turn("the number").await.unwrap();
    let read = number.load(SeqCst);
    tokio::task::yield_now().await;
    number.store(read + 1, SeqCst);
}

fn turn_keys(redis: &Server) -> Vec<String> {
    let mut keys = redis.keys();
    keys.retain(|key| key.starts_with("status-roster:turn:"));
    keys
}

#[tokio::test]
async fn nothing_is_overwritten_between_machines() {
    let redis = Server::start(&[]).await;
    let machines = join_all((0..3).map(|_| redis.store())).await;
    let number = AtomicU32::new(0);
    join_all((0..30).map(|at| add_one(&machines[at % 3], &number))).await;
    assert_eq!(number.into_inner(), 30);
    super::until("the end of the last turn", async || {
        turn_keys(&redis).is_empty()
    })
    .await;
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_the_line() {
    let redis = Server::start(&[]).await;
    let (here, there) = (redis.store().await, redis.store().await);
    let held = there.turn("jane").await.unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(300), here.turn("jane"));
    assert!(waits.await.is_err(), "two were alone with the same");
    drop(held);
    drop(here.turn("jane").await.unwrap());
    super::until("the end of the turn", async || turn_keys(&redis).is_empty()).await;
}

#[tokio::test]
async fn a_turn_that_is_held_is_renewed_and_one_that_was_lost_is_known() {
    let redis = Server::start(&[]).await;
    let (one, two) = (redis.store().await, redis.store().await);
    let held = one.turn("jane").await.unwrap();
    let key = turn_keys(&redis).pop().unwrap();
    assert!((1..=15_000).contains(&redis.left(&key)));
    let later = |milliseconds: i64| {
        let mut expire = redis::cmd("PEXPIRE");
        expire.arg(&key).arg(milliseconds);
        expire.exec(&mut redis.look()).unwrap();
    };
    // As if nine seconds were over: the next renewal makes it whole.
    later(6_000);
    super::until("a renewal", async || redis.left(&key) > 14_000).await;
    assert!(one.turns_hold().is_ok());
    // As if this machine had been stopped for longer than the turn: another has it, and this one is told.
    later(1);
    let theirs = two.turn("jane").await.unwrap();
    super::until("the news", async || one.turns_hold().is_err()).await;
    let told = one.turns_hold().unwrap_err().to_string();
    assert!(
        told.starts_with("this process is no longer alone"),
        "{told}"
    );
    assert!(two.turns_hold().is_ok());
    // Giving back what was lost takes nothing away from whoever has it now.
    drop(held);
    assert!(one.turns_hold().is_ok());
    let waits = tokio::time::timeout(Duration::from_millis(300), one.turn("jane"));
    assert!(waits.await.is_err(), "two were alone with the same");
    drop(theirs);
}
