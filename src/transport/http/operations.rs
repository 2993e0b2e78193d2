//! The endpoints for operators: health, readiness and metrics.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use serde_json::json;

use super::gate::Gate;
use super::metrics;
use super::refusal::Refusal;
use crate::caller::Scope;

/// The time for which a failed contact with a system makes the server unready. After it nothing is known, and the next call finds out:
/// without an end, a server that gets no traffic for being unready would never hear that its system is back.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Returns whether the process answers at all.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Returns whether calls can be carried out, by what the last ones met. No request is sent and no budget spent.
pub(super) async fn readyz(State(gate): State<Arc<Gate>>) -> Response {
    let stopping = gate.stopping.is_cancelled();
    let mut ready = !stopping;
    let now = gate.access.clock().now();
    let mut systems = Vec::new();
    for gauge in gate.access.gauges().await {
        let contact = gauge.contact;
        let failed = contact.is_some_and(|it| {
            let answered = it
                .status
                .is_some_and(|status| status < 500 && status != 401);
            !answered && now.duration_since(it.at).unsigned_abs() < REMEMBERED
        });
        ready &= !failed;
        systems.push(json!({
            "system": gauge.system,
            "reachable": contact.map(|_| !failed),
            "last_contact": contact.map(|it| it.at.to_string()),
            "last_status": contact.and_then(|it| it.status),
        }));
    }
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let found = json!({"ready": ready, "stopping": stopping, "systems": systems});
    (status, [(header::CACHE_CONTROL, "no-store")], Json(found)).into_response()
}

/// Prometheus metrics, for callers with the `admin` scope unless they are set open. Where nobody has to show who they are, every caller
/// has it; where they do, a proxy on this machine is no caller.
pub(super) async fn metrics(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let headers = request.headers();
    if let Err(refusal) = gate.allowed.check(request.uri(), headers) {
        return gate.refuse(&refusal, headers, &[]);
    }
    if !gate.settings.metrics_open {
        let admin = match gate.who(headers).await {
            Ok((caller, _)) if caller.scopes.contains(&Scope::Admin) => Ok(()),
            Ok(_) => Err(Refusal::ScopeMissing),
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = admin {
            return gate.refuse(&refusal, headers, &[Scope::Admin]);
        }
    }
    let text = metrics::render(&gate).await;
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

/// RFC 9728.
pub(super) async fn metadata(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let headers = request.headers();
    let found = gate.allowed.check(request.uri(), headers).and_then(|()| {
        let metadata = gate.signpost.metadata(request.uri().path(), headers);
        metadata.ok_or(Refusal::NoSuchPath)
    });
    found.unwrap_or_else(|refusal| gate.refuse(&refusal, headers, &[]))
}

/// Whatever is asked for elsewhere. It is said to strangers too: a client without a token looks for where to get one.
pub(super) async fn nothing_here(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    gate.refuse(&Refusal::NoSuchPath, request.headers(), &[])
}
