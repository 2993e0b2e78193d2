//! The content of a token, in 125 bytes: short, because a model copies it out by hand.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Subject,
    digest::{canonical, of},
};
use crate::store::PlanId;

/// Changed whenever the layout or a digest changes: older tokens are then refused as malformed, not misread.
const VERSION: u8 = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    id: [u8; 16],
    expires_at: Timestamp,
    valid_for: Duration,
    caller: [u8; 32],
    arguments: [u8; 32],
    effect: [u8; 32],
}

impl Claims {
    pub(super) fn new(id: PlanId, now: Timestamp, ttl: Duration, subject: &Subject<'_>) -> Self {
        // Whole seconds, which is what the token holds: what `offer` says is what `redeem` compares.
        let valid_for = Duration::from_secs(ttl.as_secs().min(u64::from(u32::MAX)));
        let expires_at = now.checked_add(valid_for).unwrap_or(Timestamp::MAX);
        let expires_at = Timestamp::from_second(expires_at.as_second()).unwrap_or(Timestamp::MAX);
        Self {
            id: id.to_bytes(),
            expires_at,
            valid_for,
            caller: caller(subject),
            arguments: arguments(subject),
            effect: effect(subject),
        }
    }

    pub(super) fn id(&self) -> PlanId {
        PlanId::from_bytes(self.id)
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    pub(super) fn valid_for(&self) -> Duration {
        self.valid_for
    }

    pub(super) fn is_of_caller(&self, subject: &Subject<'_>) -> bool {
        self.caller == caller(subject)
    }

    pub(super) fn is_of_arguments(&self, subject: &Subject<'_>) -> bool {
        self.arguments == arguments(subject)
    }

    pub(super) fn is_of_effect(&self, subject: &Subject<'_>) -> bool {
        self.effect == effect(subject)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let valid_for = u32::try_from(self.valid_for.as_secs()).unwrap_or(u32::MAX);
        let mut bytes = vec![VERSION];
        bytes.extend(self.id);
        bytes.extend(self.expires_at.as_second().to_be_bytes());
        bytes.extend(valid_for.to_be_bytes());
        bytes.extend(self.caller);
        bytes.extend(self.arguments);
        bytes.extend(self.effect);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, bytes) = bytes.split_first()?;
        let (id, bytes) = bytes.split_first_chunk()?;
        let (expires_at, bytes) = bytes.split_first_chunk()?;
        let (valid_for, bytes) = bytes.split_first_chunk()?;
        let (caller, bytes) = bytes.split_first_chunk()?;
        let (arguments, bytes) = bytes.split_first_chunk()?;
        let effect = bytes.try_into().ok()?;
        let claims = Self {
            id: *id,
            expires_at: Timestamp::from_second(i64::from_be_bytes(*expires_at)).ok()?,
            valid_for: Duration::from_secs(u32::from_be_bytes(*valid_for).into()),
            caller: *caller,
            arguments: *arguments,
            effect,
        };
        (*version == VERSION).then_some(claims)
    }
}

fn caller(subject: &Subject<'_>) -> [u8; 32] {
    of("caller", [subject.caller.name.as_str()])
}

fn arguments(subject: &Subject<'_>) -> [u8; 32] {
    of("arguments", [subject.tool, &canonical(subject.arguments)])
}

fn effect(subject: &Subject<'_>) -> [u8; 32] {
    let (steps, state) = (canonical(subject.steps), canonical(subject.state));
    let systems = subject.systems.iter().map(String::as_str);
    of(
        "effect",
        [steps.as_str(), &state].into_iter().chain(systems),
    )
}
