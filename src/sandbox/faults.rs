//! Faults of requests, set at run time: by rate, or for the next requests that match.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{call::Call, random::Random};

/// One way in which a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 500 with an error body; nothing was done.
    Status500,
    /// 502 with an error body; nothing was done.
    Status502,
    /// 503 with an error body; nothing was done.
    Status503,
    /// 502 with an HTML page, as a proxy answers; nothing was done.
    HtmlErrorPage,
    /// The connection is reset before the request is handled; nothing was done.
    Reset,
    /// The request is handled, then the connection is dropped without an answer.
    LostAnswer,
    /// The request is handled, then the answer breaks off in the middle of its body.
    TruncatedBody,
    /// The request is handled, then a gateway says 504 with an HTML page.
    FailedAfterHandling,
    /// The request is handled after [`Faults::slow_ms`].
    Slow,
    /// The request is handled at once, and the answer comes after [`Faults::slow_ms`].
    LateAnswer,
    /// A list answers its first page whatever was asked.
    IgnorePage,
    /// Rejected although the window is not full, as when somebody else uses the key.
    RateLimited,
    /// 401: the key has expired in the middle.
    Unauthenticated,
    /// 403.
    Forbidden,
}

/// Faults that are on. The default is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The seed of the random faults.
    pub seed: u64,
    /// The probability of each random fault.
    pub rates: Rates,
    /// Faults for chosen requests; they come before chance.
    pub next: Vec<Next>,
    /// The duration of a slow request.
    pub slow_ms: u64,
    /// The time after a write during which reads still show the world before it.
    pub stale_reads_ms: u64,
}

/// Probabilities between 0 and 1; at most one random fault happens to a request.
pub type Rates = BTreeMap<Fault, f64>;

/// A fault for the next requests that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// The fault that happens.
    pub fault: Fault,
    /// To how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// The number of matching requests that pass unharmed first.
    #[serde(default)]
    pub after: u32,
    /// Only to this method (`POST`); to any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Only where path and query contain this; everywhere when absent.
    #[serde(default)]
    pub path: Option<String>,
}

fn once() -> u32 {
    1
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            seed: 1,
            rates: Rates::new(),
            next: Vec::new(),
            slow_ms: 2_000,
            stale_reads_ms: 0,
        }
    }
}

impl Faults {
    /// One fault, for the next request of a method whose path and query contain a text.
    #[must_use]
    pub fn next(fault: Fault, method: &str, path: &str) -> Self {
        let next = Next {
            fault,
            times: 1,
            after: 0,
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
        };
        Self {
            next: vec![next],
            ..Self::default()
        }
    }
}

/// The faults that are on, what is left of them, and what they did.
#[derive(Debug)]
pub(super) struct Switchboard {
    pub(super) on: Faults,
    chance: Random,
    pub(super) happened: BTreeMap<Fault, u64>,
}

impl Switchboard {
    pub(super) fn new() -> Self {
        Self {
            on: Faults::default(),
            chance: Random::new(1),
            happened: BTreeMap::new(),
        }
    }

    pub(super) fn set(&mut self, faults: Faults) {
        self.chance = Random::new(faults.seed);
        self.on = faults;
    }

    /// Decides on the fault of this request and counts it.
    pub(super) fn draw(&mut self, call: &Call) -> Option<Fault> {
        let fault = self.ordered(call).or_else(|| self.by_chance())?;
        *self.happened.entry(fault).or_default() += 1;
        Some(fault)
    }

    fn ordered(&mut self, call: &Call) -> Option<Fault> {
        let next = self.on.next.iter_mut().find(|next| {
            next.times > 0
                && next
                    .method
                    .as_ref()
                    .is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
                && next
                    .path
                    .as_ref()
                    .is_none_or(|path| call.target.contains(path.as_str()))
        })?;
        if next.after > 0 {
            next.after -= 1;
            return None;
        }
        next.times -= 1;
        Some(next.fault)
    }

    fn by_chance(&mut self) -> Option<Fault> {
        let chance = &mut self.chance;
        // Every rate is drawn, so that switching one on does not move the others.
        self.on
            .rates
            .iter()
            .filter(|(_, rate)| chance.happens(**rate))
            .map(|(fault, _)| *fault)
            .reduce(|first, _| first)
    }
}
