//! Answers, and the several shapes in which an error can come.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use serde_json::{Value, json};

use super::settings::ErrorShape;

/// The result of a handler.
pub(super) type Answer = Result<Reply, Refusal>;

/// An answer ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Nothing,
    Json(Value),
    /// JSON with SCIM's own content type.
    Scim(Value),
    Html(String),
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Json(body),
        }
    }

    pub(super) fn scim(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Scim(body),
        }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    pub(super) fn created(body: Value) -> Self {
        Self::json(201, body)
    }

    pub(super) fn nothing(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Nothing,
        }
    }

    /// A page as a proxy in front of the service shows it.
    pub(super) fn html(status: u16) -> Self {
        let page = format!(
            "<html><head><title>{status} Error</title></head><body><center><h1>{status} Error</h1></center><hr></body></html>"
        );
        Self {
            status,
            headers: Vec::new(),
            body: Content::Html(page),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let (kind, body) = match self.body {
            Content::Nothing => (None, Body::empty()),
            Content::Json(value) => (Some("application/json; charset=utf-8"), json(&value)),
            Content::Scim(value) => (Some("application/scim+json"), json(&value)),
            Content::Html(page) => (Some("text/html; charset=utf-8"), Body::from(page)),
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// A refusal by Statuspage, before its shape is chosen.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: u16,
    text: String,
    field: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, text: &str) -> Self {
        Self {
            status,
            text: text.to_owned(),
            field: None,
        }
    }

    pub(super) fn bad_request(text: &str) -> Self {
        Self::new(400, text)
    }

    pub(super) fn forbidden() -> Self {
        Self::new(403, "You are not authorized to access this resource.")
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "not found")
    }

    /// 422 with the field it is about.
    pub(super) fn invalid(field: &str, text: &str) -> Self {
        Self {
            status: 422,
            text: text.to_owned(),
            field: Some(field.to_owned()),
        }
    }

    /// `turn` chooses among the shapes when they rotate.
    pub(super) fn into_reply(self, shape: ErrorShape, turn: u64) -> Reply {
        let shape = match (shape, turn % 5) {
            (ErrorShape::Rotate, 0) => ErrorShape::Natural,
            (ErrorShape::Rotate, 1) => ErrorShape::Message,
            (ErrorShape::Rotate, 2) => ErrorShape::Array,
            (ErrorShape::Rotate, 3) => ErrorShape::Html,
            (ErrorShape::Rotate, _) => ErrorShape::Empty,
            (fixed, _) => fixed,
        };
        let sentence = match &self.field {
            Some(field) => format!("{field} {}", self.text),
            None => self.text.clone(),
        };
        let body = match (shape, self.field) {
            (ErrorShape::Html, _) => return Reply::html(self.status),
            (ErrorShape::Empty, _) => return Reply::nothing(self.status),
            (ErrorShape::Message, _) => json!({ "message": sentence }),
            (ErrorShape::Array, _) => json!({ "error": [sentence] }),
            (_, Some(field)) => json!({ "error": { field: [self.text] } }),
            (_, None) => json!({ "error": self.text }),
        };
        Reply::json(self.status, body)
    }
}

fn json(value: &Value) -> Body {
    // A tree of values is always JSON.
    Body::from(serde_json::to_vec(value).unwrap_or_default())
}
