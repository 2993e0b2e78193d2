//! Tools that no catalogue of ours has: they break in the ways that a tool can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use status_roster::access::{Access, Ask, Refusal};
use status_roster::toolkit::{Effect, Tool};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Serialize, JsonSchema)]
pub(super) struct Together {
    /// Calls that ran at the same time as this one.
    together: usize,
}

/// Panics.
pub(super) struct Panics;

impl Tool for Panics {
    const NAME: &'static str = "panics";
    const TITLE: &'static str = "Panics";
    const ABOUT: &'static str = "Panics.";
    const EFFECT: Effect = Effect::Read;
    type Input = Nothing;
    type Output = Together;

    async fn call(_: Arc<Access>, _: Ask, _: Nothing) -> Result<Together, Refusal> {
        unreachable!("as a defect would")
    }
}

/// Never ends.
pub(super) struct Never;

impl Tool for Never {
    const NAME: &'static str = "never";
    const TITLE: &'static str = "Never ends";
    const ABOUT: &'static str = "Never ends.";
    const EFFECT: Effect = Effect::Read;
    type Input = Nothing;
    type Output = Together;

    async fn call(_: Arc<Access>, _: Ask, _: Nothing) -> Result<Together, Refusal> {
        std::future::pending().await
    }
}

/// Tells how many of it run at once.
pub(super) struct Crowded;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

impl Tool for Crowded {
    const NAME: &'static str = "crowded";
    const TITLE: &'static str = "Crowded";
    const ABOUT: &'static str = "Tells how many of it run at once.";
    const EFFECT: Effect = Effect::Read;
    type Input = Nothing;
    type Output = Together;

    async fn call(_: Arc<Access>, _: Ask, _: Nothing) -> Result<Together, Refusal> {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        let together = RUNNING.load(Ordering::SeqCst);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        RUNNING.fetch_sub(1, Ordering::SeqCst);
        Ok(Together { together })
    }
}
