//! The script of the window, and what it is told. Open to the test that holds it to the decisions of [`super::Ring`].

use std::time::Duration;

use super::Limits;
use super::ring::{LONGEST_PAUSE, PACED_WINDOWS, pace};

/// The script.
pub const CODE: &str = include_str!("ring.lua");

/// Its keys, behind a key's name.
pub const PARTS: [&str; 3] = ["flying", "answered", "state"];

/// Said in the place of a time: whoever asks used this window so recently that Redis must know of it.
pub(super) const USED_BEFORE: &str = "used before";

/// Its arguments. Without a time it asks Redis for it; outside tests there is none.
#[must_use]
pub fn arguments(
    what: &str,
    now: Option<Duration>,
    limits: &Limits,
    further: &[String],
) -> Vec<String> {
    let window = micros(limits.window);
    let mut all = vec![
        what.to_owned(),
        now.map(|now| micros(now).to_string()).unwrap_or_default(),
        window.to_string(),
        micros(limits.answer_within).to_string(),
        limits.requests.max(1).to_string(),
        (pace(limits) / 1_000).to_string(),
        (LONGEST_PAUSE / 1_000).to_string(),
        (window * u64::from(PACED_WINDOWS)).to_string(),
    ];
    all.extend_from_slice(further);
    all
}

/// Rounded up, so that no slot comes free early.
pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX)
}
