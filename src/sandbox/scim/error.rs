//! Refusals in SCIM's words: `status` is a string. 401 and 403 come from the gateway in front and are no SCIM errors.

use serde_json::{Value, json};

use crate::sandbox::reply::Reply;

/// A SCIM error with a `scimType`, which may be empty.
pub(in crate::sandbox) fn scim_error(status: u16, kind: &str, detail: &str) -> Reply {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(),
        "detail": detail,
    });
    if let (false, Some(body)) = (kind.is_empty(), body.as_object_mut()) {
        body.insert("scimType".to_owned(), Value::from(kind));
    }
    Reply::scim(status, body)
}

/// An error of the gateway: `Failure` in Atlassian's reference.
pub(in crate::sandbox) fn failure(status: u16, text: &str) -> Reply {
    Reply::json(
        status,
        json!({ "error": text, "traceId": "0af7651916cd43dd8448eb211c80319c" }),
    )
}

pub(super) fn not_found(detail: &str) -> Reply {
    scim_error(404, "", detail)
}

pub(super) fn invalid(kind: &str, detail: &str) -> Reply {
    scim_error(400, kind, detail)
}

pub(super) fn exists(detail: &str) -> Reply {
    scim_error(409, "uniqueness", detail)
}
