//! A StatusApp account: the team API at `/statusapp/api/v1` (StatusApp API reference guide, team collaboration guide).

mod members;

use serde_json::{Value, json};

use super::{
    call::Call,
    reply::Reply,
    settings::Settings,
    world::{Role, World},
};

/// The call and the world that a handler works on.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    pub(super) call: &'a Call,
    pub(super) world: &'a mut World,
    pub(super) settings: &'a Settings,
    /// The role that the key acts as.
    pub(super) acting: Role,
    /// A fault: lists answer their first page whatever was asked.
    pub(super) ignore_page: bool,
}

/// Finds the handler.
pub(super) fn route(cx: &mut Cx<'_>) -> Reply {
    let parts: Vec<&str> = cx.call.segments.iter().map(String::as_str).collect();
    let ["statusapp", "api", "v1", rest @ ..] = parts.as_slice() else {
        return not_found("Endpoint not found");
    };
    let outcome = match (cx.call.method.as_str(), rest) {
        ("GET", ["team", "members"]) => Ok(members::list(cx)),
        ("POST", ["team", "members"]) => members::invite(cx),
        ("GET", ["team", "members", id]) => members::get(cx, id),
        ("PUT", ["team", "members", id]) => members::set_role(cx, id),
        ("DELETE", ["team", "members", id]) => members::remove(cx, id),
        ("GET", ["team", "invitations"]) => Ok(Reply::ok(
            json!({ "invitations": cx.world.team.invitations }),
        )),
        ("GET", ["account"]) => Ok(Reply::ok(
            json!({ "account": { "id": "acc_example", "plan": "PROFESSIONAL" } }),
        )),
        ("GET", ["account", "usage"]) => Ok(Reply::ok(usage(cx))),
        _ => Err(not_found("Endpoint not found")),
    };
    outcome.unwrap_or_else(|refused| refused)
}

fn usage(cx: &Cx<'_>) -> Value {
    json!({ "usage": { "teamMembers": { "used": cx.world.team.seats(), "limit": cx.settings.statusapp.seats } } })
}

/// A refusal with one of the documented codes.
pub(super) fn refusal(status: u16, text: &str) -> Reply {
    let code = match status {
        400 => "BAD_REQUEST",
        401 => "UNAUTHORIZED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        429 => "RATE_LIMIT_EXCEEDED",
        _ => "INTERNAL_SERVER_ERROR",
    };
    Reply::json(status, json!({ "error": text, "code": code }))
}

/// A validation failure: here `error` is a list.
fn invalid(field: &str, expected: &str, received: &str, message: &str) -> Reply {
    let one = json!({ "code": "invalid_type", "expected": expected, "received": received, "path": [field], "message": message });
    Reply::json(400, json!({ "error": [one] }))
}

fn not_found(text: &str) -> Reply {
    refusal(404, text)
}
