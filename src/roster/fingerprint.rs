//! Tells two texts apart that must not be shown, such as the addresses of two webhooks.

use sha2::{Digest as _, Sha256};

/// The first 48 bits of a text's SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Computes the fingerprint of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut whole = hex::encode(Sha256::digest(text));
        whole.truncate(12);
        Self(whole)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A telephone number is found again from its fingerprint by trying, so a log does not get it.
impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}
