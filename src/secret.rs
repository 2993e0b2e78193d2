//! A credential that does not print.
//!
//! Guarantees: no `Display`, a `Debug` without content, wiped when dropped. [`Secret::expose`] is the one way to the
//! characters, and `upstream` (which puts them in a header) is its one caller outside tests.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// An API key or a bearer token.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a credential over. White space around it (a newline at the end of a key file) is dropped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.trim().to_owned()))
    }

    /// The characters themselves.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns whether nothing is left after trimming.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Twelve hex digits that tell two keys apart and give neither away. Names the key's budget and its row in `server_status`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"status-roster key fingerprint v1\0")
            .chain_update(self.expose())
            .finalize();
        hex::encode(digest.get(..6).unwrap_or_default())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}
