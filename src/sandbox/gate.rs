//! The order in which a request meets the sandbox before it is handled: log, key, limit, faults.

use std::time::Duration;

use axum::http::HeaderMap;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::{
    auth::{System, acting},
    call::Call,
    faults::Fault,
    reply::{Refusal, Reply},
    report::{Entry, Request},
    scim,
    settings::{Rejection, RetryAfter},
    state::State,
    statusapp, statuspage, time,
    world::Role,
};

/// The outcome of the checks before a request is handled.
#[derive(Debug)]
pub(super) enum Met {
    /// It is answered at the gate.
    Answer(Reply),
    /// It goes on, with whom it acts for and with what will happen to it.
    Handle(Role, Option<Fault>),
}

impl State {
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
        let system = System::of(call);
        let entry = self.log.receive(request, system.name());
        let Some(role) = acting(system, headers, call, &self.settings) else {
            self.unauthenticated += 1;
            return (
                entry,
                Met::Answer(self.refuse(system, 401, "Could not authenticate")),
            );
        };
        if let Err(reply) = self.admit(system, call) {
            return (entry, Met::Answer(reply));
        }
        let fault = self.faults.draw(call);
        if let Some(fault) = fault {
            self.log.fault(entry, fault);
        }
        let outcome = match self.spoil(system, fault) {
            Some(reply) => Met::Answer(reply),
            None => Met::Handle(role, fault),
        };
        (entry, outcome)
    }

    /// Counts the request against the limit of its system.
    fn admit(&mut self, system: System, call: &Call) -> Result<(), Reply> {
        let now = time::now();
        match system {
            // No limit is documented.
            System::AtlassianScim => Ok(()),
            System::StatusApp if self.hour.receive(now) => Ok(()),
            System::StatusApp => Err(self.refuse(system, 429, "Rate limit exceeded")),
            System::Statuspage => {
                let unpaginated = statuspage::paging::lacks_paging(call);
                self.unpaginated_hits += u64::from(unpaginated);
                let mut admitted = self.window.receive(now);
                if admitted.is_ok() && unpaginated && statuspage::paging::is_costly(call) {
                    admitted = self.bucket.receive(now);
                }
                admitted.map_err(|wait| self.reject(wait))
            }
        }
    }

    /// Faults that end a request before it is handled.
    fn spoil(&mut self, system: System, fault: Option<Fault>) -> Option<Reply> {
        Some(match fault? {
            Fault::Status500 => self.refuse(system, 500, "Internal server error"),
            Fault::Status502 => self.refuse(system, 502, "Bad gateway"),
            Fault::Status503 => self.refuse(system, 503, "Service unavailable"),
            Fault::HtmlErrorPage => Reply::html(502),
            Fault::RateLimited if system == System::Statuspage => self.reject(self.settings.window),
            Fault::RateLimited => self
                .refuse(system, 429, "Rate limit exceeded")
                .with("retry-after", "60".to_owned()),
            Fault::Unauthenticated => self.refuse(system, 401, "Could not authenticate"),
            Fault::Forbidden => self.refuse(
                system,
                403,
                "You are not authorized to access this resource.",
            ),
            _ => return None,
        })
    }

    /// A refusal in the words of its system.
    fn refuse(&mut self, system: System, status: u16, text: &str) -> Reply {
        match (system, status) {
            (System::Statuspage, _) => self.shape(Refusal::new(status, text)),
            (System::AtlassianScim, 401 | 403) => scim::failure(status, text),
            (System::AtlassianScim, _) => scim::scim_error(status, "", text),
            (System::StatusApp, _) => self
                .hour
                .mark(statusapp::refusal(status, text), time::now()),
        }
    }

    /// Statuspage's 420 or 429.
    fn reject(&mut self, wait: Duration) -> Reply {
        let reply = self.shape(Refusal::new(420, "You have exceeded the rate limit."));
        let status = match (self.settings.rejection, self.turn % 2) {
            (Rejection::Status420, _) | (Rejection::Both, 0) => 420,
            _ => 429,
        };
        let reply = Reply { status, ..reply };
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

    /// An error of Statuspage's, in the shape that is set.
    pub(super) fn shape(&mut self, refusal: Refusal) -> Reply {
        self.turn += 1;
        refusal.into_reply(self.settings.error_shape, self.turn)
    }
}
