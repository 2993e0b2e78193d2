//! One step of a change: what it says of itself, how it is made, and how one sees that it was.

use futures::future::BoxFuture;
use serde_json::Value;

use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::upstream::Cx;

/// What reading back shows.
#[derive(Debug, Clone)]
pub(super) enum Seen {
    /// As the step wanted it.
    AsWanted(Value),
    /// As before: the system accepted the request and did nothing, for the given reason.
    Unchanged(Value, String),
    /// Neither: somebody else changes it too, or it was made in part.
    Otherwise(Value, String),
}

/// A step. The future-returning methods exist because steps of several kinds stand in one plan.
pub(super) trait Act: Send + Sync {
    /// The system that it changes, as in roster records.
    fn system(&self) -> &'static str;
    /// In words: `remove the page access user`.
    fn action(&self) -> String;
    /// Name or address, and id.
    fn target(&self) -> String;
    /// The ids and values it acts on: part of the confirmation's digest and of the audit line.
    fn exact(&self) -> Value;
    /// What was seen before.
    fn before(&self) -> Value;
    /// What somebody loses; nothing for a step that only adds.
    fn losses(&self) -> Vec<String> {
        Vec::new()
    }
    /// Requests it takes, reading back included.
    fn requests(&self) -> u32 {
        2
    }
    /// Makes the change. `intent` proves that it is on record.
    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>>;
    /// Reads it back.
    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>>;
}
