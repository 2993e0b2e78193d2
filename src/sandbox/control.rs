//! The control API for tests that run the binary: it shows the world, sets faults and resets the sandbox.

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
        ("GET", ["settings"]) => {
            Reply::ok(serde_json::to_value(&state.settings).unwrap_or_default())
        }
        ("POST", ["reset"]) => match reset(state, call) {
            Ok(()) => Reply::nothing(204),
            Err(why) => Reply::json(400, json!({ "error": why.to_string() })),
        },
        _ => Reply::nothing(404),
    }
}

/// Starts again, with the settings that the body changes.
fn reset(state: &mut State, call: &Call) -> Result<(), serde_json::Error> {
    if !call.body.is_empty() {
        state.settings = state
            .settings
            .changed_by(serde_json::from_slice(&call.body)?)?;
    }
    state.reset();
    Ok(())
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
        "atlassian_scim": {
            "base_url": format!("{}/scim/directory", state.url),
            "api_key": state.settings.scim.api_key,
            "directory_id": state.settings.scim.directory_id,
        },
        "statusapp": {
            "base_url": format!("{}/statusapp/api/v1", state.url),
            "api_key": state.settings.statusapp.api_key,
            "admin_api_key": state.settings.statusapp.admin_api_key,
            "viewer_api_key": state.settings.statusapp.viewer_api_key,
        },
    })
}
