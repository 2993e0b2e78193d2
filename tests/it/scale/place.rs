//! A large page, the real budget, and time that passes only while everybody waits.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use status_roster::access::{Person, Silent};
use status_roster::app::App;
use status_roster::caller::Caller;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, Rates, Settings};
use status_roster::toolkit::{Answer, Incoming, Patience};
use tokio_util::sync::CancellationToken;

use crate::tools::world::{Make, World};

/// What a call may take beyond `max_wait`: the request that it is in.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// The default of `server.max_wait_seconds`.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(45);

pub(super) struct Place {
    pub(super) world: World,
    pub(super) clock: Clock,
}

impl Place {
    pub(super) async fn with(viewers: usize) -> Self {
        let clock = Clock::following("2026-03-01T12:00:00Z".parse().unwrap());
        let make = Make::default();
        let sandbox = Settings {
            viewers,
            requests_per_window: 60,
            window: Duration::from_secs(60),
            ..make.sandbox.clone()
        };
        let make = Make {
            sandbox,
            clock,
            ..make
        };
        Self {
            world: make.world().await,
            clock,
        }
    }

    /// One call, and how long it took.
    pub(super) async fn timed(&self, who: &str, tool: &str, arguments: Value) -> (Value, Duration) {
        let began = self.clock.monotonic();
        let answer = ask(&self.world.app, who, tool, arguments).await;
        assert!(!answer.is_error, "{tool}: {}", answer.text);
        let took = self.clock.monotonic() - began;
        assert!(took <= MAX_WAIT + GRACE, "{tool} took {took:?}");
        (answer.structured().unwrap(), took)
    }

    /// Asks until the answer says something else than `reading` or `partial`.
    pub(super) async fn to_the_end(&self, tool: &str, arguments: &Value) -> (Value, usize) {
        let mut calls = 1;
        loop {
            let (answer, _) = self.timed("local", tool, arguments.clone()).await;
            assert!(calls < 60, "{answer}");
            if answer["status"] != "reading" && answer["status"] != "partial" {
                return (answer, calls);
            }
            self.wait_as_told(&answer).await;
            calls += 1;
        }
    }

    /// Waits as long as an answer says that the next call should: `Call again in 12 s`.
    pub(super) async fn wait_as_told(&self, answer: &Value) {
        let text = answer.to_string();
        let Some((_, told)) = text.split_once("Call again in ") else {
            return;
        };
        let seconds = told.split(' ').next().unwrap().parse().unwrap();
        self.clock.sleep(Duration::from_secs(seconds)).await;
    }

    pub(super) fn requests(&self, method: &str, part: &str) -> usize {
        let all = self.world.sandbox.requests().into_iter();
        all.filter(|request| request.method == method && request.target.contains(part))
            .count()
    }

    /// What the sandbox's limits were told: nothing was sent for nothing.
    pub(super) fn kept_the_budget(&self) {
        let report = self.world.sandbox.report();
        assert_eq!(report.rejected, 0);
        assert_eq!(report.unpaginated_hits, 0);
        assert!(report.most_in_window <= 60, "{}", report.most_in_window);
    }
}

/// One tool call. What it answers is held to the schemas where there are fewer rows.
pub(super) async fn ask(app: &App, who: &str, tool: &str, arguments: Value) -> Answer {
    let arguments: Map<String, Value> = arguments.as_object().cloned().unwrap();
    let incoming = Incoming {
        caller: Caller {
            name: who.to_owned(),
            ..Caller::local(Some("test 1.0".to_owned()))
        },
        name: tool.to_owned(),
        arguments,
        person: Person::OutOfReach,
        cancel: CancellationToken::new(),
        progress: Arc::new(Silent),
        patience: Patience::Waits,
    };
    app.catalogue.call(&app.access, incoming).await
}

/// A bad day: each of these hits one request in fifty.
pub(super) fn weather() -> Faults {
    let rates: Rates = [
        Fault::Status503,
        Fault::HtmlErrorPage,
        Fault::Reset,
        Fault::LostAnswer,
        Fault::TruncatedBody,
    ]
    .map(|fault| (fault, 0.02))
    .into();
    Faults {
        rates,
        ..Faults::default()
    }
}
