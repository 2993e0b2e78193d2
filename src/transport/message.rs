//! Classifies a client's text: a message, one that needs no answer, or none; then the answer that says why.
//!
//! Guarantees: a text that is not taken for a message has an answer, with the request's id wherever that can be read.

mod id;

use rmcp::model::{
    ClientRequest, CustomRequest, ErrorData, JsonRpcError, JsonRpcMessage, RequestId,
};
use rmcp::service::{RoleServer, RxJsonRpcMessage};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

pub(super) use id::IdScan;

use crate::mcp::opening;

/// A message from a client.
pub(super) type Message = RxJsonRpcMessage<RoleServer>;

/// A text that was read.
#[derive(Debug)]
pub(super) enum Read {
    /// A message for the protocol.
    Message(Box<Message>),
    /// A notification that the protocol does not know. Nobody waits for an answer.
    Ignored,
    /// No message, or one that goes no further, and its answer.
    Refused(JsonRpcError),
}

/// Reads one text.
pub(super) fn read(text: &[u8]) -> Read {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let message = match serde_json::from_slice::<Message>(text) {
        Ok(message) => message,
        Err(error) => return unreadable(text, &error),
    };
    if let JsonRpcMessage::Request(request) = &message
        && let ClientRequest::CustomRequest(custom) = &request.request
        && let Some(lacking) = lacking(custom)
    {
        return refused(Some(request.id.clone()), lacking);
    }
    Read::Message(Box::new(message))
}

/// The answer to a text that is longer than `most` bytes.
pub(super) fn too_long(id: Option<RequestId>, most: usize) -> JsonRpcError {
    let why = format!("a message may have {most} bytes. Nothing was changed.");
    JsonRpcError::new(id, ErrorData::invalid_request(why, None))
}

/// Returns what is missing in an `initialize` that the library could not read. A request that names its protocol is of 2026-07-28 and not
/// checked here.
fn lacking(request: &CustomRequest) -> Option<ErrorData> {
    use rmcp::model::GetMeta as _;
    if request.method != "initialize" || request.get_meta().protocol_version().is_some() {
        return None;
    }
    Some(opening::refusal(request.params.as_ref()))
}

fn unreadable(text: &[u8], error: &serde_json::Error) -> Read {
    let id = IdScan::of(text);
    if std::str::from_utf8(text).is_err() {
        return not_json(id, "it is not UTF-8");
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(text) {
        return not_json(id, &format!("it is not JSON: {error}"));
    }
    match serde_json::from_slice::<Value>(text) {
        // A lone half of a surrogate pair, a number beyond all bounds, nesting without end.
        Err(error) => not_json(id, &format!("it is JSON that cannot be read: {error}")),
        Ok(Value::Object(message)) => misshapen(&message, id, error),
        Ok(Value::Array(_)) => invalid(
            None,
            "the protocol has no batches: send each message by itself",
        ),
        Ok(_) => invalid(None, "a message is a JSON object"),
    }
}

/// An object that is no message.
fn misshapen(
    message: &Map<String, Value>,
    id: Option<RequestId>,
    error: &serde_json::Error,
) -> Read {
    let has = |name: &str| message.contains_key(name);
    let answers = has("result") || has("error");
    if message.get("method").is_some_and(Value::is_string) && !has("id") && !answers {
        return Read::Ignored;
    }
    // The ids of answers are this server's own: a client waits for none of them.
    let id = id.filter(|_| has("method") || !answers);
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return invalid(id, "`jsonrpc` has to be \"2.0\"");
    }
    if has("method") == answers || has("result") && has("error") {
        return invalid(
            id,
            "a message has a `method`, a `result` or an `error`, and only one of them",
        );
    }
    if has("method") && !message.get("method").is_some_and(Value::is_string) {
        return invalid(id, "`method` has to be a text");
    }
    if has("id") && id.is_none() && !answers {
        return invalid(id, "`id` has to be a text or a whole number");
    }
    let params = message.get("params");
    if !params.is_none_or(|params| params.is_object() || params.is_null()) {
        return invalid(id, "`params` has to be an object");
    }
    let meta = params.and_then(|params| params.get("_meta"));
    if !meta.is_none_or(Value::is_object) {
        return invalid(id, "`params._meta` has to be an object");
    }
    invalid(id, &format!("it is not in the protocol's form: {error}"))
}

fn not_json(id: Option<RequestId>, why: &str) -> Read {
    let why = format!("the message was not read: {why}. Nothing was changed.");
    refused(id, ErrorData::parse_error(why, None))
}

fn invalid(id: Option<RequestId>, why: &str) -> Read {
    let why = format!("the message was not read: {why}. Nothing was changed.");
    refused(id, ErrorData::invalid_request(why, None))
}

fn refused(id: Option<RequestId>, error: ErrorData) -> Read {
    Read::Refused(JsonRpcError::new(id, error))
}
