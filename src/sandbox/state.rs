//! Everything a sandbox holds, and the order in which a request meets it: log, key, window, faults, handler.

use std::time::Duration;

use axum::http::HeaderMap;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::time::Instant;

use super::{
    auth,
    call::Call,
    faults::{Fault, Faults, Switchboard},
    reply::{Refusal, Reply},
    report::{Entry, Log, Report, Request},
    settings::{RejectedCalls, Rejection, RetryAfter, Settings},
    statuspage, time,
    window::Window,
    world::World,
};

/// The whole of a sandbox, behind one lock.
#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) url: String,
    pub(super) world: World,
    pub(super) faults: Switchboard,
    pub(super) log: Log,
    /// The world before the last write, and until when reads still show it.
    past: Option<(Instant, World)>,
    started: Instant,
    window: Window,
    /// One unpaginated list a minute.
    bucket: Window,
    unpaginated_hits: u64,
    unauthenticated: u64,
    /// Counts errors, to take turns with their statuses and shapes.
    turn: u64,
}

/// What becomes of a request once it is received.
#[derive(Debug)]
pub(super) enum Met {
    /// It is answered at the gate.
    Answer(Reply),
    /// It goes on, with what will happen to it.
    Handle(Option<Fault>),
}

impl State {
    pub(super) fn new(settings: Settings, url: String) -> Self {
        let slots = settings.rejected_calls;
        Self {
            world: World::seeded(&settings),
            url,
            faults: Switchboard::new(),
            log: Log::default(),
            past: None,
            started: time::now(),
            window: Window::new(settings.requests_per_window, settings.window, slots),
            bucket: Window::new(1, settings.window, RejectedCalls::AreFree),
            unpaginated_hits: 0,
            unauthenticated: 0,
            turn: 0,
            settings,
        }
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new(self.settings.clone(), std::mem::take(&mut self.url));
    }

    /// Switches faults; reads show the present again.
    pub(super) fn set_faults(&mut self, faults: Faults) {
        self.past = None;
        self.faults.set(faults);
    }

    /// A request has arrived: this moment is what limits count by.
    pub(super) fn receive(&mut self, call: &Call, headers: &HeaderMap) -> (Entry, Met) {
        let now = time::now();
        let at = now.saturating_duration_since(self.started).as_millis();
        let request = Request {
            method: call.method.to_string(),
            target: call.target.clone(),
            body: String::from_utf8_lossy(&call.body).into_owned(),
            status: None,
            fault: None,
            at_ms: u64::try_from(at).unwrap_or(u64::MAX),
        };
        let entry = self.log.receive(request, "statuspage");
        if !auth::statuspage(headers, call, &self.settings.api_key) {
            self.unauthenticated += 1;
            return (entry, Met::Answer(self.refuse(Refusal::unauthenticated())));
        }
        let unpaginated = statuspage::paging::lacks_paging(call);
        self.unpaginated_hits += u64::from(unpaginated);
        let mut admitted = self.window.receive(now);
        if admitted.is_ok() && unpaginated && statuspage::paging::is_costly(call) {
            admitted = self.bucket.receive(now);
        }
        if let Err(wait) = admitted {
            return (entry, Met::Answer(self.reject(wait)));
        }
        let fault = self.faults.draw(call);
        if let Some(fault) = fault {
            self.log.fault(entry, fault);
        }
        (entry, self.spoil(fault))
    }

    /// Faults that end a request before it is handled.
    fn spoil(&mut self, fault: Option<Fault>) -> Met {
        Met::Answer(match fault {
            Some(Fault::Status500) => self.refuse(Refusal::new(500, "Internal server error")),
            Some(Fault::Status502) => self.refuse(Refusal::new(502, "Bad gateway")),
            Some(Fault::Status503) => self.refuse(Refusal::new(503, "Service unavailable")),
            Some(Fault::HtmlErrorPage) => Reply::html(502),
            Some(Fault::RateLimited) => self.reject(self.settings.window),
            Some(Fault::Unauthenticated) => self.refuse(Refusal::unauthenticated()),
            Some(Fault::Forbidden) => self.refuse(Refusal::forbidden()),
            other => return Met::Handle(other),
        })
    }

    /// Does what the request asks.
    pub(super) fn handle(&mut self, call: &Call, fault: Option<Fault>) -> Reply {
        let ignore_page = fault == Some(Fault::IgnorePage);
        let now = time::now();
        let answer = match &mut self.past {
            Some((until, past)) if call.method.is_safe() && now < *until => {
                statuspage::route(&mut statuspage::Cx {
                    call,
                    world: past,
                    settings: &self.settings,
                    ignore_page,
                })
            }
            _ => {
                let delay = Duration::from_millis(self.faults.on.stale_reads_ms);
                self.past = (!call.method.is_safe() && !delay.is_zero())
                    .then(|| (now + delay, self.world.clone()));
                let world = &mut self.world;
                statuspage::route(&mut statuspage::Cx {
                    call,
                    world,
                    settings: &self.settings,
                    ignore_page,
                })
            }
        };
        answer.unwrap_or_else(|refusal| self.refuse(refusal))
    }

    fn refuse(&mut self, refusal: Refusal) -> Reply {
        self.turn += 1;
        refusal.into_reply(self.settings.error_shape, self.turn)
    }

    fn reject(&mut self, wait: Duration) -> Reply {
        self.turn += 1;
        let status = match (self.settings.rejection, self.turn % 2) {
            (Rejection::Status420, _) | (Rejection::Both, 0) => 420,
            _ => 429,
        };
        let reply = Refusal::new(status, "You have exceeded the rate limit.")
            .into_reply(self.settings.error_shape, self.turn);
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        match self.settings.retry_after {
            RetryAfter::Absent => reply,
            RetryAfter::Seconds => reply.with("retry-after", seconds.to_string()),
            RetryAfter::Date => {
                // A date has whole seconds: one more, so that it is not before the slot is free.
                let at = time::wall()
                    .checked_add(Duration::from_secs(seconds + 1))
                    .unwrap_or(jiff::Timestamp::MAX);
                let date = DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&at)
                    .unwrap_or_default();
                reply.with("retry-after", date)
            }
        }
    }

    pub(super) fn report(&self) -> Report {
        Report {
            requests: self.log.total(),
            by_system: self.log.by_system.clone(),
            by_status: self.log.by_status.clone(),
            writes: self
                .world
                .writes
                .iter()
                .map(|(kind, times)| ((*kind).to_owned(), *times))
                .collect(),
            mails: self.world.mails.clone(),
            most_in_window: self.window.most(),
            rejected: self.window.rejected() + self.bucket.rejected(),
            unpaginated_hits: self.unpaginated_hits,
            unauthenticated: self.unauthenticated,
            faults: self.faults.happened.clone(),
        }
    }
}
