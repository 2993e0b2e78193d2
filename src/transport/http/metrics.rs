//! The counters in Prometheus' text format. Written by hand: a dozen lines of format against two dependencies with a global registry.
//!
//! Labels are names of tools, systems and reasons, all of them ours: no address, no argument, no caller.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::sync::atomic::Ordering;

use super::gate::Gate;
use crate::memory::What;

/// A text that grows.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.0,
            "# HELP status_roster_{name} {help}\n# TYPE status_roster_{name} {kind}"
        );
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        let _ = writeln!(self.0, "status_roster_{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }
}

/// Everything there is to see.
pub(super) async fn render(gate: &Gate) -> String {
    let mut page = Page(String::with_capacity(8 * 1024));
    page.head("info", "gauge", "The version that runs.");
    page.line("info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    calls(&mut page, gate);
    doors(&mut page, gate);
    memory(&mut page, gate);
    systems(&mut page, gate).await;
    page.0
}

fn calls(page: &mut Page, gate: &Gate) {
    let counts = gate.catalogue.tally().so_far();
    let mut by_end: BTreeMap<(&str, &str), (u64, f64)> = BTreeMap::new();
    for (tool, how, count) in &counts {
        let sum = by_end.entry((tool, how.word())).or_default();
        sum.0 += count.calls;
        sum.1 += count.took.as_secs_f64();
    }
    page.head("calls_total", "counter", "Tool calls by tool and outcome.");
    for ((tool, outcome), (calls, _)) in &by_end {
        page.line(
            "calls_total",
            &[("tool", tool), ("outcome", outcome)],
            calls,
        );
    }
    page.head(
        "call_seconds_total",
        "counter",
        "Seconds that these calls took together.",
    );
    for ((tool, outcome), (_, seconds)) in &by_end {
        page.line(
            "call_seconds_total",
            &[("tool", tool), ("outcome", outcome)],
            seconds,
        );
    }
    page.head(
        "refusals_total",
        "counter",
        "Tool calls refused, by reason.",
    );
    for (tool, how, count) in counts.iter().filter(|(_, how, _)| !how.reason().is_empty()) {
        let labels = [("tool", *tool), ("reason", how.reason())];
        page.line("refusals_total", &labels, count.calls);
    }
    let (running, waiting) = gate.catalogue.load();
    page.one("calls_running", "gauge", "Calls that run now.", running);
    page.one(
        "calls_waiting",
        "gauge",
        "Calls that wait for others to end.",
        waiting,
    );
}

fn doors(page: &mut Page, gate: &Gate) {
    let sessions = gate.sessions.count();
    page.one(
        "sessions",
        "gauge",
        "Sessions of the older protocol.",
        sessions,
    );
    page.one(
        "http_direct_answers_total",
        "counter",
        "Reads of 2026-07-28 that were answered without the protocol library.",
        gate.answered_directly.load(Ordering::Relaxed),
    );
    page.head(
        "http_refusals_total",
        "counter",
        "HTTP requests turned away before any tool, by reason.",
    );
    let refused = gate
        .refused
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .clone();
    for (reason, count) in refused {
        page.line("http_refusals_total", &[("reason", reason)], count);
    }
}

fn memory(page: &mut Page, gate: &Gate) {
    page.head(
        "memory_bytes",
        "gauge",
        "What is kept in memory for clients, by what it is.",
    );
    let memory = gate.access.memory();
    for what in What::ALL {
        page.line("memory_bytes", &[("of", what.word())], memory.taken(what));
    }
    page.line("memory_bytes", &[("of", "bodies")], gate.bodies.taken());
    page.one(
        "memory_limit_bytes",
        "gauge",
        "The bound for what is kept; bodies of requests have their own.",
        memory.most(),
    );
}

async fn systems(page: &mut Page, gate: &Gate) {
    let gauges = gate.access.gauges().await;
    type Value = fn(&crate::access::Gauge) -> Option<f64>;
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts below 2^52, and a gauge needs no last digit"
    )]
    let rows: [(&str, &str, &str, Value); 8] = [
        (
            "upstream_requests_total",
            "counter",
            "Requests sent, retries included.",
            |it| Some(it.counters.requests as f64),
        ),
        (
            "upstream_retries_total",
            "counter",
            "Requests sent again after a failure.",
            |it| Some(it.counters.retries as f64),
        ),
        (
            "upstream_rate_limited_total",
            "counter",
            "Answers 420 and 429.",
            |it| Some(it.counters.rate_limited as f64),
        ),
        (
            "upstream_wait_seconds_total",
            "counter",
            "Seconds that requests waited for a slot of the window.",
            |it| Some(it.counters.waited_ms as f64 / 1000.0),
        ),
        (
            "upstream_queue",
            "gauge",
            "Requests that wait for a slot now.",
            |it| Some(it.waiting as f64),
        ),
        (
            "window_used",
            "gauge",
            "Slots of the key's window that are taken.",
            |it| Some(f64::from(it.usage?.used)),
        ),
        (
            "window_limit",
            "gauge",
            "Slots of the key's window.",
            |it| Some(f64::from(it.usage?.limit)),
        ),
        (
            "window_paused_seconds",
            "gauge",
            "How long the system has told the key to wait yet.",
            |it| Some(it.usage?.paused_for.map_or(0.0, |it| it.as_secs_f64())),
        ),
    ];
    for (name, kind, help, value) in rows {
        page.head(name, kind, help);
        for gauge in &gauges {
            if let Some(value) = value(gauge) {
                page.line(name, &[("system", gauge.system)], value);
            }
        }
    }
    page.head(
        "snapshot_age_seconds",
        "gauge",
        "Age of the newest roster in memory.",
    );
    if let Some(age) = gate.access.snapshot_age() {
        page.line("snapshot_age_seconds", &[], age.as_secs_f64());
    }
}
