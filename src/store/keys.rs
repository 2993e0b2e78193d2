//! The keys that seal tokens.
//!
//! Guarantees: 256 random bits each; a token stays valid over a renewal and over a restart. Keys are readable by whoever
//! reads the state directory: the mode of the file is their only protection there.

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

/// One key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealingKey {
    /// Tells keys apart; stands readable in each token.
    pub id: String,
    #[serde(with = "text")]
    key: SecretString,
    made_at: Timestamp,
}

impl SealingKey {
    fn random(now: Timestamp) -> Self {
        let key: [u8; 32] = rand::random();
        let id: [u8; 4] = rand::random();
        Self {
            id: hex::encode(id),
            key: hex::encode(key).into(),
            made_at: now,
        }
    }

    /// The key itself: 64 bytes that hold 256 bits (hex digits).
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.key.expose_secret().as_bytes()
    }
}

/// secrecy serialises nothing by itself; the file of keys is the one place that must.
mod text {
    use secrecy::{ExposeSecret as _, SecretString};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(key: &SecretString, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(key.expose_secret())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<SecretString, D::Error> {
        String::deserialize(from).map(SecretString::from)
    }
}

/// The current key first, then those that only open what they once sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyRing(Vec<SealingKey>);

impl KeyRing {
    /// The age at which a new key takes over. The one before still opens until the next renewal, so no token may live longer.
    pub const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// The key that seals. `None` only for a ring that [`Store::keys`](super::Store::keys) did not give out.
    #[must_use]
    pub fn current(&self) -> Option<&SealingKey> {
        self.0.first()
    }

    /// Every key that opens.
    pub fn iter(&self) -> impl Iterator<Item = &SealingKey> {
        self.0.iter()
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.current()
            .is_none_or(|key| now.duration_since(key.made_at) >= Self::RENEWED_AFTER)
    }

    /// Does nothing if another process did it first.
    pub(super) fn renew(&mut self, now: Timestamp) {
        if !self.is_due(now) {
            return;
        }
        // The former current key stays whatever its age: it may have sealed a moment ago.
        self.0.truncate(1);
        self.0.insert(0, SealingKey::random(now));
    }
}
