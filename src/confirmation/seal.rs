//! Claims in and out of a token: HMAC-SHA256 by rmcp's codec, under the store's key ring.

use rmcp::model::{RequestStateCodec, SealOptions};

use super::claims::Claims;
use crate::store::{BadKeys, KeyRing};

/// Keeps these tokens apart from whatever else is ever sealed with the same keys.
const PURPOSE: &[u8] = b"status-roster confirmation v1";

pub(super) struct Seal(RequestStateCodec);

impl Seal {
    pub(super) fn new(ring: &KeyRing) -> Result<Self, BadKeys> {
        ring.codec().map(Self)
    }

    /// Expiry is among the claims, not the codec's: the codec asks the machine for the time, and a test freezes ours.
    pub(super) fn close(&self, claims: &Claims) -> String {
        self.0.seal_with(
            &claims.to_bytes(),
            &SealOptions::new().associated_data(PURPOSE),
        )
    }

    /// `None`: not sealed by this ring, or not the way it was sealed.
    pub(super) fn open(&self, token: &str) -> Option<Claims> {
        // White space around it is what copying adds.
        let bytes = self.0.open_with(token.trim(), PURPOSE).ok()?;
        Claims::from_bytes(&bytes)
    }
}
