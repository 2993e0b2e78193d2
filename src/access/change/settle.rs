//! How a step ended: what the system said of the write, and what reading back shows.

use std::time::Duration;

use serde_json::Value;

use crate::access::Access;
use crate::access::change::act::{Act, Seen};
use crate::access::change::report::Status;
use crate::providers::ProviderError;
use crate::upstream::Cx;

impl Access {
    /// What a write came to, as far as reading back can tell.
    pub(in crate::access) async fn settle(
        &self,
        act: &dyn Act,
        cx: &Cx,
        written: Result<(), ProviderError>,
    ) -> (Status, Option<String>, Value) {
        if let Err(error) = &written
            && surely_not_made(error)
        {
            return (Status::Failed, Some(error.to_string()), Value::Null);
        }
        let mut seen = act.see(cx).await;
        if matches!(seen, Ok(Seen::Unchanged(..))) {
            // Read-after-write delay is not documented; a second look a second later costs one request, only here.
            self.clock().sleep(Duration::from_secs(1)).await;
            seen = act.see(cx).await;
        }
        match (written, seen) {
            (Ok(()), Ok(Seen::AsWanted(after))) => (Status::Applied, None, after),
            (Err(ProviderError::AlreadyExists { .. }), Ok(Seen::AsWanted(after))) => (
                Status::Already,
                Some("somebody else added it in the meantime".to_owned()),
                after,
            ),
            // What leaves no trace is known by the answer alone, and there was none.
            (Err(error), Ok(Seen::AsWanted(after) | Seen::AsWantedAnd(after, _)))
                if !act.leaves_trace() =>
            {
                (
                    if error.effect_unknown() {
                        Status::Unknown
                    } else {
                        Status::Failed
                    },
                    Some(format!(
                        "{error}; reading back cannot show whether it was made"
                    )),
                    after,
                )
            }
            (Err(error), Ok(Seen::AsWanted(after))) => (
                Status::Applied,
                Some(format!("{error}; reading back shows that it was made")),
                after,
            ),
            (Ok(()), Ok(Seen::AsWantedAnd(after, besides))) => {
                (Status::Applied, Some(besides), after)
            }
            (Err(error), Ok(Seen::AsWantedAnd(after, besides))) => (
                Status::Applied,
                Some(format!(
                    "{error}; reading back shows that it was made; {besides}"
                )),
                after,
            ),
            (Ok(()), Ok(Seen::Unchanged(after, why))) => (Status::NoEffect, Some(why), after),
            (Err(error @ ProviderError::AlreadyExists { .. }), Ok(Seen::Unchanged(after, why))) => {
                (Status::Failed, Some(format!("{error}; {why}")), after)
            }
            (Err(error), Ok(Seen::Unchanged(after, _))) => (
                if error.effect_unknown() {
                    Status::Unknown
                } else {
                    Status::Failed
                },
                Some(format!("{error}; reading back shows no change so far")),
                after,
            ),
            (Ok(()), Ok(Seen::InPart(after, why))) => (Status::Partial, Some(why), after),
            (Err(error), Ok(Seen::InPart(after, why))) => {
                (Status::Partial, Some(format!("{why}; {error}")), after)
            }
            (Ok(()), Ok(Seen::Otherwise(after, why))) => (Status::Failed, Some(why), after),
            (Err(error), Ok(Seen::Otherwise(after, why))) => {
                (Status::Failed, Some(format!("{error}; {why}")), after)
            }
            (Ok(()), Err(unread)) => (
                Status::Unknown,
                Some(format!(
                    "accepted, but reading back failed ({unread}): read the current state before you ask again"
                )),
                Value::Null,
            ),
            (Err(error), Err(unread)) => (
                Status::Unknown,
                Some(format!(
                    "{error}; reading back failed too ({unread}): read the current state before you ask again"
                )),
                Value::Null,
            ),
        }
    }
}

/// Whether there is nothing to look for. A DELETE that was sent again and finds nothing may have done it the first time;
/// what exists already may be exactly what was wanted.
fn surely_not_made(error: &ProviderError) -> bool {
    !error.effect_unknown()
        && !error.is_not_found()
        && !matches!(error, ProviderError::AlreadyExists { .. })
}
