//! Tells a caller where to get a token: RFC 9728 metadata, and the challenge of RFC 6750.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use url::Url;

use super::refusal::Refusal;
use super::{ENDPOINT, OAuth, Settings};
use crate::caller::Scope;

/// The path of the metadata, before the path of what it describes.
pub(super) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The addresses of the provider and of this server, for callers without a token.
pub(super) struct Signpost {
    public_url: Option<Url>,
    oauth: Option<OAuth>,
}

impl Signpost {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            public_url: settings.public_url.clone(),
            oauth: settings.oauth.clone(),
        }
    }

    /// The address of the endpoint, and of its metadata. Without a public address both are under the name that the request used.
    fn addresses(&self, headers: &HeaderMap) -> Option<(String, String)> {
        let base = match &self.public_url {
            Some(url) => url.clone(),
            None => {
                let host = headers.get(header::HOST)?.to_str().ok()?;
                Url::parse(&format!("http://{host}/")).ok()?
            }
        };
        let path = format!("{}{ENDPOINT}", base.path().trim_end_matches('/'));
        let origin = base.origin().ascii_serialization();
        Some((
            format!("{origin}{path}"),
            format!("{origin}{WELL_KNOWN}{path}"),
        ))
    }

    /// The metadata, where there is a provider to name. It is found without the endpoint's path, and with it, as it is here or outside.
    pub(super) fn metadata(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let oauth = self.oauth.as_ref()?;
        let (resource, address) = self.addresses(headers)?;
        let asked = path.trim_end_matches('/');
        let known = [WELL_KNOWN.to_owned(), format!("{WELL_KNOWN}{ENDPOINT}")];
        if !known.iter().any(|known| known == asked) && !address.ends_with(asked) {
            return None;
        }
        let scopes: Vec<&str> = oauth.scopes.iter().map(|(_, word)| word.as_str()).collect();
        let metadata = json!({
            "resource": resource,
            "resource_name": "status-roster",
            "authorization_servers": [oauth.issuer_text],
            "scopes_supported": scopes,
            "bearer_methods_supported": ["header"],
        });
        Some(Json(metadata).into_response())
    }

    /// `WWW-Authenticate` for a refusal that a token, or another one, would mend. `needs` are the scopes that would do.
    pub(super) fn challenge(
        &self,
        refusal: &Refusal,
        headers: &HeaderMap,
        needs: &[Scope],
    ) -> Option<HeaderValue> {
        let error = match refusal {
            // RFC 6750, section 3.1: without a credential there is no error to tell.
            Refusal::NoToken => None,
            Refusal::BadToken(_) => Some("invalid_token"),
            Refusal::ScopeMissing => Some("insufficient_scope"),
            _ => return None,
        };
        let mut parts = vec!["realm=\"status-roster\"".to_owned()];
        parts.extend(error.map(|error| format!("error=\"{error}\"")));
        if let Refusal::BadToken(why) = refusal {
            parts.push(format!("error_description=\"{why}\""));
        }
        match &self.oauth {
            Some(oauth) => {
                let word = |needed: &Scope| {
                    let mut named = oauth.scopes.iter();
                    named
                        .find(|(scope, _)| scope == needed)
                        .map(|(_, word)| word.as_str())
                };
                let words: Vec<&str> = needs.iter().filter_map(word).collect();
                parts.push(format!("scope=\"{}\"", words.join(" ")));
                if let Some((_, metadata)) = self.addresses(headers) {
                    parts.push(format!("resource_metadata=\"{metadata}\""));
                }
            }
            None if *refusal == Refusal::ScopeMissing => {
                let words: Vec<&str> = needs.iter().map(|scope| scope.word()).collect();
                parts.push(format!("scope=\"{}\"", words.join(" ")));
            }
            None => {}
        }
        HeaderValue::from_str(&format!("Bearer {}", parts.join(", "))).ok()
    }
}
