//! A request until it has an answer that counts: slot, send, and again where that is safe.
//!
//! Guarantees: every sending has its own slot; 420 and 429 (never executed, whatever the method) wait and go again up to a bound;
//! other failures are tried again only for GET, PUT and DELETE. Once a write was sent and is of unknown effect, no later
//! event (a cancellation, a deadline, a refused connection) hides that.

use std::sync::PoisonError;
use std::time::Duration;

use reqwest::Method;

use super::classify::classify;
use super::client::Inner;
use super::counters::millis;
use super::reported::Reported;
use super::retry::{backoff, is_idempotent};
use super::retry_after::retry_after;
use super::wire::{Failure, Raw};
use super::{Cx, Error, Path, Write};

/// A server that says "wait a second" for ever is told apart from one that is busy.
const MAX_REJECTIONS: u32 = 5;

/// The longest that a 503's `Retry-After` is waited for.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// What is sent, as often as needed.
#[derive(Debug)]
pub(super) struct Request {
    method: Method,
    path: Path,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

/// One sending that was not a success.
enum Setback {
    /// 420 or 429: not executed.
    TooMany(Duration),
    /// Anything else.
    Failed {
        error: Error,
        /// Whether the network or the upstream failed, as against the request.
        passing: bool,
        /// Whether the request can have been executed.
        unsure: bool,
        /// The least time to wait before trying again.
        wait: Option<Duration>,
    },
}

impl Request {
    pub(super) fn get(path: Path, query: Vec<(&'static str, String)>) -> Self {
        Self {
            method: Method::GET,
            path,
            query,
            body: None,
        }
    }

    pub(super) fn write(write: Write) -> Result<Self, Error> {
        let Write {
            method,
            path,
            query,
            body,
        } = write;
        let body = body.map(|body| serde_json::to_vec(&body)).transpose();
        let body = body.map_err(|error| Error::Unsendable {
            why: error.to_string(),
        })?;
        Ok(Self {
            method,
            path,
            query,
            body,
        })
    }

    fn is_read(&self) -> bool {
        self.method == Method::GET
    }
}

impl Inner {
    pub(super) async fn exchange(&self, cx: &Cx, request: &Request) -> Result<Raw, Error> {
        let mut url = request.path.under(&self.settings.base_url)?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let mut failures = 0;
        let mut rejections = 0;
        let mut stood_still = Duration::ZERO;
        // What the first sending of unknown effect came to.
        let mut unsure = None;
        loop {
            let setback = match self.once(cx, request, url.clone()).await {
                Ok(Ok(raw)) => return Ok(raw),
                Ok(Err(setback)) => setback,
                Err(error) => return Err(unsure.unwrap_or(error)),
            };
            match setback {
                Setback::TooMany(pause) => {
                    rejections += 1;
                    stood_still += pause;
                    if rejections > MAX_REJECTIONS
                        || stood_still > self.settings.max_rate_limit_wait
                    {
                        let error = Error::RateLimited {
                            system: self.settings.system,
                            retry_after: pause,
                        };
                        return Err(unsure.unwrap_or(error));
                    }
                }
                Setback::Failed {
                    error,
                    passing,
                    unsure: now_unsure,
                    wait,
                } => {
                    let again = passing
                        && failures < self.settings.retries
                        // Without a connection nothing was sent, so anything can be sent again.
                        && (is_idempotent(&request.method) || !now_unsure);
                    if now_unsure && !request.is_read() {
                        unsure.get_or_insert_with(|| error.clone());
                    }
                    let pause = backoff(failures).max(wait.unwrap_or_default());
                    // A 4xx is the upstream's word on this very request, and the last one counts.
                    let error = if passing {
                        unsure.clone().unwrap_or(error)
                    } else {
                        error
                    };
                    if !again || !self.wait(cx, pause).await {
                        return Err(error);
                    }
                    failures += 1;
                    self.tally.retried();
                }
            }
        }
    }

    /// One slot, one sending. The outer error is that there was none.
    async fn once(
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
            Ok(_) | Err(Failure::Lost(_) | Failure::TooLong) => slot.answered().await,
        }
        let status = sent.as_ref().ok().map(|raw| raw.status);
        self.tally.ended(self.clock.now(), status);
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
            Failure::Lost(_) if request.is_read() && over => (
                Error::DeadlinePassed {
                    retry_after: Duration::ZERO,
                },
                false,
                true,
            ),
            Failure::Lost(why) if request.is_read() => {
                (Error::NotReached { system, why }, true, true)
            }
            Failure::Lost(why) => (
                Error::AnswerLost {
                    system,
                    method: name(&request.method),
                    why,
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

    /// Whether the pause passed without the caller leaving or running out of time.
    async fn wait(&self, cx: &Cx, pause: Duration) -> bool {
        let ends = self.clock.monotonic().saturating_add(pause);
        if cx.deadline.is_some_and(|deadline| ends >= deadline) {
            return false;
        }
        tokio::select! {
            () = cx.cancel.cancelled() => false,
            () = self.clock.sleep(pause) => true,
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
