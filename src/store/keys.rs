//! The keys that seal cursors.
//!
//! Guarantees: 256 random bits each; what was sealed still opens after a renewal and after a restart; a key leaves this
//! module for its store only, everybody else gets what it makes of a text. Keys are readable by whoever reads the state
//! directory or the Redis: the mode of the file, or the rights in Redis, are their only protection there.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct SealingKey {
    /// Tells keys apart, for whoever reads the state.
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
    "the sealing keys (`keys.json` in the state directory, or `keys` in Redis) cannot be used; move them away to start anew, which makes every cursor given out so far useless"
)]
pub struct BadKeys;

/// The current key first, then those that only open what they once sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyRing(Vec<SealingKey>);

impl KeyRing {
    /// The age at which a new key takes over. The one before still opens until the next renewal, so no cursor may live longer.
    pub const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// Returns the HMAC-SHA256 of a text under each key: what is sealed carries the first, what is opened must carry one of them. The
    /// text begins with a purpose, so that what was sealed for one is refused for another.
    ///
    /// # Errors
    /// [`BadKeys`]: there is no key, or one of fewer than 256 bits.
    pub fn macs(&self, text: &str) -> Result<Vec<[u8; 32]>, BadKeys> {
        let mac = |key: &SealingKey| {
            let key = key.key.expose_secret();
            let long = (key.len() >= 64).then_some(key.as_bytes());
            let mut mac =
                Hmac::<Sha256>::new_from_slice(long.ok_or(BadKeys)?).map_err(|_| BadKeys)?;
            mac.update(text.as_bytes());
            Ok(mac.finalize().into_bytes().into())
        };
        let macs: Vec<_> = self.0.iter().map(mac).collect::<Result<_, _>>()?;
        if macs.is_empty() {
            Err(BadKeys)
        } else {
            Ok(macs)
        }
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
