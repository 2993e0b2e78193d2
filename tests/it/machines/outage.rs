//! Redis goes away and comes back, or its answers get lost on the way.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::store::PlanId;
use status_roster::store::window::{Key, Lane, Limits, Take};
use status_roster::upstream::Cx;
use status_roster::upstream::budget::Budget;
use tokio_util::sync::CancellationToken;

use super::server::Server;
use super::state::plan;

const LIMITS: Limits = Limits {
    requests: 10,
    window: Duration::from_millis(400),
    reserve: 0,
    answer_within: Duration::from_secs(3_600),
};

fn key() -> Key {
    Key::new("statuspage", "0123456789ab")
}

#[tokio::test]
async fn without_redis_everything_is_refused_and_with_it_everything_works_again() {
    // Otherwise what was kept within a second of the crash may be lost with it.
    let mut redis = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]).await;
    let store = redis.store().await;
    let budget = Budget::new(
        "statuspage",
        "0123456789ab",
        LIMITS,
        Duration::from_secs(5),
        &store,
        Clock::system(),
    );
    let cx = || Cx::interactive(CancellationToken::new());
    budget.slot(&cx()).await.unwrap().answered().await;
    let kept = plan();
    store.keep_plan(kept.clone()).await.unwrap();
    redis.kill();
    let at = redis.socket().display().to_string();
    let begins = format!("the Redis at `{at}`, which keeps the shared state, cannot be used: ");
    let refused = budget.slot(&cx()).await.unwrap_err().to_string();
    assert!(refused.starts_with(&begins), "{refused}");
    assert!(
        refused.ends_with("ask again when it can. Nothing was sent."),
        "{refused}"
    );
    for refused in [
        store.spend(kept.id, kept.expires_at).await.unwrap_err(),
        store.is_spent(kept.id).await.unwrap_err(),
        store.keys().await.unwrap_err(),
        store.plan(kept.id).await.unwrap_err(),
        store.turn("jane").await.unwrap_err(),
    ] {
        assert!(refused.to_string().starts_with(&begins), "{refused}");
    }
    redis.start_again().await;
    // Not spent by the attempt that failed, and known from before.
    super::until("its data", async || store.keys().await.is_ok()).await;
    assert_eq!(store.plan(kept.id).await.unwrap(), Some(kept.clone()));
    assert!(store.spend(kept.id, kept.expires_at).await.unwrap());
    budget.slot(&cx()).await.unwrap().answered().await;
    drop(store.turn("jane").await.unwrap());
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_within_seconds_by_all_who_ask() {
    let redis = Server::start(&[]).await;
    let store = redis.store().await;
    let mut pause = redis::cmd("CLIENT");
    pause.arg("PAUSE").arg(8_000).arg("ALL");
    pause.exec(&mut redis.look()).unwrap();
    let began = Clock::system().monotonic();
    let all = (0..8).map(|_| store.is_spent(PlanId::random()));
    for answer in futures::future::join_all(all).await {
        let refused = answer.unwrap_err().to_string();
        assert!(refused.contains("no answer within 2 s"), "{refused}");
    }
    assert!(Clock::system().monotonic() - began < Duration::from_secs(6));
}

/// Between a machine and Redis: passes everything on, except the next answer when it is told to lose one.
fn passes_on(from: &Path, to: PathBuf, loses: Arc<AtomicBool>) {
    let listener = UnixListener::bind(from).unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, redis) = (client.unwrap(), UnixStream::connect(&to).unwrap());
            let (mut up, mut down) = (client.try_clone().unwrap(), redis.try_clone().unwrap());
            let (mut client, mut redis, loses) = (client, redis, Arc::clone(&loses));
            std::thread::spawn(move || std::io::copy(&mut up, &mut redis));
            std::thread::spawn(move || {
                let mut bytes = [0; 4_096];
                while let Ok(count) = down.read(&mut bytes) {
                    if count == 0 || loses.swap(false, SeqCst) {
                        let _ = client.shutdown(std::net::Shutdown::Both);
                        let _ = down.shutdown(std::net::Shutdown::Both);
                        return;
                    }
                    client.write_all(&bytes[..count]).unwrap();
                }
            });
        }
    });
}

#[tokio::test]
async fn what_was_done_and_whose_answer_was_lost_is_not_done_twice() {
    let redis = Server::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let between = folder.path().join("between");
    let loses = Arc::new(AtomicBool::new(false));
    passes_on(&between, redis.socket(), Arc::clone(&loses));
    let url = format!("redis+unix://{}", between.display());
    let store = redis.try_store(&url, Clock::system()).await.unwrap();
    let window = store.window();
    let used = async || window.usage(&key(), &LIMITS).await.unwrap().used;
    super::until("an empty window", async || used().await == 0).await;

    loses.store(true, SeqCst);
    let take = window.try_take(&key(), &LIMITS, Lane::Interactive).await;
    assert!(matches!(take.unwrap(), Take::Taken(_)));
    assert!(!loses.load(SeqCst), "nothing was lost");
    assert_eq!(used().await, 1, "one request, one slot");

    let id = PlanId::random();
    loses.store(true, SeqCst);
    let spent = store.spend(id, plan().expires_at).await.unwrap();
    assert!(spent, "it was this call that spent it");
    assert!(!store.spend(id, plan().expires_at).await.unwrap());

    loses.store(true, SeqCst);
    let held = store.turn("jane").await.unwrap();
    let another = redis.store().await;
    let waits = tokio::time::timeout(Duration::from_millis(200), another.turn("jane"));
    assert!(waits.await.is_err(), "two were alone with the same");
    drop(held);
    drop(another.turn("jane").await.unwrap());
}
