//! Whoever changes a part of a record and sends it back whole is alone with it, in one process and in several.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use futures::future::join_all;
use status_roster::{clock::Clock, store::Store};

fn clock() -> Clock {
    Clock::following("2026-03-01T12:00:00Z".parse().unwrap())
}

/// Reads a number, lets others run, and writes one more: what is lost when two do it at once.
async fn add_one(store: &Store, number: &AtomicU32) {
    let _turn = store.turn("the number").await.unwrap();
    let read = number.load(SeqCst);
    tokio::task::yield_now().await;
    number.store(read + 1, SeqCst);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_overwritten_in_memory_nor_between_two_processes_on_one_directory() {
    let directory = tempfile::tempdir().unwrap();
    let of = |_| Store::in_directory(directory.path(), clock()).unwrap();
    let processes: Vec<Store> = (0..3).map(of).collect();
    let memory = Store::memory(clock());
    let (kept, held) = (AtomicU32::new(0), AtomicU32::new(0));
    let on_disk = (0..60).map(|number| add_one(&processes[number % 3], &kept));
    let in_memory = (0..60).map(|_| add_one(&memory, &held));
    tokio::join!(join_all(on_disk), join_all(in_memory));
    assert_eq!((kept.into_inner(), held.into_inner()), (60, 60));
    let left = std::fs::read_dir(directory.path().join("turns")).unwrap();
    assert_eq!(left.count(), 0, "locks are taken away again");
}

#[tokio::test(start_paused = true)]
async fn turns_of_different_names_do_not_wait_for_each_other() {
    let store = Store::memory(clock());
    let first = store.turn("jane").await.unwrap();
    let second = store.turn("john").await.unwrap();
    drop((first, second));
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waiting_leaves_the_line() {
    let directory = tempfile::tempdir().unwrap();
    let here = Store::in_directory(directory.path(), clock()).unwrap();
    let there = Store::in_directory(directory.path(), clock()).unwrap();
    let held = there.turn("jane").await.unwrap();
    let waits = tokio::time::timeout(std::time::Duration::from_secs(1), here.turn("jane"));
    assert!(waits.await.is_err(), "two were alone with the same");
    drop(held);
    drop(here.turn("jane").await.unwrap());
}
