//! The call that a token is good for.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Subject,
    digest::{canonical, of},
};
use crate::store::Bound;

impl Bound {
    /// Binds a token to a call.
    pub(super) fn to(subject: &Subject<'_>, now: Timestamp, ttl: Duration) -> Self {
        // Whole seconds, which is what is said of it.
        let valid_for_s = ttl.as_secs();
        let expires_at = now.checked_add(Duration::from_secs(valid_for_s));
        let expires_at = expires_at.and_then(|at| Timestamp::from_second(at.as_second()));
        Self {
            caller: caller(subject),
            arguments: arguments(subject),
            systems: systems(subject),
            expires_at: expires_at.unwrap_or(Timestamp::MAX),
            valid_for_s,
        }
    }

    pub(super) fn is_of_caller(&self, subject: &Subject<'_>) -> bool {
        self.caller == caller(subject)
    }

    pub(super) fn is_of_arguments(&self, subject: &Subject<'_>) -> bool {
        self.arguments == arguments(subject)
    }

    pub(super) fn is_of_systems(&self, subject: &Subject<'_>) -> bool {
        self.systems == systems(subject)
    }
}

fn caller(subject: &Subject<'_>) -> String {
    hex::encode(of("caller", [subject.caller.name.as_str()]))
}

fn arguments(subject: &Subject<'_>) -> String {
    hex::encode(of(
        "arguments",
        [subject.tool, &canonical(subject.arguments)],
    ))
}

fn systems(subject: &Subject<'_>) -> String {
    hex::encode(of("systems", subject.systems.iter().map(String::as_str)))
}
