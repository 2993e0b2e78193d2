//! The settings of the HTTP transport.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::OAuth;

/// Everything about the listener but its address.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address at which the server is reached from outside, if a proxy stands in front: `https://mcp.example.com`.
    pub public_url: Option<Url>,
    /// Host names that requests may name, besides this machine's own and the public address's.
    pub allowed_hosts: Vec<String>,
    /// Origins of web pages that may call, besides this machine's own and the public address's.
    pub allowed_origins: Vec<String>,
    /// Static bearer tokens. Present: nobody calls without one.
    pub tokens_file: Option<PathBuf>,
    /// An identity provider. Present: nobody calls without a token.
    pub oauth: Option<OAuth>,
    /// Requests that one caller may make in a minute.
    pub requests_per_minute: u32,
    /// Requests that all callers together may make in a minute.
    pub total_requests_per_minute: u32,
    /// The longest body that is read, in bytes.
    pub max_body: usize,
    /// The longest that a request's header, an idle connection, or a body may take.
    pub patience: Duration,
    /// Sessions of the older protocol that are kept at most.
    pub max_sessions: usize,
    /// The time that a session is kept without traffic. Longer than any call: a session that ends takes its call's answer along.
    pub session_idle: Duration,
    /// Connections that are held at most; further ones wait to be accepted.
    pub max_connections: usize,
    /// True when `/metrics` is shown to everybody who reaches it, and not to the `admin` scope only.
    pub metrics_open: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            tokens_file: None,
            oauth: None,
            requests_per_minute: 300,
            total_requests_per_minute: 3_000,
            max_body: 4 * 1024 * 1024,
            patience: Duration::from_secs(60),
            max_sessions: 1_000,
            session_idle: Duration::from_secs(600),
            max_connections: 1_024,
            metrics_open: false,
        }
    }
}

impl Settings {
    /// Returns whether callers must show who they are.
    #[must_use]
    pub fn asks_who(&self) -> bool {
        self.tokens_file.is_some() || self.oauth.is_some()
    }
}
