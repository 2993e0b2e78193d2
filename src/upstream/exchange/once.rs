//! One slot, one sending, and what came of it.

use std::sync::PoisonError;
use std::time::Duration;

use reqwest::Method;

use super::Request;
use crate::upstream::classify::classify;
use crate::upstream::counters::millis;
use crate::upstream::inner::Inner;
use crate::upstream::reported::Reported;
use crate::upstream::retry_after::retry_after;
use crate::upstream::wire::{Failure, Raw};
use crate::upstream::{Cx, Error};

/// The longest that a 503's `Retry-After` is waited for.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// One sending that was not a success.
pub(super) enum Setback {
    /// 420 or 429: not executed.
    TooMany(Duration),
    /// Anything else.
    Failed {
        error: Error,
        /// True when the network or the upstream failed, and not the request itself.
        passing: bool,
        /// True when the request may have been executed.
        unsure: bool,
        /// The least time to wait before trying again.
        wait: Option<Duration>,
    },
}

impl Inner {
    /// One slot, one sending. The outer error is that there was none.
    pub(super) async fn once(
        &self,
        cx: &Cx,
        request: &Request,
        url: url::Url,
    ) -> Result<Result<Raw, Setback>, Error> {
        let slot = self.budget.slot(cx).await?;
        let waited = slot.waited;
        self.tally.sent(waited);
        let began = self.clock.monotonic();
        let timeout = self.timeout(cx, request, began);
        let sent = self
            .wire
            .send(request.method.clone(), url, request.body.clone(), timeout)
            .await;
        match &sent {
            Err(Failure::NotSent(_) | Failure::Unsendable(_)) => slot.withdraw().await,
            Ok(_) | Err(Failure::Lost { .. } | Failure::TooLong) => slot.answered().await,
        }
        let status = sent.as_ref().ok().map(|raw| raw.status);
        self.tally.ended(self.clock.now(), status);
        let span = tracing::Span::current();
        span.record("http.response.status_code", status);
        span.record("waited_ms", millis(waited));
        tracing::debug!(
            system = self.settings.system,
            key = self.fingerprint,
            method = %request.method,
            path = request.path.for_log(),
            status,
            duration_ms = millis(self.clock.monotonic().saturating_sub(began)),
            waited_ms = millis(waited),
            "request"
        );
        match sent {
            Ok(raw) => {
                self.heed(&raw).await;
                Ok(self.judge(raw).await)
            }
            Err(failure) => Ok(Err(self.setback(cx, request, failure))),
        }
    }

    /// A read need not outlast its caller. A write is given its time: cut off, its effect would be unknown.
    fn timeout(&self, cx: &Cx, request: &Request, now: Duration) -> Duration {
        let total = self.settings.total_timeout;
        match cx.deadline {
            Some(deadline) if request.is_read() => total.min(deadline.saturating_sub(now)),
            _ => total,
        }
    }

    /// The upstream's own count, where we believe it.
    async fn heed(&self, raw: &Raw) {
        let Some(reported) = self.reported(raw) else {
            return;
        };
        *self.reported.lock().unwrap_or_else(PoisonError::into_inner) = Some(reported);
        if let Some(pause) = reported.pause(self.clock.now()) {
            told(self.budget.pause(pause).await);
        }
    }

    fn reported(&self, raw: &Raw) -> Option<Reported> {
        self.settings
            .follow_headers
            .then(|| Reported::read(&raw.headers))
            .flatten()
    }

    async fn judge(&self, raw: Raw) -> Result<Raw, Setback> {
        let now = self.clock.now();
        match raw.status {
            200..=299 => Ok(raw),
            420 | 429 => {
                let reset = || self.reported(&raw)?.pause(now);
                let asked = retry_after(&raw.headers, now).or_else(reset);
                let pause = asked.unwrap_or(self.settings.limits.window);
                self.tally.rejected();
                tracing::info!(
                    system = self.settings.system,
                    key = self.fingerprint,
                    pause_ms = millis(pause),
                    "the upstream rejected a request as one too many: every sharer of the key pauses"
                );
                told(self.budget.rejected(pause).await);
                Err(Setback::TooMany(pause))
            }
            _ => {
                let error = classify(self.settings.system, &self.settings.credential, &raw);
                let broke = matches!(error, Error::Broke { .. });
                let wait = retry_after(&raw.headers, now).map(|wait| wait.min(MAX_BACKOFF));
                Err(Setback::Failed {
                    error,
                    passing: broke,
                    unsure: broke,
                    wait,
                })
            }
        }
    }

    fn setback(&self, cx: &Cx, request: &Request, failure: Failure) -> Setback {
        let system = self.settings.system;
        let over = cx
            .deadline
            .is_some_and(|deadline| deadline <= self.clock.monotonic());
        let (error, passing, unsure) = match failure {
            Failure::Unsendable(why) => (Error::Unsendable { why }, false, false),
            Failure::NotSent(why) => (Error::NotReached { system, why }, true, false),
            Failure::Lost { .. } if request.is_read() && over => (
                Error::DeadlinePassed {
                    retry_after: Duration::ZERO,
                },
                false,
                true,
            ),
            Failure::Lost { why, .. } if request.is_read() => {
                (Error::NotReached { system, why }, true, true)
            }
            Failure::Lost { why, late } => (
                Error::AnswerLost {
                    system,
                    method: name(&request.method),
                    why,
                    late,
                },
                true,
                true,
            ),
            Failure::TooLong => {
                let why = format!("expected at most {} bytes", self.settings.max_body);
                (
                    Error::Unreadable {
                        system,
                        place: ".".to_owned(),
                        why,
                    },
                    false,
                    true,
                )
            }
        };
        Setback::Failed {
            error,
            passing,
            unsure,
            wait: None,
        }
    }
}

/// A pause that cannot be shared does not undo the answer that asked for it; the next slot will fail with the same error.
fn told(result: Result<(), Error>) {
    if let Err(error) = result {
        tracing::warn!(%error, "cannot tell the sharers of the key to pause");
    }
}

fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        _ => "DELETE",
    }
}
