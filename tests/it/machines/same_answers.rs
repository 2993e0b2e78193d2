//! Lua repeats what Rust decides: whatever happens to a window, both say the same.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use status_roster::store::window::{Lane, Limits, Ring, Take, Ticket, script};

use super::server::Server;

#[derive(Debug, Clone)]
enum Event {
    Take(Lane),
    Forecast(Lane, usize),
    Answered(usize),
    Withdraw(usize),
    Pause(u64),
    Rejected(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let lane = || prop_oneof![Just(Lane::Interactive), Just(Lane::Bulk)];
    prop_oneof![
        6 => lane().prop_map(Event::Take),
        3 => (lane(), 0usize..12).prop_map(|(lane, ahead)| Event::Forecast(lane, ahead)),
        4 => (0usize..12).prop_map(Event::Answered),
        1 => (0usize..12).prop_map(Event::Withdraw),
        1 => (0u64..5_000_000).prop_map(Event::Pause),
        1 => (0u64..5_000_000).prop_map(Event::Rejected),
    ]
}

/// Microseconds until the next event. A clock is sometimes set back.
fn step() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 0i64..400_000, 2 => 0i64..6_000_000, 1 => -3_000_000i64..0]
}

fn limits() -> impl Strategy<Value = Limits> {
    (1u32..8, 1_000u64..4_000_000, 0u32..4, 0u64..2_000_000).prop_map(
        |(requests, window, reserve, answer_within)| Limits {
            requests,
            window: Duration::from_micros(window),
            reserve,
            answer_within: Duration::from_micros(answer_within),
        },
    )
}

/// One window in Redis, told what time it is.
struct InRedis<'a> {
    connection: &'a mut redis::Connection,
    script: &'a redis::Script,
    name: String,
    limits: Limits,
}

impl InRedis<'_> {
    fn says(&mut self, now: Duration, what: &str, further: &[String]) -> Vec<u64> {
        let mut call = self.script.prepare_invoke();
        for part in script::PARTS {
            call.key(format!("{}:{part}", self.name));
        }
        call.arg(script::arguments(what, Some(now), &self.limits, further));
        call.invoke(self.connection).unwrap()
    }
}

fn micros(duration: Duration) -> u64 {
    assert_eq!(duration.subsec_nanos() % 1_000, 0);
    u64::try_from(duration.as_micros()).unwrap()
}

fn usage(ring: &mut Ring, now: Duration, limits: &Limits) -> Vec<u64> {
    let usage = ring.usage(now, limits);
    let paused = usage.paused_for.unwrap_or_default();
    vec![
        u64::from(usage.used),
        micros(usage.resets_in),
        micros(paused),
        u64::from(usage.paced),
    ]
}

/// What Rust says, and what Lua is asked.
fn decided(
    ring: &mut Ring,
    now: Duration,
    limits: &Limits,
    event: &Event,
    taken: &mut Vec<Ticket>,
) -> (Vec<u64>, &'static str, Vec<String>) {
    let room = |lane: Lane| limits.slots(lane).to_string();
    let of = |taken: &[Ticket], at: usize| taken.get(at % taken.len().max(1)).copied();
    let unknown = Ticket::numbered(u64::MAX);
    match *event {
        Event::Take(lane) => {
            let ticket = Ticket::numbered(taken.len() as u64 + 1);
            let further = vec![room(lane), ticket.name()];
            let wait = match ring.take(now, limits, lane, ticket) {
                Take::Taken(_) => 0,
                Take::Wait(wait) => micros(wait),
            };
            if wait == 0 {
                taken.push(ticket);
            }
            (vec![wait], "take", further)
        }
        Event::Forecast(lane, ahead) => {
            let wait = micros(ring.forecast(now, limits, lane, ahead));
            (vec![wait], "forecast", vec![room(lane), ahead.to_string()])
        }
        Event::Answered(at) => {
            let ticket = of(taken, at).unwrap_or(unknown);
            ring.answered(now, ticket);
            (vec![], "answered", vec![ticket.name()])
        }
        Event::Withdraw(at) => {
            let ticket = of(taken, at).unwrap_or(unknown);
            ring.withdraw(ticket);
            (vec![], "withdraw", vec![ticket.name()])
        }
        Event::Pause(how_long) => {
            ring.pause(now, Duration::from_micros(how_long));
            (vec![], "pause", vec![how_long.to_string()])
        }
        Event::Rejected(how_long) => {
            ring.rejected(now, limits, Duration::from_micros(how_long));
            (vec![], "rejected", vec![how_long.to_string()])
        }
    }
}

#[tokio::test]
async fn lua_and_rust_say_the_same() {
    let server = Server::start(&[]).await;
    let mut connection = server.look();
    let script = redis::Script::new(script::CODE);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let connection = std::cell::RefCell::new(&mut connection);
    let number = std::cell::Cell::new(0);
    let stories = (limits(), vec((step(), event()), 1..40));
    let ran = runner.run(&stories, |(limits, story)| {
        number.set(number.get() + 1);
        let mut connection = connection.borrow_mut();
        let mut lua = InRedis {
            connection: &mut connection,
            script: &script,
            name: format!("story {}", number.get()),
            limits,
        };
        let (mut ring, mut taken) = (Ring::default(), Vec::new());
        // A time that Redis has: whole microseconds since 1970.
        let mut now = 1_790_000_000_000_000i64;
        for (step, event) in &story {
            now += step;
            let now = Duration::from_micros(now.unsigned_abs());
            // Looking settles the clock's going back in both before anything is decided.
            let (rust, found) = (usage(&mut ring, now, &limits), lua.says(now, "usage", &[]));
            prop_assert_eq!(rust, found, "usage before {:?}", event);
            let (rust, what, further) = decided(&mut ring, now, &limits, event, &mut taken);
            prop_assert_eq!(rust, lua.says(now, what, &further), "{:?}", event);
        }
        Ok(())
    });
    if let Err(difference) = ran {
        unreachable!("{difference}");
    }
}
