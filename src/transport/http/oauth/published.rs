//! The documents that an identity provider publishes: its metadata, and its keys.

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use serde::Deserialize;
use url::Url;

use super::OAuth;
use crate::upstream::fetch_public;

/// A set of keys is a few KB.
const LONGEST: usize = 256 * 1024;

/// The addresses of these documents.
pub(super) struct Published {
    issuer: Url,
    issuer_text: String,
    jwks_url: Option<Url>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Url,
}

impl Published {
    pub(super) fn of(settings: &OAuth) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            issuer_text: settings.issuer_text.clone(),
            jwks_url: settings.jwks_url.clone(),
        }
    }

    /// The keys that are for signatures.
    pub(super) async fn fetch(&self) -> Result<Vec<Jwk>, String> {
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
        Ok(keys)
    }

    /// Finds the address of the keys in the provider's metadata: OpenID Connect Discovery, else RFC 8414.
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

fn is_for_signatures(key: &Jwk) -> bool {
    !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))
}
