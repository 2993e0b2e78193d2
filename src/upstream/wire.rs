//! One request over the wire, once.
//!
//! The only place that builds an HTTP client: no redirects, no proxy, no cookies, no retries of its own, bodies read piece by piece
//! up to a cap.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, redirect, retry};
use std::time::Duration;
use tokio::sync::OnceCell;
use url::Url;

use super::settings::{Settings, SettingsError};
use crate::roster::text::clean;

/// A connection is given up after this long without use. Shorter than any server's patience, so that a POST does not run into one
/// that is just being closed, which would look like a lost answer.
const IDLE: Duration = Duration::from_secs(15);

const USER_AGENT: &str = concat!("status-roster/", env!("CARGO_PKG_VERSION"));

#[derive(Debug)]
pub(super) struct Wire {
    client: OnceCell<reqwest::Client>,
    base: Url,
    credential: (HeaderName, HeaderValue),
    connect_timeout: Duration,
    max_body: usize,
}

/// An answer with any status.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Raw {
    /// An answer that was kept.
    pub(super) fn again(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            headers: HeaderMap::new(),
            body,
        }
    }
}

/// No whole answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The client could not be built or the request not be made.
    Unsendable(String),
    /// There was no connection: nothing was sent.
    NotSent(String),
    /// It was sent, at least in part; the answer did not come, or not to its end.
    Lost {
        why: String,
        /// True when the time for an answer was over: the other side may still be at work on the request.
        late: bool,
    },
    /// The answer is longer than the cap; the rest was not read.
    TooLong,
}

impl Wire {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let credential = settings
            .credential
            .header()
            .map_err(|_| SettingsError::UnusableKey {
                system: settings.system,
            })?;
        Ok(Self {
            client: OnceCell::new(),
            base: settings.base_url.clone(),
            credential,
            connect_timeout: settings.connect_timeout,
            max_body: settings.max_body,
        })
    }

    pub(super) async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Raw, Failure> {
        let client = self
            .client
            .get_or_try_init(|| async { self.build() })
            .await?;
        let mut request = client
            .request(method, url.clone())
            .timeout(timeout)
            .header(ACCEPT, "application/json");
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        // A path cannot change the origin; should that ever break, the key still stays at home.
        if url.origin() == self.base.origin() {
            let (name, value) = &self.credential;
            request = request.header(name, value);
        }
        answer(request, self.max_body, timeout).await
    }

    /// Built at the first request: reading the system's certificates takes 5 ms, which a server that only answers `tools/list`
    /// need not pay.
    fn build(&self) -> Result<reqwest::Client, Failure> {
        client(self.base.scheme() == "https", self.connect_timeout)
    }
}

/// A client as every request here needs it. Without `https` it reaches this machine only, and no certificate is looked at.
#[expect(
    clippy::disallowed_methods,
    reason = "only this function opens connections"
)]
pub(super) fn client(https: bool, connect_timeout: Duration) -> Result<reqwest::Client, Failure> {
    // Fails only when the process has one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .https_only(https);
    // Plain HTTP is allowed to this machine alone and redirects are not followed: no certificate will ever be looked at.
    let builder = if https {
        builder
    } else {
        builder.tls_certs_only([])
    };
    builder
        .build()
        .map_err(|error| Failure::Unsendable(cause(&error)))
}

/// Sends, and reads the answer piece by piece up to the cap.
pub(super) async fn answer(
    request: reqwest::RequestBuilder,
    max_body: usize,
    timeout: Duration,
) -> Result<Raw, Failure> {
    let mut response = request
        .send()
        .await
        .map_err(|error| failure(error, timeout))?;
    let mut raw = Raw {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: Vec::new(),
    };
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure(error, timeout))?
    {
        if raw.body.len() + chunk.len() > max_body {
            return Err(Failure::TooLong);
        }
        raw.body.extend_from_slice(&chunk);
    }
    Ok(raw)
}

fn failure(error: reqwest::Error, timeout: Duration) -> Failure {
    let error = error.without_url();
    if error.is_connect() {
        Failure::NotSent(cause(&error))
    } else if error.is_timeout() {
        Failure::Lost {
            why: format!("no answer within {} s", timeout.as_secs()),
            late: true,
        }
    } else if error.is_builder() {
        Failure::Unsendable(cause(&error))
    } else {
        Failure::Lost {
            why: cause(&error),
            late: false,
        }
    }
}

/// The innermost cause says what happened ("connection refused"); the outer ones say "error sending request".
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    clean(&innermost.to_string(), 200).text
}
