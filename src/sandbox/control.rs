//! The back door for tests that run the binary: look at the world, switch faults on, start again.

use serde_json::{Value, json};

use super::{call::Call, reply::Reply, seed::known, state::State};

/// The first path segment of everything that is not an upstream API.
pub(super) const PREFIX: &str = "__sandbox";

/// Answers a request under `/__sandbox/`. From other machines there is nothing there.
pub(super) fn answer(state: &mut State, call: &Call, nearby: bool) -> Reply {
    if !nearby {
        return Reply::nothing(404);
    }
    let rest: Vec<&str> = call
        .segments
        .iter()
        .skip(1)
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    match (call.method.as_str(), rest.as_slice()) {
        ("GET", []) => Reply::ok(about(state)),
        ("GET", ["report"]) => Reply::ok(serde_json::to_value(state.report()).unwrap_or_default()),
        ("GET", ["world"]) => Reply::ok(state.world.snapshot()),
        ("GET", ["requests"]) => Reply::ok(state.log.to_value()),
        ("GET", ["faults"]) => {
            Reply::ok(serde_json::to_value(&state.faults.on).unwrap_or_default())
        }
        ("PUT", ["faults"]) => match serde_json::from_slice(&call.body) {
            Ok(faults) => {
                state.set_faults(faults);
                Reply::nothing(204)
            }
            Err(why) => Reply::json(400, json!({ "error": why.to_string() })),
        },
        ("POST", ["reset"]) => {
            state.reset();
            Reply::nothing(204)
        }
        _ => Reply::nothing(404),
    }
}

fn about(state: &State) -> Value {
    json!({
        "statuspage": {
            "base_url": format!("{}/v1", state.url),
            "api_key": state.settings.api_key,
            "organization_id": known::ORGANIZATION,
            "pages": {
                "audience_specific": known::AUDIENCE_PAGE,
                "public": known::PUBLIC_PAGE,
                "private": known::PRIVATE_PAGE,
            },
        },
    })
}
