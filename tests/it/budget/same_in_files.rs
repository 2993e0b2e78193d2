//! Processes that share a file see one window: whatever happens, they say what a single process says that keeps it in memory.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use status_roster::store::window::{Key, Lane, Limits, Take, Ticket, Window};

use super::frozen;

#[derive(Debug, Clone)]
enum Event {
    Take(Lane),
    Forecast(usize),
    Answered(usize),
    Withdraw(usize),
    Pause(u64),
    Rejected(u64),
    /// One process ends, and another begins in its place.
    Restart,
}

fn event() -> impl Strategy<Value = Event> {
    let lane = prop_oneof![Just(Lane::Interactive), Just(Lane::Bulk)];
    prop_oneof![
        8 => lane.prop_map(Event::Take),
        2 => (0usize..6).prop_map(Event::Forecast),
        6 => (0usize..6).prop_map(Event::Answered),
        1 => (0usize..6).prop_map(Event::Withdraw),
        1 => (0u64..3_000).prop_map(Event::Pause),
        1 => (0u64..3_000).prop_map(Event::Rejected),
        1 => Just(Event::Restart),
    ]
}

/// Two processes with their files, and one without.
struct Three {
    files: [Window; 2],
    memory: Window,
    key: Key,
    limits: Limits,
    /// The same request's ticket in the files and in memory.
    out: Vec<(Ticket, Ticket)>,
}

impl Three {
    async fn happens(&mut self, event: &Event, who: usize) {
        let (file, memory) = (&self.files[who], &self.memory);
        let (key, limits) = (&self.key, &self.limits);
        let millis = Duration::from_millis;
        match *event {
            Event::Take(lane) => {
                let taken = file.try_take(key, limits, lane).await.unwrap();
                match (taken, memory.try_take(key, limits, lane).await.unwrap()) {
                    (Take::Taken(one), Take::Taken(other)) => self.out.push((one, other)),
                    (Take::Wait(one), Take::Wait(other)) => assert_eq!(one, other),
                    unlike => unreachable!("{unlike:?}"),
                }
            }
            Event::Forecast(ahead) => {
                let lane = Lane::Interactive;
                assert_eq!(
                    file.forecast(key, limits, lane, ahead).await.unwrap(),
                    memory.forecast(key, limits, lane, ahead).await.unwrap()
                );
            }
            Event::Answered(index) if index < self.out.len() => {
                let (one, other) = self.out.remove(index);
                file.answered(key, limits, one).await.unwrap();
                memory.answered(key, limits, other).await.unwrap();
            }
            Event::Withdraw(index) if index < self.out.len() => {
                let (one, other) = self.out.remove(index);
                file.withdraw(key, limits, one).await.unwrap();
                memory.withdraw(key, limits, other).await.unwrap();
            }
            Event::Pause(for_ms) => {
                file.pause(key, limits, millis(for_ms)).await.unwrap();
                memory.pause(key, limits, millis(for_ms)).await.unwrap();
            }
            Event::Rejected(for_ms) => {
                file.rejected(key, limits, millis(for_ms)).await.unwrap();
                memory.rejected(key, limits, millis(for_ms)).await.unwrap();
            }
            Event::Answered(_) | Event::Withdraw(_) | Event::Restart => {}
        }
    }

    async fn agree(&self) {
        let told = self.memory.usage(&self.key, &self.limits).await.unwrap();
        for file in &self.files {
            assert_eq!(file.usage(&self.key, &self.limits).await.unwrap(), told);
        }
    }
}

async fn story(events: Vec<(Event, usize, u64)>) {
    let clock = frozen();
    let directory = tempfile::tempdir().unwrap();
    let file = || Window::in_directory(directory.path(), clock);
    let mut three = Three {
        files: [file(), file()],
        memory: Window::memory(clock),
        key: Key::new("statuspage", "0123456789ab"),
        limits: Limits {
            requests: 4,
            window: Duration::from_secs(2),
            reserve: 1,
            answer_within: Duration::from_secs(1),
        },
        out: Vec::new(),
    };
    for (event, who, wait) in events {
        clock.sleep(Duration::from_millis(wait)).await;
        if matches!(event, Event::Restart) {
            three.files[who] = file();
        }
        three.happens(&event, who).await;
        three.agree().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    // Long enough that the file is replaced by a shorter one in between.
    #[test]
    fn two_processes_and_one_say_the_same(events in vec((event(), 0usize..2, 0u64..700), 1..600)) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(story(events));
    }
}
