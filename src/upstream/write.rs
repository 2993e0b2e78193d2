//! A change upstream, as it will be sent.

use reqwest::Method;
use serde_json::Value;

use super::Path;

/// A request that changes something. A DELETE has no body: Statuspage reads a DELETE whose body was lost on the way as
/// "remove everything".
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    pub(super) method: Method,
    pub(super) path: Path,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// True when the request sends messages to people, so that a second sending would send them twice, whatever its method.
    pub(super) once: bool,
}

impl Write {
    /// Creates (Statuspage: on components and metrics it *replaces*). Never sent twice.
    #[must_use]
    pub fn post(path: Path, body: Value) -> Self {
        Self {
            method: Method::POST,
            path,
            query: Vec::new(),
            body: Some(body),
            once: false,
        }
    }

    /// Sets. Sent again when the answer is lost: the second time changes nothing.
    #[must_use]
    pub fn put(path: Path, body: Value) -> Self {
        Self {
            method: Method::PUT,
            path,
            query: Vec::new(),
            body: Some(body),
            once: false,
        }
    }

    /// Changes in part. Never sent twice.
    #[must_use]
    pub fn patch(path: Path, body: Value) -> Self {
        Self {
            method: Method::PATCH,
            path,
            query: Vec::new(),
            body: Some(body),
            once: false,
        }
    }

    /// Removes one thing. Sent again when the answer is lost; the second answer can then be "not found".
    #[must_use]
    pub fn delete(path: Path) -> Self {
        Self {
            method: Method::DELETE,
            path,
            query: Vec::new(),
            body: None,
            once: false,
        }
    }

    /// Never sent twice, whatever its method says: it sends messages.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// With a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn is_delete(&self) -> bool {
        self.method == Method::DELETE
    }
}
