//! The settings of one client.

use std::time::Duration;

use url::{Host, Url};

use super::Credential;
use crate::store::window::Limits;

/// One upstream, one key. See the fields for units and defaults.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name in logs, errors and the store: `statuspage`, `atlassian_scim`, `statusapp`.
    pub system: &'static str,
    /// Everything is under this address. HTTPS, except for a loopback host.
    pub base_url: Url,
    /// The key and its header.
    pub credential: Credential,
    /// The limits that the upstream sets for the key. `answer_within` is overwritten by `total_timeout`.
    pub limits: Limits,
    /// Until a connection stands. Default 5 s.
    pub connect_timeout: Duration,
    /// From the first byte of a request to the last of its answer. Default 30 s.
    pub total_timeout: Duration,
    /// The longest answer that is read, in bytes. Default 8 MiB (100 users are about 30 KB).
    pub max_body: usize,
    /// The longest wait for one slot; beyond it, [`super::Error::RateLimited`]. Default 10 minutes.
    pub max_wait_for_slot: Duration,
    /// The number of times that a request is sent again after a failure. Default 3.
    pub retries: u32,
    /// The longest total time that one request may wait because of 420 and 429; beyond it, [`super::Error::RateLimited`]. Default 120 s.
    pub max_rate_limit_wait: Duration,
    /// True when `X-RateLimit-Limit`, `-Remaining` and `-Reset` are followed (StatusApp sends them; Statuspage does not).
    pub follow_headers: bool,
}

impl Settings {
    /// The defaults above, 60 requests in 60 s.
    #[must_use]
    pub fn new(system: &'static str, base_url: Url, credential: Credential) -> Self {
        Self {
            system,
            base_url,
            credential,
            limits: Limits::new(60, Duration::from_secs(60)),
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            max_body: 8 * 1024 * 1024,
            max_wait_for_slot: Duration::from_secs(600),
            retries: 3,
            max_rate_limit_wait: Duration::from_secs(120),
            follow_headers: false,
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let system = self.system;
        check_address(system, &self.base_url)?;
        if self.credential.secret().is_empty() {
            return Err(SettingsError::NoKey { system });
        }
        if self.limits.requests == 0 || self.limits.window.is_zero() {
            return Err(SettingsError::NoBudget { system });
        }
        Ok(())
    }
}

/// Returns whether a key may be sent to an address: HTTPS, or this machine itself, and nothing but an address.
///
/// # Errors
/// Says what is wrong, without the parts that could hold a credential.
pub fn check_address(system: &'static str, base: &Url) -> Result<(), SettingsError> {
    let host = base.host().ok_or(SettingsError::NoHost { system })?;
    match base.scheme() {
        "https" => {}
        "http" if is_this_machine(&host) => {}
        "http" => {
            return Err(SettingsError::PlainHttp {
                system,
                host: host.to_string(),
            });
        }
        _ => return Err(SettingsError::Scheme { system }),
    }
    if !base.username().is_empty()
        || base.password().is_some()
        || base.query().is_some()
        || base.fragment().is_some()
    {
        return Err(SettingsError::MoreThanAnAddress { system });
    }
    Ok(())
}

/// Plain HTTP to there is seen by nobody else.
pub(super) fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The reasons why a client cannot be made of its settings. Never holds the address's user part nor the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A relative or strange address.
    #[error("the base address of `{system}` has no host")]
    NoHost {
        /// The upstream.
        system: &'static str,
    },
    /// The key would travel unencrypted.
    #[error(
        "the base address of `{system}` must use https: plain http to `{host}` would show the key to the network"
    )]
    PlainHttp {
        /// The upstream.
        system: &'static str,
        /// The host named.
        host: String,
    },
    /// Neither `http` nor `https`.
    #[error("the base address of `{system}` must begin with `https://`")]
    Scheme {
        /// The upstream.
        system: &'static str,
    },
    /// User, password, query or fragment.
    #[error(
        "the base address of `{system}` must be an address only, without a user, a password, `?` or `#`"
    )]
    MoreThanAnAddress {
        /// The upstream.
        system: &'static str,
    },
    /// An empty key.
    #[error("the key of `{system}` is empty")]
    NoKey {
        /// The upstream.
        system: &'static str,
    },
    /// A key with a line break or a control character inside.
    #[error(
        "the key of `{system}` holds a character that no header can carry (a line break inside?)"
    )]
    UnusableKey {
        /// The upstream.
        system: &'static str,
    },
    /// No request could ever be sent.
    #[error(
        "the budget of `{system}` must allow at least one request in a window longer than zero"
    )]
    NoBudget {
        /// The upstream.
        system: &'static str,
    },
}
