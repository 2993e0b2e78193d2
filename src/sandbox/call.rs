//! One request, taken apart: what every handler reads.

use axum::{
    body::Bytes,
    http::{Method, Uri},
};
use serde_json::Value;

use super::{form, reply::Refusal};

/// A request whose body has arrived.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Path and query as sent.
    pub(super) target: String,
    /// The path's segments, each decoded by itself; a `.json` at the end is gone.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

impl Call {
    pub(super) fn new(method: Method, uri: &Uri, content_type: String, body: Bytes) -> Self {
        let mut segments: Vec<String> = uri
            .path()
            .split('/')
            .skip(1)
            .map(|segment| form::decode(segment, false))
            .collect();
        if let Some(last) = segments.last_mut()
            && let Some(short) = last.strip_suffix(".json")
        {
            *last = short.to_owned();
        }
        let target = uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        let query = form::pairs(uri.query().unwrap_or_default());
        Self {
            method,
            target,
            segments,
            query,
            content_type,
            body,
        }
    }

    /// A query parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as a JSON value; `Null` without a body.
    ///
    /// The content type must match: "or the server gremlins will be angry" (Statuspage API reference).
    pub(super) fn fields(&self) -> Result<Value, Refusal> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        let kind = self
            .content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        match kind {
            "application/json" | "application/scim+json" => serde_json::from_slice(&self.body)
                .map_err(|_| {
                    Refusal::bad_request("Error occurred while parsing request parameters")
                }),
            "application/x-www-form-urlencoded" => {
                Ok(form::nested(&String::from_utf8_lossy(&self.body)))
            }
            _ => Err(Refusal::bad_request("Content-Type does not match the body")),
        }
    }

    /// The object under a required top key, as in `{"user": {…}}`.
    pub(super) fn under(&self, key: &str) -> Result<Value, Refusal> {
        match self.fields()?.get_mut(key).map(Value::take) {
            Some(inner @ Value::Object(_)) => Ok(inner),
            _ => Err(Refusal::bad_request(&format!(
                "param is missing or the value is empty: {key}"
            ))),
        }
    }
}

/// A text field; absent, null and empty are `None`.
pub(super) fn text(fields: &Value, key: &str) -> Option<String> {
    fields
        .get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// A yes-or-no field, also as a form writes it.
pub(super) fn flag(fields: &Value, key: &str) -> Option<bool> {
    fields.get(key).and_then(truth)
}

/// `true`, `"true"`, `"1"` and their opposites.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A list of ids; `None` when the key is absent.
pub(super) fn ids(fields: &Value, key: &str) -> Result<Option<Vec<String>>, Refusal> {
    match fields.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| {
                item.as_str()
                    .map(str::to_owned)
                    .ok_or_else(|| Refusal::invalid(key, "is invalid"))
            })
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(Refusal::invalid(key, "must be an array")),
    }
}
