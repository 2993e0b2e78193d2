//! The keys that seal tokens.
//!
//! Guarantees: 256 random bits each; what was sealed still opens after a renewal and after a restart; a key leaves this
//! module for its store only, everybody else gets the codec that uses it. Keys are readable by whoever reads the state
//! directory or the Redis: the mode of the file, or the rights in Redis, are their only protection there.

use jiff::{SignedDuration, Timestamp};
use rmcp::model::RequestStateCodec;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SealingKey {
    /// Tells keys apart; stands readable in each token.
    id: String,
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

/// The keys that are kept are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the sealing keys (`keys.json` in the state directory, or `keys` in Redis) cannot be used; move them away to start anew, which makes every token and cursor given out so far useless"
)]
pub struct BadKeys;

/// The current key first, then those that only open what they once sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyRing(Vec<SealingKey>);

impl KeyRing {
    /// The age at which a new key takes over. The one before still opens until the next renewal, so no token may live longer.
    pub const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// Seals with the current key and opens with any. Whoever seals names a purpose as associated data: what was sealed
    /// for one is then refused for another.
    ///
    /// # Errors
    /// The kept keys are none: too short, doubled, or missing.
    pub fn codec(&self) -> Result<RequestStateCodec, BadKeys> {
        let current = self.0.first().ok_or(BadKeys)?;
        let keys = self
            .0
            .iter()
            .map(|key| (key.id.clone(), key.key.expose_secret()));
        RequestStateCodec::new_with_keyring(&current.id, keys).map_err(|_| BadKeys)
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.0
            .first()
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
