//! The log of what the sandbox received, by which a test asserts what was sent and what was not.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::faults::Fault;

/// Requests kept in the log; later ones are counted only, so that a long soak does not fill the memory.
const LOG: usize = 100_000;

/// Totals since the start or the last reset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Requests received by the three APIs, also those refused, rejected or cut.
    pub requests: u64,
    /// Requests by API: `statuspage`, `atlassian_scim`, `statusapp`.
    pub by_system: BTreeMap<String, u64>,
    /// Answers by status. Requests without an answer are missing here.
    pub by_status: BTreeMap<u16, u64>,
    /// Changes that happened, by kind: `viewer_created`, `permissions_replaced`, …
    pub writes: BTreeMap<String, u64>,
    /// Mails that the real service would have sent to people.
    pub mails: Vec<Mail>,
    /// Messages that are no mail: calls of webhooks, texts, posts to channels.
    pub notifications: Vec<Notification>,
    /// The most Statuspage requests received in any one window, also rejected ones.
    pub most_in_window: usize,
    /// Statuspage requests rejected because the window was full: a client with an exact budget has none.
    pub rejected: u64,
    /// List requests without both paging parameters.
    pub unpaginated_hits: u64,
    /// Requests with a missing or wrong key.
    pub unauthenticated: u64,
    /// Faults that happened.
    pub faults: BTreeMap<Fault, u64>,
}

/// A mail that somebody would have received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The reason: `viewer_password`, `subscription_confirmation`, `unsubscribed`, `invitation`.
    pub why: &'static str,
}

/// A message other than a mail that somebody or something would have received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notification {
    /// `sms`, `webhook`, `slack`, `teams`, `integration_partner`.
    pub channel: &'static str,
    /// The subscriber.
    pub to: String,
    /// About what: `incident`, `component_status`, `postmortem`.
    pub why: &'static str,
}

/// One request as it was received. Headers are not kept, so that no key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The body as text; empty without one.
    pub body: String,
    /// The status answered; absent where no answer was sent.
    pub status: Option<u16>,
    /// The fault that happened to it.
    pub fault: Option<Fault>,
    /// When it was received, in milliseconds since the start.
    pub at_ms: u64,
}

/// The requests and their totals.
#[derive(Debug, Default)]
pub(super) struct Log {
    kept: Vec<Request>,
    total: u64,
    pub(super) by_system: BTreeMap<String, u64>,
    pub(super) by_status: BTreeMap<u16, u64>,
}

/// A place in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry(usize);

impl Log {
    pub(super) fn receive(&mut self, request: Request, system: &str) -> Entry {
        self.total += 1;
        *self.by_system.entry(system.to_owned()).or_default() += 1;
        if self.kept.len() < LOG {
            self.kept.push(request);
            return Entry(self.kept.len() - 1);
        }
        Entry(usize::MAX)
    }

    pub(super) fn fault(&mut self, entry: Entry, fault: Fault) {
        if let Some(request) = self.kept.get_mut(entry.0) {
            request.fault = Some(fault);
        }
    }

    pub(super) fn answered(&mut self, entry: Entry, status: u16) {
        *self.by_status.entry(status).or_default() += 1;
        if let Some(request) = self.kept.get_mut(entry.0) {
            request.status = Some(status);
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.kept.clone()
    }

    /// As JSON, for the control API.
    pub(super) fn to_value(&self) -> Value {
        serde_json::to_value(&self.kept).unwrap_or_default()
    }
}
