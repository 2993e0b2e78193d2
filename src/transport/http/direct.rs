//! Recognizes the requests that are answered without the protocol library: see [`crate::mcp::direct`].
//!
//! Its headers have to say what its body says, each of them once, and nothing else of the protocol's.

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, header};

use super::ENDPOINT;
use crate::mcp::direct::{METHOD, Read};
use crate::toolkit::Catalogue;

/// The values that clients send, letter by letter; any other form of the same meaning is left to the library.
const ACCEPT: [&str; 2] = [
    "application/json, text/event-stream",
    "text/event-stream, application/json",
];
const JSON: &str = "application/json";

/// The request, if it is such a one.
pub(super) fn read(parts: &Parts, body: &[u8], catalogue: &Catalogue) -> Option<Read> {
    // The checks in front of the endpoint run for paths that do not exist, too.
    if parts.method != Method::POST || parts.uri.path().trim_end_matches('/') != ENDPOINT {
        return None;
    }
    let headers = &parts.headers;
    let only = |name: &str| -> Option<&str> {
        let mut values = headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    };
    let accepted = only(header::ACCEPT.as_str()).is_some_and(|it| ACCEPT.contains(&it));
    let json = only(header::CONTENT_TYPE.as_str()) == Some(JSON);
    let called = only("mcp-method") == Some(METHOD);
    let (version, tool) = (only("mcp-protocol-version")?, only("mcp-name")?);
    if !accepted || !json || !called {
        return None;
    }
    let known = ["mcp-method", "mcp-protocol-version", "mcp-name"];
    let further = |name: &str| name.starts_with("mcp-") && !known.contains(&name);
    if headers.keys().any(|name| further(name.as_str())) {
        return None;
    }
    Read::of(body, version, tool, catalogue)
}

/// The answer on its way.
pub(super) fn response(message: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(message));
    let json = HeaderValue::from_static(JSON);
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
