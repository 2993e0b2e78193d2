//! Properties over random delays, workers, vanished holders and restarts of waiting.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use status_roster::store::Store;
use status_roster::store::window::{Lane, Limits};

use super::simulation::{Fate, Job, Simulation};
use super::{budget, frozen};

fn limits() -> impl Strategy<Value = Limits> {
    (1u32..8, 500u64..5000, 0u32..4).prop_map(|(requests, window, reserve)| Limits {
        requests,
        window: Duration::from_millis(window),
        reserve,
        answer_within: Duration::from_millis(2000),
    })
}

fn job() -> impl Strategy<Value = Job> {
    let lane = prop_oneof![Just(Lane::Interactive), Just(Lane::Bulk)];
    let fate =
        prop_oneof![8 => Just(Fate::Answered), 1 => Just(Fate::Vanished), 1 => Just(Fate::NotSent)];
    let impatient = prop_oneof![3 => Just(None), 1 => (0u64..3000).prop_map(Some)];
    (0u64..400, 0u64..1000, 0u64..1000, lane, impatient, fate).prop_map(
        |(think, out, back, lane, impatient, fate)| Job {
            think,
            out,
            back,
            lane,
            impatient,
            fate,
        },
    )
}

fn workers() -> impl Strategy<Value = Vec<Vec<Job>>> {
    vec(vec(job(), 1..8), 1..8)
}

fn in_frozen_time(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_process_never_sends_too_much_and_never_waits_for_nothing(limits in limits(), workers in workers()) {
        in_frozen_time(async move {
            let clock = frozen();
            let shared = budget(&Store::memory(clock), clock, limits);
            let simulation = Simulation::new(clock, limits);
            simulation.run(workers, move |_| shared.clone()).await;
            simulation.assert_the_receiving_end_is_content();
            simulation.assert_nobody_waited_beside_a_free_slot();
            simulation.assert_first_come_first_served();
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn several_processes_on_one_directory_share_one_window(limits in limits(), mut workers in workers(), patient in any::<bool>()) {
        // A slot given back is seen by the other processes only when they look again.
        for job in workers.iter_mut().flatten().filter(|job| job.fate == Fate::NotSent) {
            job.fate = Fate::Answered;
        }
        // Who gives up while its slot is being written gives it back too: only among the patient nobody waits for nothing.
        for job in workers.iter_mut().flatten().filter(|_| patient) {
            job.impatient = None;
        }
        in_frozen_time(async move {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().to_owned();
            let clock = frozen();
            let simulation = Simulation::new(clock, limits);
            // A new store for every job: each is a process that starts, sends once and ends.
            let started = move |_| budget(&Store::in_directory(&path, clock).unwrap(), clock, limits);
            simulation.run(workers, started).await;
            simulation.assert_the_receiving_end_is_content();
            if patient {
                simulation.assert_nobody_waited_beside_a_free_slot();
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_take_the_shortest_time_that_is_allowed() {
    let clock = frozen();
    let limits = Limits {
        reserve: 0,
        ..Limits::new(60, super::MINUTE)
    };
    let shared = budget(&Store::memory(clock), clock, limits);
    let job = Job {
        think: 0,
        out: 5,
        back: 5,
        lane: Lane::Interactive,
        impatient: None,
        fate: Fate::Answered,
    };
    let simulation = Simulation::new(clock, limits);
    simulation
        .run(vec![vec![job; 125]; 8], move |_| shared.clone())
        .await;
    simulation.assert_the_receiving_end_is_content();
    // 16 windows must pass before the last forty can go; each adds a few round trips of 10 ms.
    let took = clock.monotonic();
    assert!(
        took >= Duration::from_secs(960) && took < Duration::from_secs(963),
        "{took:?}"
    );
}
