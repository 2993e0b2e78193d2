//! The exact window when several machines use one key, by Redis's own clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use status_roster::clock::Clock;
use status_roster::store::Store;
use status_roster::store::window::{Key, Lane, Limits, Take, Ticket};

use super::server::Server;

const LIMITS: Limits = Limits {
    requests: 10,
    window: Duration::from_millis(400),
    reserve: 3,
    answer_within: Duration::from_millis(300),
};

fn now() -> Duration {
    Clock::system().monotonic()
}

fn key() -> Key {
    Key::new("statuspage", "0123456789ab")
}

/// A Redis that has been up for longer than the window: before, an empty one may have lost what was there.
async fn settled() -> Server {
    let redis = Server::start(&[]).await;
    let store = redis.store().await;
    super::until("an empty window", async || used(&store).await == 0).await;
    redis
}

async fn used(store: &Store) -> u32 {
    store.window().usage(&key(), &LIMITS).await.unwrap().used
}

async fn take(store: &Store, lane: Lane) -> Take {
    store
        .window()
        .try_take(&key(), &LIMITS, lane)
        .await
        .unwrap()
}

async fn taken(store: &Store, lane: Lane) -> Ticket {
    match take(store, lane).await {
        Take::Taken(ticket) => ticket,
        Take::Wait(wait) => unreachable!("there was room, and it must wait {wait:?}"),
    }
}

/// A machine: it asks as fast as it can for two seconds, and its requests take their time both ways.
fn machine(
    redis: &Server,
    number: u64,
    received: &Arc<Mutex<Vec<Duration>>>,
) -> std::thread::JoinHandle<()> {
    let (url, received) = (redis.url(), Arc::clone(received));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let address = status_roster::secret::Secret::new(&url);
            let address = status_roster::store::Address::parse(&address).unwrap();
            let prefix = status_roster::store::Prefix::default();
            let store = Store::in_redis(address, prefix, Clock::system())
                .await
                .unwrap();
            let clock = Clock::system();
            let end = now() + Duration::from_secs(2);
            let one = async |lane: Lane, mut dice: u64| {
                while now() < end {
                    match take(&store, lane).await {
                        Take::Wait(wait) => clock.sleep(wait).await,
                        Take::Taken(ticket) => {
                            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                            clock.sleep(Duration::from_millis((dice >> 33) % 25)).await;
                            received.lock().unwrap().push(now());
                            clock.sleep(Duration::from_millis((dice >> 45) % 25)).await;
                            let window = store.window();
                            window.answered(&key(), &LIMITS, ticket).await.unwrap();
                        }
                    }
                }
            };
            let seed = number * 1_000;
            tokio::join!(
                one(Lane::Interactive, seed + 1),
                one(Lane::Interactive, seed + 2),
                one(Lane::Bulk, seed + 3),
                one(Lane::Bulk, seed + 4),
            );
        });
    })
}

#[tokio::test]
async fn however_many_machines_ask_at_once_the_receiving_end_is_content() {
    let redis = settled().await;
    let received = Arc::new(Mutex::new(Vec::new()));
    let machines: Vec<_> = (0..4).map(|it| machine(&redis, it, &received)).collect();
    for machine in machines {
        machine.join().unwrap();
    }
    let mut received = received.lock().unwrap().clone();
    received.sort();
    let most = received
        .iter()
        .map(|end| {
            let inside = |at: &&Duration| *at <= end && *end - **at < LIMITS.window;
            received.iter().filter(inside).count()
        })
        .max()
        .unwrap();
    assert!(most <= 10, "{most} in one window");
    // More than one window, so that the window was waited for: two seconds hold some four, on a machine that has the time.
    assert!(received.len() > 10, "only {} were sent", received.len());
}

#[tokio::test]
async fn a_slot_comes_free_one_window_after_its_answer_and_not_before() {
    let redis = settled().await;
    let (here, there) = (redis.store().await, redis.store().await);
    for _ in 0..LIMITS.requests {
        let ticket = taken(&here, Lane::Interactive).await;
        here.window()
            .answered(&key(), &LIMITS, ticket)
            .await
            .unwrap();
    }
    let answered = now();
    let Take::Wait(wait) = take(&there, Lane::Interactive).await else {
        unreachable!("the eleventh went at once");
    };
    assert!(wait <= LIMITS.window, "{wait:?}");
    super::until("a free slot", async || {
        matches!(take(&there, Lane::Interactive).await, Take::Taken(_))
    })
    .await;
    // The first was answered some milliseconds before the last.
    assert!(now() - answered + Duration::from_millis(200) > LIMITS.window);
}

#[tokio::test]
async fn long_scans_of_one_machine_leave_slots_to_the_short_calls_of_another() {
    let redis = settled().await;
    let (scans, calls) = (redis.store().await, redis.store().await);
    let mut sent = 0;
    while let Take::Taken(_) = take(&scans, Lane::Bulk).await {
        sent += 1;
    }
    assert_eq!(sent, 7);
    taken(&calls, Lane::Interactive).await;
}

#[tokio::test]
async fn too_many_is_told_to_every_machine() {
    let redis = settled().await;
    let (here, there) = (redis.store().await, redis.store().await);
    let pause = Duration::from_secs(30);
    here.window()
        .rejected(&key(), &LIMITS, pause)
        .await
        .unwrap();
    let Take::Wait(wait) = take(&there, Lane::Interactive).await else {
        unreachable!("it was told to wait");
    };
    assert!(wait > Duration::from_secs(29), "{wait:?}");
    let usage = there.window().usage(&key(), &LIMITS).await.unwrap();
    assert!(usage.paced && usage.paused_for.is_some());
}

#[tokio::test]
async fn a_slot_whose_machine_died_comes_free_when_its_answer_can_no_longer_come() {
    let redis = settled().await;
    let (dying, heir) = (redis.store().await, redis.store().await);
    let began = now();
    for _ in 0..LIMITS.requests {
        taken(&dying, Lane::Interactive).await;
    }
    drop(dying);
    super::until("a free slot", async || {
        matches!(take(&heir, Lane::Interactive).await, Take::Taken(_))
    })
    .await;
    let least = LIMITS.window + LIMITS.answer_within;
    assert!(now() - began >= least);
}

#[tokio::test]
async fn a_slot_that_nobody_waits_for_any_more_is_given_back() {
    let redis = settled().await;
    let store = redis.store().await;
    let slow = Limits {
        answer_within: Duration::from_secs(3_600),
        ..LIMITS
    };
    for _ in 0..5 {
        let key = key();
        let mut asked = Box::pin(store.window().try_take(&key, &slow, Lane::Interactive));
        // Sent, or about to be, and not waited for.
        assert!(futures::poll!(&mut asked).is_pending());
        drop(asked);
    }
    super::until("an empty window", async || used(&store).await == 0).await;
}

#[tokio::test]
async fn a_redis_that_lost_what_it_knew_counts_the_window_as_used_up() {
    for options in [&["--appendonly", "no"][..], &["--appendonly", "yes"]] {
        let mut redis = Server::start(options).await;
        let store = redis.store().await;
        super::until("an empty window", async || used(&store).await == 0).await;
        taken(&store, Lane::Interactive).await;
        redis.kill();
        redis.start_again().await;
        // A machine that knows nothing of before.
        let fresh = redis.store().await;
        let Take::Wait(wait) = take(&fresh, Lane::Interactive).await else {
            unreachable!("it may have lost ten requests ({options:?})");
        };
        assert!(wait <= LIMITS.window, "{wait:?}");
        super::until("a free slot", async || {
            matches!(take(&store, Lane::Interactive).await, Take::Taken(_))
        })
        .await;
    }
}

#[tokio::test]
async fn a_redis_that_was_emptied_counts_its_window_as_used_up() {
    let redis = settled().await;
    let (one, two) = (redis.store().await, redis.store().await);
    assert_eq!((used(&one).await, used(&two).await), (0, 0));
    taken(&one, Lane::Interactive).await;
    redis::cmd("FLUSHALL").exec(&mut redis.look()).unwrap();
    assert_eq!(used(&two).await, LIMITS.requests);
    assert!(matches!(take(&one, Lane::Interactive).await, Take::Wait(_)));
    super::until("the window is over", async || used(&one).await == 0).await;
}
