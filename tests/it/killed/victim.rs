//! A server that lives until a moment that the test names, in a runtime of its own: dropping that ends every task of the server
//! where it stands, its connections, and its locks, as a kill does.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, Next};

use crate::tools::world::{World, ask};

/// When a server is killed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    /// The upstream has received so many requests of it, and has not handled the last.
    Unhandled(u32),
    /// The upstream has handled so many requests of it, and the answer to the last is under way.
    Handled(u32),
    /// So many more lines are on the record.
    Line(usize),
    /// It is not.
    Never,
}

impl Moment {
    fn fault(self) -> Option<(Fault, u32)> {
        match self {
            Self::Unhandled(nth) => Some((Fault::Slow, nth)),
            Self::Handled(nth) => Some((Fault::LateAnswer, nth)),
            Self::Line(_) | Self::Never => None,
        }
    }

    /// Arms the sandbox: what is slow is so slow that it is not handled while anybody looks.
    fn arm(self, world: &World) {
        let next = self.fault().map(|(fault, after)| Next {
            fault,
            times: 1,
            after,
            method: None,
            path: None,
        });
        world.sandbox.faults(Faults {
            next: next.into_iter().collect(),
            slow_ms: 3_600_000,
            ..Faults::default()
        });
    }

    /// Returns when it has come.
    async fn comes(self, world: &World, lines: usize, faults: u64) {
        loop {
            let here = match self {
                Self::Never => false,
                Self::Line(more) => recorded(world) >= lines + more,
                Self::Unhandled(_) | Self::Handled(_) => seen(world) > faults,
            };
            if here {
                return;
            }
            match self {
                // The next thing that the server does is not to be missed.
                Self::Line(_) => tokio::task::yield_now().await,
                _ => Clock::system().sleep(Duration::from_micros(500)).await,
            }
        }
    }
}

/// Whole lines of the record.
pub(super) fn recorded(world: &World) -> usize {
    let record = std::fs::read(world.state.path().join("state/audit.jsonl")).unwrap_or_default();
    record.iter().filter(|byte| **byte == b'\n').count()
}

fn seen(world: &World) -> u64 {
    world.sandbox.report().faults.values().sum()
}

/// A new server on the same state and the same upstream does one call, token and all.
pub(super) fn call(world: &World, tool: &str, arguments: &Value, moment: Moment) -> Option<Value> {
    let job = async {
        let app = world.another().await;
        let answer = ask(&app, "local", tool, arguments.clone()).await;
        assert!(!answer.is_error, "{}", answer.text);
        answer.structured().unwrap()
    };
    live(world, moment, job)
}

/// A new server on the same state and the same upstream does the whole job: asks, and confirms what it is shown. What it
/// answered last, or nothing where the moment came first.
pub(super) fn serve(world: &World, tool: &str, arguments: &Value, moment: Moment) -> Option<Value> {
    let job = async {
        let app = world.another().await;
        let first = ask(&app, "local", tool, arguments.clone()).await;
        assert!(!first.is_error, "{}", first.text);
        let first = first.structured().unwrap();
        if first["status"] != "confirmation_required" {
            return first;
        }
        let mut again = arguments.clone();
        again["confirmation_token"] = first["confirmation_token"].clone();
        let done = ask(&app, "local", tool, again).await;
        assert!(!done.is_error, "{}", done.text);
        done.structured().unwrap()
    };
    live(world, moment, job)
}

/// Lets a server live until its job is done or the moment comes.
fn live(world: &World, moment: Moment, job: impl Future<Output = Value> + Send) -> Option<Value> {
    moment.arm(world);
    let (lines, faults) = (recorded(world), seen(world));
    let life = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = moment.comes(world, lines, faults) => None,
                done = job => Some(done),
            }
        })
    };
    let ended = std::thread::scope(|threads| threads.spawn(life).join());
    world.sandbox.faults(Faults::default());
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Up to three kills, one after the other.
pub(super) fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let moment = prop_oneof![
        (0u32..60).prop_map(Moment::Unhandled),
        (0u32..60).prop_map(Moment::Handled),
        (1usize..20).prop_map(Moment::Line),
    ];
    prop::collection::vec(moment, 1..4)
}
