//! The host names of the server, and the origins whose web pages may call it.
//!
//! A page that a browser shows can reach a server on this machine, by its address or by a name of its own that resolves to it (DNS
//! rebinding). The first shows in `Origin`, the second in `Host`; a program that is no browser sends a Host that it was given and no Origin.

use std::net::SocketAddr;

use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Uri, header};
use url::Url;

use super::Settings;
use super::refusal::Refusal;

/// This machine's own names.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The hosts or origins that are allowed.
#[derive(Debug)]
pub(super) struct Allowed {
    hosts: Vec<Name>,
    origins: Origins,
}

/// Origins of web pages: a scheme where only that one is meant, and a host.
#[derive(Debug, Clone)]
pub(super) struct Origins(Vec<(Option<String>, Name)>);

impl Origins {
    /// Those that an operator wrote down.
    pub(super) fn named(texts: &[String]) -> Self {
        Self(texts.iter().filter_map(|it| origin(it)).collect())
    }

    /// Returns whether a page of this `Origin` is one of them.
    pub(super) fn cover(&self, given: &HeaderValue) -> bool {
        let sent = given.to_str().ok().and_then(origin);
        sent.is_some_and(|(scheme, name)| {
            self.0.iter().any(|(allowed_scheme, allowed)| {
                (allowed_scheme.is_none() || *allowed_scheme == scheme) && allowed.covers(&name)
            })
        })
    }
}

/// A host, and a port where only that one is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    host: String,
    port: Option<u16>,
}

impl Allowed {
    /// Collects the names that the settings allow, and the address that is listened on.
    pub(super) fn new(settings: &Settings, listening: SocketAddr) -> Self {
        let mut hosts: Vec<Name> = OWN.iter().filter_map(|own| Name::parse(own)).collect();
        let mut origins: Vec<(Option<String>, Name)> = OWN
            .iter()
            .filter_map(|own| Some((None, Name::parse(own)?)))
            .collect();
        if !listening.ip().is_unspecified() {
            hosts.extend(Name::parse(&listening.to_string()));
        }
        if let Some(public) = &settings.public_url {
            hosts.extend(public.host_str().and_then(Name::parse));
            origins.extend(origin(&public.origin().ascii_serialization()));
        }
        hosts.extend(
            settings
                .allowed_hosts
                .iter()
                .filter_map(|it| Name::parse(it)),
        );
        origins.extend(Origins::named(&settings.allowed_origins).0);
        Self {
            hosts,
            origins: Origins(origins),
        }
    }

    /// Refuses a Host that is not ours and an Origin that is not allowed. Of two Hosts a proxy may have looked at the other one.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().ok().and_then(Name::parse),
            (None, _) => uri.authority().and_then(|it| Name::parse(it.as_str())),
            (Some(_), Some(_)) => None,
        };
        let host = host.ok_or(Refusal::Host)?;
        if !self.hosts.iter().any(|allowed| allowed.covers(&host)) {
            return Err(Refusal::Host);
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        if origins.any(|origin| !self.origins.cover(origin)) {
            return Err(Refusal::Origin);
        }
        Ok(())
    }
}

/// Scheme and name of an origin. `null`, and whatever is no origin, is none.
fn origin(text: &str) -> Option<(Option<String>, Name)> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.to_owned();
    Some((
        Some(url.scheme().to_owned()),
        Name {
            host,
            port: url.port_or_known_default(),
        },
    ))
}

impl Name {
    fn parse(text: &str) -> Option<Self> {
        let authority: Authority = text.parse().ok()?;
        if authority.as_str().contains('@') {
            return None;
        }
        // The host is normalized as a URL parser does it: lower case, and one form of an address.
        let host = url::Host::parse(authority.host()).ok()?.to_string();
        Some(Self {
            host,
            port: authority.port_u16(),
        })
    }

    fn covers(&self, other: &Self) -> bool {
        self.host == other.host && (self.port.is_none() || self.port == other.port)
    }
}
