//! `[http]` and `[http.oauth]`: who may call over HTTP, from where, and how often.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::problem::Origin;
use super::reader::Reader;
use crate::caller::Scope;
use crate::upstream::check_address;

/// `[http]`. Counts for `serve --http`; the address is the flag's.
#[derive(Debug, Clone)]
pub struct Http {
    /// The address at which the server is reached from outside.
    pub public_url: Option<Url>,
    /// Further names that it goes by.
    pub allowed_hosts: Vec<String>,
    /// Web pages that may call.
    pub allowed_origins: Vec<String>,
    /// Static tokens. In force as soon as the file exists, or is named in the configuration.
    pub tokens_file: PathBuf,
    /// True when a token file was named: then it is in force before it exists.
    pub tokens_file_named: bool,
    /// Requests of one caller in a minute.
    pub requests_per_minute: u32,
    /// Requests of all callers in a minute.
    pub total_requests_per_minute: u32,
    /// The longest body, in bytes.
    pub max_body: usize,
    /// The longest that a header, a body or an idle connection may take.
    pub patience: Duration,
    /// Sessions of the older protocol.
    pub max_sessions: u32,
    /// The time that a session is kept without traffic.
    pub session_idle: Duration,
    /// Connections at the same time.
    pub max_connections: u32,
    /// The readers of `/metrics` where callers have tokens.
    pub metrics: Metrics,
    /// An identity provider.
    pub oauth: Option<OAuth>,
}

/// The readers of `/metrics` where callers have tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metrics {
    /// Callers with the `admin` scope.
    Admin,
    /// Everybody who reaches the port.
    Open,
}

/// `[http.oauth]`.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// The issuer, as an address.
    pub issuer: Url,
    /// The issuer, letter for letter as tokens name it.
    pub issuer_text: String,
    /// The audience that tokens must be made for.
    pub audience: String,
    /// The address of the keys; without it the issuer's metadata gives it.
    pub jwks_url: Option<Url>,
    /// The name of each scope in tokens.
    pub scopes: [(Scope, String); 5],
}

pub(super) fn http(from: &mut Reader, state_dir: Option<&Path>) -> Option<Http> {
    let public_url = address(from, "http.public_url").map(|(url, _, _)| url);
    let hosts = from.list("http.allowed_hosts", host);
    let origins = from.list("http.allowed_origins", origin);
    let named = from.path("http.tokens_file").map(|(path, _)| path);
    let metrics = [("admin", Metrics::Admin), ("open", Metrics::Open)];
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    Some(Http {
        oauth: oauth(from, public_url.as_ref()),
        public_url,
        allowed_hosts: hosts.unwrap_or_default(),
        allowed_origins: origins.unwrap_or_default(),
        // Some hundred times what people's agents ask: the benchmark, which looks for what the server can do, has to fit.
        requests_per_minute: from.whole("http.requests_per_minute", 1..=1_000_000, 300),
        total_requests_per_minute: from.whole(
            "http.total_requests_per_minute",
            1..=10_000_000,
            3_000,
        ),
        max_body: from.whole("http.max_body_kib", 16..=65_536, 4_096) as usize * 1024,
        patience: seconds(from.whole("http.patience_seconds", 5..=600, 60)),
        max_sessions: from.whole("http.max_sessions", 1..=100_000, 1_000),
        session_idle: seconds(from.whole("http.session_idle_seconds", 60..=86_400, 600)),
        max_connections: from.whole("http.max_connections", 8..=100_000, 1_024),
        metrics: from.choice("http.metrics", Metrics::Admin, &metrics),
        tokens_file_named: named.is_some(),
        tokens_file: named.or_else(|| Some(state_dir?.join("tokens.json")))?,
    })
}

fn oauth(from: &mut Reader, public_url: Option<&Url>) -> Option<OAuth> {
    let has_oauth = from.has_any("http.oauth.");
    let issuer = address(from, "http.oauth.issuer");
    let audience = from.text("http.oauth.audience").map(|(text, _)| text);
    let jwks_url = address(from, "http.oauth.jwks_url").map(|(url, _, _)| url);
    let mut word = |key, scope: Scope| {
        let configured = from.text(key);
        let text = configured.map_or_else(|| scope.word().to_owned(), |(text, _)| text);
        (scope, text)
    };
    let scopes = [
        word("http.oauth.read_scope", Scope::Read),
        word("http.oauth.write_scope", Scope::Write),
        word("http.oauth.remove_scope", Scope::Remove),
        word("http.oauth.publish_scope", Scope::Publish),
        word("http.oauth.admin_scope", Scope::Admin),
    ];
    if !has_oauth {
        return None;
    }
    let audience = audience.or_else(|| {
        let path = public_url?.as_str().trim_end_matches('/');
        Some(format!("{path}/mcp"))
    });
    let mut missing = |what: &str| from.problem(Origin::Nowhere, what.to_owned());
    if issuer.is_none() {
        missing("`http.oauth.issuer` is missing: whose tokens are taken?");
    }
    if audience.is_none() {
        missing(
            "`http.oauth.audience` is missing, and `http.public_url` does not say it either: a token that was made for another service must not be good here",
        );
    }
    let (issuer, issuer_text, _) = issuer?;
    Some(OAuth {
        issuer,
        issuer_text,
        audience: audience?,
        jwks_url,
        scopes,
    })
}

/// An address that something is fetched from or published at, and how it was written.
fn address(from: &mut Reader, key: &'static str) -> Option<(Url, String, Origin)> {
    let (text, origin) = from.text(key)?;
    let checked = Url::parse(&text)
        .map_err(|error| format!("`{key}` is not an address ({error})"))
        .and_then(|mut url| {
            let query = url.query().map(str::to_owned);
            // A key set may stand behind a query; nothing else may.
            url.set_query(None);
            check_address("http", &url).map_err(|_| {
                format!("`{key}` must be an address that begins with `https://` (or `http://` on this machine), without a user")
            })?;
            url.set_query(query.as_deref());
            Ok(url)
        });
    match checked {
        Ok(url) => Some((url, text, origin)),
        Err(why) => {
            from.problem(origin, why);
            None
        }
    }
}

fn host(text: &str) -> Result<String, String> {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | ':' | '[' | ']');
    if !text.is_empty() && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is not a host; write it as `mcp.example.com`, or with a port as `mcp.example.com:8443`"
        ))
    }
}

fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok();
    let exact = url.is_some_and(|url| {
        url.has_host() && matches!(url.path(), "" | "/") && url.query().is_none()
    });
    if exact {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{text}` is not an origin; write it as `https://app.example.com`"
        ))
    }
}
