//! A request until it has an answer that counts: slot, send, and again where that is safe.
//!
//! Guarantees: every sending has its own slot; 420 and 429 (never executed, whatever the method) wait and go again up to a bound;
//! other failures are tried again only for GET, PUT and DELETE, an answer to a GET that cannot be read among them. Once a write was sent and is of unknown effect, no later
//! event (a cancellation, a deadline, a refused connection, a refusal of the second sending) hides that.

mod once;

use std::time::Duration;

use reqwest::Method;
use tracing::Instrument as _;

use self::once::Setback;
use super::inner::Inner;
use super::retry::{backoff, is_idempotent};
use super::wire::Raw;
use super::{Cx, Error, Path, Write};

/// A server that says "wait a second" for ever is told apart from one that is busy.
const MAX_REJECTIONS: u32 = 5;

/// A request, kept so that it can be sent again.
#[derive(Debug)]
pub(super) struct Request {
    method: Method,
    path: Path,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    once: bool,
}

impl Request {
    pub(super) fn get(path: Path, query: Vec<(&'static str, String)>) -> Self {
        Self {
            method: Method::GET,
            path,
            query,
            body: None,
            once: false,
        }
    }

    pub(super) fn write(write: Write) -> Result<Self, Error> {
        let Write {
            method,
            path,
            query,
            body,
            once,
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
            once,
        })
    }

    fn can_be_repeated(&self) -> bool {
        is_idempotent(&self.method) && !self.once
    }

    fn is_read(&self) -> bool {
        self.method == Method::GET
    }
}

impl Inner {
    /// Sends a read until its answer can be read: a body that cannot be (the page of an edge, half an object, nothing) is asked for
    /// again as after a 5xx.
    pub(super) async fn read<T>(
        &self,
        cx: &Cx,
        request: &Request,
        read: impl Fn(&[u8]) -> Result<T, Error> + Sync,
    ) -> Result<T, Error> {
        let judge = |raw: Raw| {
            read(&raw.body).map_err(|error| Setback::Failed {
                error,
                passing: true,
                unsure: true,
                wait: None,
            })
        };
        self.send(cx, request, judge).await
    }

    pub(super) async fn exchange(&self, cx: &Cx, request: &Request) -> Result<Raw, Error> {
        self.send(cx, request, Ok).await
    }

    async fn send<T>(
        &self,
        cx: &Cx,
        request: &Request,
        judge: impl Fn(Raw) -> Result<T, Setback>,
    ) -> Result<T, Error> {
        let mut url = request.path.under(&self.settings.base_url)?;
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let transcript = cx.transcript.as_ref().filter(|_| request.is_read());
        // Without the host: the sandbox listens on another port in every process.
        let asked = format!(
            "{} {}",
            self.settings.system,
            &url[url::Position::BeforePath..]
        );
        if let Some(body) = transcript.and_then(|it| it.recall(&asked))
            && let Ok(answer) = judge(Raw::again(body))
        {
            return Ok(answer);
        }
        // A readable answer is kept for a call that continues the read.
        let judged = |raw: Raw| {
            let body = transcript.map(|_| raw.body.clone());
            let answer = judge(raw)?;
            if let (Some(transcript), Some(body)) = (transcript, body) {
                transcript.keep(&asked, self.clock.now(), &body);
            }
            Ok(answer)
        };
        let mut failures = 0;
        let mut rejections = 0;
        let mut stood_still = Duration::ZERO;
        // The error of the first sending whose effect is unknown.
        let mut unsure = None;
        loop {
            // No path: it holds ids, and a trace goes to whoever keeps traces.
            let span = tracing::trace_span!(
                "request",
                otel.kind = "client",
                upstream.system = self.settings.system,
                http.request.method = %request.method,
                http.response.status_code = tracing::field::Empty,
                waited_ms = tracing::field::Empty,
            );
            let once = self.once(cx, request, url.clone()).instrument(span);
            let setback = match once.await.map(|sent| sent.and_then(&judged)) {
                Ok(Ok(answer)) => return Ok(answer),
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
                        && (request.can_be_repeated() || !now_unsure);
                    if now_unsure && !request.is_read() {
                        unsure.get_or_insert_with(|| error.clone());
                    }
                    let pause = backoff(failures).max(wait.unwrap_or_default());
                    let error = match unsure.clone() {
                        // The upstream's word on this very request: what was deleted before cannot be found.
                        Some(first) if !matches!(error, Error::NotFound { .. }) => {
                            if passing {
                                first
                            } else {
                                first.then(&error)
                            }
                        }
                        _ => error,
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

    /// Returns whether the pause passed without the caller leaving or running out of time.
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
