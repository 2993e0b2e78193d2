//! The identity provider's keys: fetched when first needed, kept, and fetched again when it has changed them.
//!
//! Guarantees: however many tokens with made-up key ids arrive, the provider is asked once a minute at most, and only one asks
//! at a time; when it cannot be reached, keys that were good stay good for a day.

use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use tokio::sync::RwLock;
use url::Url;

use super::OAuth;
use crate::clock::Clock;
use crate::transport::http::refusal::Refusal;
use crate::upstream::fetch_public;

/// How long keys are used without looking whether one was withdrawn.
const FRESH: Duration = Duration::from_secs(3_600);

/// How long they are used when the provider cannot be asked.
const STALE: Duration = Duration::from_secs(86_400);

/// The shortest time between two questions.
const PAUSE: Duration = Duration::from_secs(60);

/// A set of keys is a few KB.
const LONGEST: usize = 256 * 1024;

pub(super) struct Keys {
    issuer: Url,
    issuer_text: String,
    jwks_url: Option<Url>,
    clock: Clock,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    keys: Vec<Jwk>,
    /// When these keys came.
    since: Option<Duration>,
    /// When they were asked for last.
    asked: Option<Duration>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Url,
}

impl Keys {
    pub(super) fn new(settings: &OAuth, clock: Clock) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            issuer_text: settings.issuer_text.clone(),
            jwks_url: settings.jwks_url.clone(),
            clock,
            held: RwLock::default(),
        }
    }

    /// The key with this id that can make this kind of signature.
    pub(super) async fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Option<DecodingKey>, Refusal> {
        {
            let held = self.held.read().await;
            let age = held.age(self.clock);
            if age.is_some_and(|age| age < FRESH)
                && let Some(key) = held.pick(id, algorithm)
            {
                return Ok(Some(key));
            }
        }
        let mut held = self.held.write().await;
        // Somebody else may have asked while this one waited.
        let now = self.clock.monotonic();
        let since_asked = held.asked.map(|then| now.saturating_sub(then));
        if since_asked.is_none_or(|it| it >= PAUSE) {
            held.asked = Some(now);
            match self.fetch().await {
                Ok(keys) => {
                    held.keys = keys;
                    held.since = Some(self.clock.monotonic());
                }
                Err(why) => tracing::error!(%why, "the identity provider's keys cannot be fetched"),
            }
        }
        if held.age(self.clock).is_none_or(|age| age >= STALE) {
            return Err(Refusal::NoKeys);
        }
        Ok(held.pick(id, algorithm))
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, String> {
        let url = match &self.jwks_url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let body = fetch_public(&url, LONGEST).await?;
        let set: serde_json::Value =
            serde_json::from_slice(&body).map_err(|error| format!("no key set: {error}"))?;
        // One by one: a key of a kind that is not known must not hide the others.
        let keys = set.get("keys").and_then(serde_json::Value::as_array);
        let keys = keys.ok_or("no key set: there is no `keys`")?;
        let keys: Vec<Jwk> = keys
            .iter()
            .filter_map(|key| serde_json::from_value(key.clone()).ok())
            .filter(is_for_signatures)
            .collect();
        if keys.is_empty() {
            return Err("the key set holds no key that can be used".to_owned());
        }
        Ok(JwkSet { keys }.keys)
    }

    /// Where the provider says its keys are: OpenID Connect Discovery, else RFC 8414.
    async fn discover(&self) -> Result<Url, String> {
        let path = self.issuer.path().trim_end_matches('/').to_owned();
        let mut why = String::new();
        for place in [
            format!("{path}/.well-known/openid-configuration"),
            format!("/.well-known/oauth-authorization-server{path}"),
        ] {
            let mut url = self.issuer.clone();
            url.set_path(&place);
            let found = fetch_public(&url, LONGEST).await.and_then(|body| {
                serde_json::from_slice::<Metadata>(&body).map_err(|error| error.to_string())
            });
            match found {
                // RFC 8414, section 3.3: metadata of another issuer must not be used.
                Ok(metadata) if metadata.issuer == self.issuer_text => return Ok(metadata.jwks_uri),
                Ok(_) => why = format!("`{place}` describes another issuer"),
                Err(error) => why = format!("`{place}`: {error}"),
            }
        }
        Err(why)
    }
}

impl Held {
    fn age(&self, clock: Clock) -> Option<Duration> {
        Some(clock.monotonic().saturating_sub(self.since?))
    }

    /// Without an id, the one key that there is; never a guess between two.
    fn pick(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|key| id.is_none() || key.common.key_id.as_deref() == id)
            .filter(|key| fits(key, algorithm));
        let key = fitting.next()?;
        if id.is_none() && fitting.next().is_some() {
            return None;
        }
        DecodingKey::from_jwk(key).ok()
    }
}

fn is_for_signatures(key: &Jwk) -> bool {
    !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))
}

/// Whether a key is of the algorithm's kind, and of no other algorithm by its own word.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use jsonwebtoken::jwk::EllipticCurve as Curve;
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), _) => matches!(
            algorithm,
            Algorithm::RS256
                | Algorithm::RS384
                | Algorithm::RS512
                | Algorithm::PS256
                | Algorithm::PS384
                | Algorithm::PS512
        ),
        (AlgorithmParameters::EllipticCurve(it), Algorithm::ES256) => it.curve == Curve::P256,
        (AlgorithmParameters::EllipticCurve(it), Algorithm::ES384) => it.curve == Curve::P384,
        (AlgorithmParameters::OctetKeyPair(it), Algorithm::EdDSA) => it.curve == Curve::Ed25519,
        _ => false,
    };
    let said = key.common.key_algorithm;
    kind && said.is_none_or(|said| said.to_string() == format!("{algorithm:?}"))
}
