//! A plan that waits for its confirmation.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Names a plan, and is spent with it: 128 random bits, shown as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanId([u8; 16]);

impl PlanId {
    /// A name that no other plan has.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Returns the name of the plan that a token confirms. The token cannot be had from the name: whoever reads the names of plans,
    /// in a list or in the store, confirms none of them.
    #[must_use]
    pub fn of_token(token: &str) -> Self {
        let digest = Sha256::digest(format!("status-roster plan\0{token}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        Self(bytes)
    }
}

/// The text is not a plan's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a plan is named by 32 hex digits")]
pub struct BadPlanId;

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for PlanId {
    type Err = BadPlanId;

    fn from_str(text: &str) -> Result<Self, BadPlanId> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadPlanId)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for PlanId {
    type Error = BadPlanId;

    fn try_from(text: String) -> Result<Self, BadPlanId> {
        text.parse()
    }
}

impl From<PlanId> for String {
    fn from(id: PlanId) -> Self {
        id.to_string()
    }
}

/// A plan and the state it was made from: kept to compare a later plan with it, and to finish it in any process that shares the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its name.
    pub id: PlanId,
    /// Until when it may be carried out, or finished.
    pub expires_at: Timestamp,
    /// The call that its token is good for.
    pub bound: Bound,
    /// The steps, as they were shown.
    pub steps: Value,
    /// The state that the plan was made from.
    pub state: Value,
    /// The summary for a person at the server, where one must approve the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// The decision of that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The progress of its steps and what is not known, in the form of the layer that carries them out.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub work: Value,
}

impl Plan {
    /// The time for which a plan is kept after it expired: a token that comes back late is told so, instead of being taken for a wrong one.
    const KEPT_ON: SignedDuration = SignedDuration::from_hours(1);

    /// Returns the time from which nothing is known of it.
    #[must_use]
    pub fn forgotten_at(&self) -> Timestamp {
        let kept_on = self.expires_at.checked_add(Self::KEPT_ON);
        kept_on.unwrap_or(Timestamp::MAX)
    }
}

/// The call that a token is good for, as SHA-256 digests in hex: the store holds no names because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The caller who asked.
    pub caller: String,
    /// The tool and its arguments.
    pub arguments: String,
    /// The systems that are changed.
    pub systems: String,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The time for which it was valid, in seconds.
    pub valid_for_s: u64,
}

/// A plan in words: the same that the agent was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The caller, and the program through which they call.
    pub caller: String,
    /// The tool that was called.
    pub tool: String,
    /// One sentence.
    pub summary: String,
    /// The steps, in order.
    pub steps: Vec<String>,
    /// The access that people lose.
    pub losses: Vec<String>,
    /// The warnings.
    pub warnings: Vec<String>,
    /// The text that the person types to agree: an address, or the name of a page or group.
    pub to_type: String,
    /// When it was asked for.
    pub at: Timestamp,
}

/// The decision of a person at the server about a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Yes or no.
    pub approved: bool,
    /// The person, as the machine knows them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The name of a plan's file: the time at which it is forgotten first, so that forgetting needs no reading.
#[derive(Debug)]
pub(super) struct PlanFile {
    pub(super) id: PlanId,
    pub(super) forgotten_at: Timestamp,
}

impl PlanFile {
    pub(super) fn parse(name: &str) -> Option<Self> {
        // `.new`: a crash came before the file had its name.
        let name = name.strip_suffix(".new").unwrap_or(name);
        let (forgotten_at, id) = name.strip_suffix(".json")?.split_once('-')?;
        let forgotten_at = Timestamp::from_second(forgotten_at.parse().ok()?).ok()?;
        Some(Self {
            id: id.parse().ok()?,
            forgotten_at,
        })
    }
}

impl fmt::Display for PlanFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A second more, because the name drops the fraction and a plan must not be forgotten before it expires.
        write!(
            f,
            "{}-{}.json",
            self.forgotten_at.as_second().saturating_add(1),
            self.id
        )
    }
}
