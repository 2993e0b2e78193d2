//! Determines the outcome of a step from the system's answer to the write and from reading back.
//!
//! A look that fails is made again. A write whose answer was lost, and that may be sent twice, is sent once more when a look shows that
//! it was not made. So a step ends `unknown` only where looking itself fails, or where the system may be at work on it still.

use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;

use crate::access::Access;
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::report::Status;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::upstream::Cx;

/// The number of times that a failed look is made again, each time after a longer pause; the client below tries each of its requests again
/// too.
const LOOKS: u32 = 4;

/// The pauses before further looks at something that is as before. Read-after-write delay is not documented.
const LATER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// The outcome of a step.
pub(in crate::access) struct Settled {
    pub status: Status,
    pub detail: Option<String>,
    pub after: Value,
    /// The place where a person can do it, when the system refused it so that asking again is for nothing.
    pub by_hand: Option<&'static str>,
    /// True when it failed in passing or is not known: then nothing else is begun before it is looked at again.
    pub stops: bool,
}

impl Access {
    /// Makes a step's change, and finds out what came of it. New looks begin until `until`, and once at least.
    pub(in crate::access) async fn make(
        &self,
        act: &dyn Act,
        cx: &Cx,
        intent: &Intent,
        until: Duration,
    ) -> Settled {
        let mut written = act.write(cx, intent).await;
        if let Err(error) = &written
            && surely_not_made(error)
            && !act.in_pieces()
        {
            return failed(act, error, error.to_string());
        }
        let mut observed = self.seen(act, cx, unsure(&written), until).await;
        if unsure(&written) && act.repeatable() && matches!(observed, Ok(Seen::Unchanged(..))) {
            written = act.write(cx, intent).await;
            observed = self.seen(act, cx, unsure(&written), until).await;
        }
        judge(act, written, observed)
    }

    /// Reads a step back. What is as before is looked at again a little later; after a lost answer once more.
    async fn seen(
        &self,
        act: &dyn Act,
        cx: &Cx,
        unsure: bool,
        until: Duration,
    ) -> Result<Seen, ProviderError> {
        let mut observed = self.trying(until, || act.see(cx)).await;
        for pause in LATER.iter().take(1 + usize::from(unsure)) {
            if !matches!(observed, Ok(Seen::Unchanged(..))) {
                break;
            }
            self.clock().sleep(*pause).await;
            observed = self.trying(until, || act.see(cx)).await;
        }
        observed
    }

    /// Looks again right before a step, as often as that needs.
    pub(in crate::access) async fn look_before(
        &self,
        act: &dyn Act,
        cx: &Cx,
        until: Duration,
    ) -> Result<Before, ProviderError> {
        self.trying(until, || act.look(cx)).await
    }

    /// A read, made again where it failed in passing.
    async fn trying<'a, T>(
        &self,
        until: Duration,
        read: impl Fn() -> BoxFuture<'a, Result<T, ProviderError>> + Send + Sync,
    ) -> Result<T, ProviderError> {
        let mut failures = 0;
        loop {
            let error = match read().await {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            failures += 1;
            let pause = Duration::from_millis(250).saturating_mul(1 << failures);
            let ends = self.clock().monotonic().saturating_add(pause);
            if error.is_refusal() || failures > LOOKS || (failures > 1 && ends >= until) {
                return Err(error);
            }
            self.clock().sleep(pause).await;
        }
    }
}

fn unsure(written: &Result<(), ProviderError>) -> bool {
    written.as_ref().is_err_and(ProviderError::effect_unknown)
}

fn judge(
    act: &dyn Act,
    written: Result<(), ProviderError>,
    seen: Result<Seen, ProviderError>,
) -> Settled {
    let settled = |status, detail, after| Settled {
        status,
        detail,
        after,
        by_hand: None,
        stops: status == Status::Unknown,
    };
    match (written, seen) {
        (Ok(()), Ok(Seen::AsWanted(after))) => settled(Status::Applied, None, after),
        (Err(ProviderError::AlreadyExists { .. }), Ok(Seen::AsWanted(after))) => settled(
            Status::Already,
            Some("somebody else added it in the meantime".to_owned()),
            after,
        ),
        // A step that leaves no trace is known by the answer alone, and there was none.
        (Err(error), Ok(Seen::AsWanted(after) | Seen::AsWantedAnd(after, _)))
            if !act.leaves_trace() =>
        {
            let status = if error.effect_unknown() {
                Status::Unknown
            } else {
                Status::Failed
            };
            let why = format!("{error}; reading back cannot show whether it was made");
            settled(status, Some(why), after)
        }
        (Err(error), Ok(Seen::AsWanted(after))) => settled(
            Status::Applied,
            Some(format!("{error}; reading back shows that it was made")),
            after,
        ),
        (Ok(()), Ok(Seen::AsWantedAnd(after, besides))) => {
            settled(Status::Applied, Some(besides), after)
        }
        (Err(error), Ok(Seen::AsWantedAnd(after, besides))) => settled(
            Status::Applied,
            Some(format!(
                "{error}; reading back shows that it was made; {besides}"
            )),
            after,
        ),
        (Ok(()), Ok(Seen::Accepted(after, words))) => settled(Status::Accepted, Some(words), after),
        (Err(error), Ok(Seen::Accepted(after, words))) => {
            let status = if error.effect_unknown() {
                Status::Unknown
            } else {
                Status::Failed
            };
            settled(status, Some(format!("{error}; {words}")), after)
        }
        (Ok(()), Ok(Seen::Unchanged(after, why))) => settled(Status::NoEffect, Some(why), after),
        (Err(error @ ProviderError::AlreadyExists { .. }), Ok(Seen::Unchanged(after, why))) => {
            settled(Status::Failed, Some(format!("{error}; {why}")), after)
        }
        (Err(error), Ok(Seen::Unchanged(after, _)))
            if error.may_still_be_made() || (error.effect_unknown() && !act.leaves_trace()) =>
        {
            let why = format!(
                "{error}; reading back shows no change so far, and the system may be at work on it still"
            );
            settled(Status::Unknown, Some(why), after)
        }
        (Err(error), Ok(Seen::Unchanged(after, _))) => {
            let why = format!("{error}; reading back, more than once, shows that nothing changed");
            Settled {
                after,
                ..failed(act, &error, why)
            }
        }
        (Ok(()), Ok(Seen::InPart(after, why))) => settled(Status::Partial, Some(why), after),
        (Err(error), Ok(Seen::InPart(after, why))) => Settled {
            stops: !error.is_refusal(),
            ..settled(Status::Partial, Some(format!("{why}; {error}")), after)
        },
        (Ok(()), Ok(Seen::Otherwise(after, why))) => settled(Status::Failed, Some(why), after),
        (Err(error), Ok(Seen::Otherwise(after, why))) => Settled {
            stops: !error.is_refusal(),
            ..settled(Status::Failed, Some(format!("{error}; {why}")), after)
        },
        (Ok(()), Err(unread)) => settled(
            Status::Unknown,
            Some(format!("accepted, but reading back failed ({unread})")),
            Value::Null,
        ),
        (Err(error), Err(unread)) => settled(
            Status::Unknown,
            Some(format!("{error}; reading back failed too ({unread})")),
            Value::Null,
        ),
    }
}

/// A step that was not made.
fn failed(act: &dyn Act, error: &ProviderError, why: String) -> Settled {
    Settled {
        status: Status::Failed,
        detail: Some(why),
        after: Value::Null,
        by_hand: by_hand(act, error),
        stops: !error.is_refusal(),
    }
}

/// Returns the place where a person does what a system does not let this server do, where the system refused it.
pub(in crate::access) fn by_hand(act: &dyn Act, error: &ProviderError) -> Option<&'static str> {
    if !error.is_refusal() {
        return None;
    }
    Some(match (error, act.system()) {
        (ProviderError::AtlassianAccounts(refusal), _) => refusal.surface,
        (_, "atlassian_scim") => "admin.atlassian.com (Directory)",
        (_, "statusapp") => "the StatusApp dashboard (Team)",
        _ => "manage.statuspage.io",
    })
}

/// Returns whether there is nothing to look for. A DELETE that was sent again and finds nothing may have done it the first time;
/// what exists already may be exactly what was wanted.
fn surely_not_made(error: &ProviderError) -> bool {
    !error.effect_unknown()
        && !error.is_not_found()
        && !matches!(error, ProviderError::AlreadyExists { .. })
}
