//! The counters in Prometheus' text format, read from where they are counted at each scrape.
//!
//! Labels are names of tools, systems and reasons, all of them ours: no address, no argument, no caller.

mod page;

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use prometheus_client::metrics::MetricType::{self, Counter, Gauge};

use self::page::{Labels, Number, Page};
use super::gate::Gate;
use crate::memory::What;

pub(super) use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;

/// Reads all metrics and writes them.
pub(super) async fn render(gate: &Gate) -> String {
    let mut page = Page::default();
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    page.add(
        "info",
        Gauge,
        "The version that runs.",
        [(version, Number::Whole(1))],
    );
    calls(&mut page, gate);
    http(&mut page, gate);
    memory(&mut page, gate);
    systems(&mut page, gate).await;
    page.text()
}

fn calls(page: &mut Page, gate: &Gate) {
    let counts = gate.catalogue.tally().so_far();
    let mut by_end: BTreeMap<(&'static str, &'static str), (u64, f64)> = BTreeMap::new();
    for (tool, how, count) in &counts {
        let sum = by_end.entry((tool, how.word())).or_default();
        sum.0 += count.calls;
        sum.1 += count.took.as_secs_f64();
    }
    let of = |(tool, outcome): &(&'static str, &'static str)| -> Labels {
        vec![("tool", tool), ("outcome", outcome)]
    };
    page.add(
        "calls",
        Counter,
        "Tool calls by tool and outcome.",
        by_end
            .iter()
            .map(|(end, (calls, _))| (of(end), Number::Whole(*calls))),
    );
    page.add(
        "call_seconds",
        Counter,
        "Seconds that these calls took together.",
        by_end
            .iter()
            .map(|(end, (_, seconds))| (of(end), Number::Real(*seconds))),
    );
    let refused = counts
        .iter()
        .filter(|(_, how, _)| !how.reason().is_empty())
        .map(|(tool, how, count)| {
            let labels = vec![("tool", *tool), ("reason", how.reason())];
            (labels, Number::Whole(count.calls))
        });
    page.add(
        "refusals",
        Counter,
        "Tool calls refused, by reason.",
        refused,
    );
    let (running, waiting) = gate.catalogue.load();
    page.one("calls_running", Gauge, "Calls that run now.", running);
    page.one(
        "calls_waiting",
        Gauge,
        "Calls that wait for others to end.",
        waiting,
    );
}

fn http(page: &mut Page, gate: &Gate) {
    page.one(
        "sessions",
        Gauge,
        "Sessions of the older protocol.",
        gate.sessions.count(),
    );
    let direct = gate.answered_directly.load(Ordering::Relaxed);
    page.add(
        "http_direct_answers",
        Counter,
        "Reads of 2026-07-28 that were answered without the protocol library.",
        [(Labels::new(), Number::Whole(direct))],
    );
    let refused = gate.refused.lock().unwrap_or_else(PoisonError::into_inner);
    page.add(
        "http_refusals",
        Counter,
        "HTTP requests turned away before any tool, by reason.",
        refused
            .iter()
            .map(|(reason, count)| (vec![("reason", *reason)], Number::Whole(*count))),
    );
}

fn memory(page: &mut Page, gate: &Gate) {
    let memory = gate.access.memory();
    let kinds = What::ALL.map(|what| (what.word(), memory.taken(what)));
    let bodies = ("bodies", gate.bodies.taken());
    page.add(
        "memory_bytes",
        Gauge,
        "What is kept in memory for clients, by what it is.",
        kinds
            .into_iter()
            .chain([bodies])
            .map(|(of, bytes)| (vec![("of", of)], bytes.into())),
    );
    page.one(
        "memory_limit_bytes",
        Gauge,
        "The bound for what is kept; bodies of requests have their own.",
        memory.most(),
    );
}

async fn systems(page: &mut Page, gate: &Gate) {
    use Number::{Real, Whole};
    type Value = fn(&crate::access::Gauge) -> Option<Number>;
    let gauges = gate.access.gauges().await;
    let rows: [(&'static str, MetricType, &'static str, Value); 8] = [
        (
            "upstream_requests",
            Counter,
            "Requests sent, retries included.",
            |it| Some(Whole(it.counters.requests)),
        ),
        (
            "upstream_retries",
            Counter,
            "Requests sent again after a failure.",
            |it| Some(Whole(it.counters.retries)),
        ),
        (
            "upstream_rate_limited",
            Counter,
            "Answers 420 and 429.",
            |it| Some(Whole(it.counters.rate_limited)),
        ),
        (
            "upstream_wait_seconds",
            Counter,
            "Seconds that requests waited for a slot of the window.",
            |it| {
                let waited = std::time::Duration::from_millis(it.counters.waited_ms);
                Some(Real(waited.as_secs_f64()))
            },
        ),
        (
            "upstream_queue",
            Gauge,
            "Requests that wait for a slot now.",
            |it| Some(it.waiting.into()),
        ),
        (
            "window_used",
            Gauge,
            "Slots of the key's window that are taken.",
            |it| Some(Whole(it.usage?.used.into())),
        ),
        ("window_limit", Gauge, "Slots of the key's window.", |it| {
            Some(Whole(it.usage?.limit.into()))
        }),
        (
            "window_paused_seconds",
            Gauge,
            "How long the system has told the key to wait yet.",
            |it| {
                Some(Real(
                    it.usage?.paused_for.map_or(0.0, |it| it.as_secs_f64()),
                ))
            },
        ),
    ];
    for (name, kind, help, value) in rows {
        let values = gauges
            .iter()
            .filter_map(|gauge| Some((vec![("system", gauge.system)], value(gauge)?)));
        page.add(name, kind, help, values);
    }
    let age = gate.access.snapshot_age();
    page.add(
        "snapshot_age_seconds",
        Gauge,
        "Age of the newest roster in memory.",
        age.map(|age| (Labels::new(), Real(age.as_secs_f64()))),
    );
}
