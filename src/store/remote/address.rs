//! The address of Redis, and the prefix of our keys in it.

use std::fmt;

use redis::IntoConnectionInfo as _;
use url::Url;

use crate::secret::Secret;

/// The address of a Redis. It may hold a password, so it prints as the host and the port.
#[derive(Clone)]
pub struct Address {
    url: Secret,
    shown: String,
    in_clear: bool,
}

/// The text is not an address that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadAddress(&'static str);

impl Address {
    /// `redis://`, `rediss://` (TLS) or `redis+unix:///path`, with user, password and database as Redis' own tools write them.
    ///
    /// # Errors
    /// Says what is wrong without showing any of it.
    pub fn parse(text: &Secret) -> Result<Self, BadAddress> {
        let url = Url::parse(text.expose()).map_err(|_| {
            BadAddress("it is not an address such as `rediss://user:password@host:6379`; write special characters of a password in percent form (`@` is `%40`)")
        })?;
        let socket = match url.scheme() {
            "redis" | "rediss" => false,
            "redis+unix" | "unix" => true,
            _ => {
                return Err(BadAddress(
                    "it must begin with `rediss://` (TLS), `redis://` or `redis+unix://`",
                ));
            }
        };
        if url.fragment().is_some() {
            // `#insecure` is the library's word for a certificate that nobody checks.
            return Err(BadAddress(
                "nothing may stand behind a `#`: a certificate is always checked",
            ));
        }
        if url.query().is_some() && !socket {
            return Err(BadAddress("nothing may stand behind a `?`"));
        }
        let shown = match (socket, url.host_str()) {
            (true, _) => url.path().to_owned(),
            (false, Some(host)) => format!("{host}:{}", url.port().unwrap_or(6379)),
            (false, None) => return Err(BadAddress("it names no host")),
        };
        if url.as_str().into_connection_info().is_err() {
            return Err(BadAddress(
                "behind the host only the number of a database may stand, as in `/0`",
            ));
        }
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        Ok(Self {
            in_clear: url.scheme() == "redis" && !here,
            url: Secret::new(url.as_str()),
            shown,
        })
    }

    /// Returns whether keys and plans cross a network unencrypted.
    #[must_use]
    pub fn in_clear(&self) -> bool {
        self.in_clear
    }

    pub(super) fn client(&self) -> Result<redis::Client, redis::RedisError> {
        redis::Client::open(self.url.expose())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

/// The text that every key begins with, so that several services can share one Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// 1 to 64 letters, digits, `-`, `_`, `.` or `:`: nothing that a pattern of Redis would read as more than itself.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if (1..=64).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadAddress(
                "it must be 1 to 64 letters, digits, `-`, `_`, `.` or `:`",
            ))
        }
    }

    /// The key of these parts.
    pub(super) fn name(&self, parts: &[&str]) -> String {
        format!("{}:{}", self.0, parts.join(":"))
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("status-roster".to_owned())
    }
}
