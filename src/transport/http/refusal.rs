//! The reasons why a request is turned away before the protocol sees it, each as an HTTP answer.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use rmcp::model::{JsonRpcError, RequestId};
use serde_json::json;

use super::ENDPOINT;

/// A request that goes no further. Whatever the reason: nothing was changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// A Host that this server does not go by.
    Host,
    /// A web page from elsewhere.
    Origin,
    /// No credential.
    NoToken,
    /// A credential that is not good. The words never hold it.
    BadToken(&'static str),
    /// A good credential that does not reach so far.
    ScopeMissing,
    /// The identity provider's keys cannot be had.
    NoKeys,
    /// Too many requests.
    TooMany(Duration),
    /// Too many sessions are open.
    Full,
    /// A session that has ended, or is another caller's.
    NoSession,
    /// A path at which nothing is.
    NoSuchPath,
    /// The memory for long bodies is in use.
    BodiesFull,
    /// A body above the limit, in bytes, and the id in it, as far as it was read.
    TooLong(usize, Option<RequestId>),
    /// A body that never ended.
    TooSlow,
    /// A body that is no message, with the answer that says why.
    Unread(Box<JsonRpcError>),
    /// The server is stopping.
    Stopping,
}

impl Refusal {
    /// Its name in metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Origin => "origin",
            Self::NoToken => "no_token",
            Self::BadToken(_) => "bad_token",
            Self::ScopeMissing => "scope",
            Self::NoKeys => "no_keys",
            Self::TooMany(_) => "too_many_requests",
            Self::Full => "too_many_sessions",
            Self::BodiesFull => "no_room_for_body",
            Self::NoSession => "no_session",
            Self::NoSuchPath => "no_such_path",
            Self::TooLong(..) => "body_too_long",
            Self::TooSlow => "body_too_slow",
            Self::Unread(_) => "not_json",
            Self::Stopping => "stopping",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Host | Self::Origin | Self::ScopeMissing => StatusCode::FORBIDDEN,
            Self::NoToken | Self::BadToken(_) => StatusCode::UNAUTHORIZED,
            Self::NoSession | Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLong(..) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unread(_) => StatusCode::BAD_REQUEST,
            Self::NoKeys | Self::Full | Self::BodiesFull | Self::Stopping => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    fn words(&self) -> String {
        let what = match self {
            Self::Host => "the request's `Host` is not one that this server goes by; an operator can add it to `http.allowed_hosts`".to_owned(),
            Self::Origin => "web pages of this `Origin` may not call this server; an operator can add it to `http.allowed_origins`".to_owned(),
            Self::NoToken => "this server answers callers with a token only; send `Authorization: Bearer …`".to_owned(),
            Self::BadToken(why) => format!("the bearer token is not good: {why}"),
            Self::ScopeMissing => "the bearer token is good and its scopes do not reach so far; the scopes that would do are in `WWW-Authenticate`".to_owned(),
            Self::NoKeys => "the identity provider's keys cannot be had, so that no token can be checked; try again soon".to_owned(),
            Self::TooMany(wait) => format!("too many requests; try again in {} s", seconds(*wait)),
            Self::Full => "no more sessions fit; close one, try again soon, or speak protocol 2026-07-28, which needs none".to_owned(),
            Self::BodiesFull => "other requests with long bodies are being read, and there is no memory for this one beside them; try again soon".to_owned(),
            Self::NoSession => "there is no such session: it has ended, or it is another caller's. Open a new one with `initialize`".to_owned(),
            Self::NoSuchPath => format!("there is nothing at this path; the protocol is served at `{ENDPOINT}`"),
            Self::TooLong(limit, _) => format!("the body is longer than {limit} bytes"),
            Self::TooSlow => "the body did not arrive in time".to_owned(),
            Self::Unread(error) => return error.error.message.to_string(),
            Self::Stopping => "the server is stopping; try again soon".to_owned(),
        };
        format!("{what}. Nothing was changed.")
    }

    /// JSON-RPC's code where it has one; outside of its reserved range where it has none.
    fn code(&self) -> i32 {
        match self {
            Self::Unread(error) => error.error.code.0,
            // The code that the protocol's own libraries use.
            Self::NoSession => -32_001,
            Self::TooLong(..) | Self::TooSlow => -32_600,
            _ => -31_000 - i32::from(self.status().as_u16()),
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(seconds(*wait)),
            Self::NoKeys | Self::BodiesFull | Self::Stopping => Some(5),
            Self::Full => Some(60),
            _ => None,
        }
    }

    /// The answer; `challenge` says how to get a credential, where that is the matter.
    pub(super) fn answer(&self, challenge: Option<HeaderValue>) -> Response {
        let id = match self {
            Self::Unread(error) => error.id.clone(),
            Self::TooLong(_, id) => id.clone(),
            _ => None,
        };
        let error = json!({"jsonrpc": "2.0", "id": id, "error": {"code": self.code(), "message": self.words()}});
        let mut response = (
            self.status(),
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            Body::from(error.to_string()),
        )
            .into_response();
        let headers = response.headers_mut();
        if let Some(wait) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if matches!(
            self,
            Self::TooLong(..) | Self::TooSlow | Self::BodiesFull | Self::Stopping
        ) {
            // The rest of the body is not read, so the connection cannot carry another request.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Whole seconds, rounded up, at least one.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}
