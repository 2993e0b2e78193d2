//! The form in which a key is sent to its upstream: always in a header.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue, InvalidHeaderValue};

use crate::secret::Secret;

/// A key and the header it goes in. Never part of an address: those are logged everywhere.
#[derive(Debug, Clone)]
pub enum Credential {
    /// `Authorization: OAuth KEY`: Statuspage's own word for a static key ("Authentication" in the API reference).
    OAuth(Secret),
    /// `Authorization: Bearer KEY`: Atlassian user provisioning (SCIM).
    Bearer(Secret),
    /// `X-API-Key: KEY`: StatusApp.
    ApiKey(Secret),
}

impl Credential {
    /// The key's [`Secret::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.secret().fingerprint()
    }

    pub(super) fn secret(&self) -> &Secret {
        match self {
            Self::OAuth(secret) | Self::Bearer(secret) | Self::ApiKey(secret) => secret,
        }
    }

    /// The header, marked so that HTTP libraries neither print nor index its value.
    pub(super) fn header(&self) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        let key = self.secret().expose();
        let (name, text) = match self {
            Self::OAuth(_) => (AUTHORIZATION, format!("OAuth {key}")),
            Self::Bearer(_) => (AUTHORIZATION, format!("Bearer {key}")),
            Self::ApiKey(_) => (HeaderName::from_static("x-api-key"), key.to_owned()),
        };
        let mut value = HeaderValue::try_from(text)?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    /// `text` without the key, in whatever case it is written: an upstream may repeat what it was sent, and a host name is lower case.
    /// Give it text that is cleaned already: characters that nobody sees would keep the key from being recognised.
    pub(super) fn scrub(&self, text: &str) -> String {
        let key = self.secret().expose().to_ascii_lowercase();
        if key.is_empty() {
            return text.to_owned();
        }
        let folded = text.to_ascii_lowercase();
        let mut scrubbed = String::with_capacity(text.len());
        let mut from = 0;
        for (at, _) in folded.match_indices(&key) {
            scrubbed.push_str(text.get(from..at).unwrap_or_default());
            scrubbed.push_str("[secret]");
            from = at + key.len();
        }
        scrubbed.push_str(text.get(from..).unwrap_or_default());
        scrubbed
    }
}
