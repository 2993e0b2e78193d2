//! One line: what it says, and how it is chained to the one before.
//!
//! `{"seq":7,"at":"…","kind":"…", …,"prev":"HASH","hash":"HASH"}`, where `hash` is the SHA-256 of the line's bytes without the `hash`
//! member. It is taken over bytes, not over values, so that the same values written differently do not pass.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Planned, Status, Unfinished, Why, redact::Redact};

/// The `prev` of the first line.
pub(super) const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Member names are shorter than any credential that [`Redact`] looks for: it cannot damage them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one line is in memory at a time, and most are intents"
)]
pub(super) enum Body {
    Intent {
        intent: String,
        writer: String,
        caller: Who,
        tool: String,
        plan: String,
        call: String,
        system: String,
        action: String,
        target: Value,
        before: Value,
    },
    Outcome {
        intent: String,
        status: Status,
        after: Value,
        detail: String,
    },
    Event {
        event: String,
        detail: Value,
    },
    /// The beginning of a line whose process died while it was writing it; taken off the end and kept here.
    Torn {
        bytes: u64,
        text: String,
    },
    /// Written by a later version.
    #[serde(other, skip_serializing)]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Who {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<String>,
}

/// A line as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    seq: u64,
    at: Timestamp,
    #[serde(flatten)]
    pub(super) body: Body,
    prev: String,
    pub(super) hash: String,
}

impl Body {
    pub(super) fn intent(intent: String, writer: String, planned: Planned) -> Self {
        let Planned {
            caller,
            tool,
            plan_id,
            call_id,
            system,
            action,
            target,
            before,
        } = planned;
        let caller = Who {
            name: caller.name,
            client: caller.client,
        };
        let (plan, call) = (plan_id, call_id);
        Self::Intent {
            intent,
            writer,
            caller,
            tool,
            plan,
            call,
            system,
            action,
            target,
            before,
        }
    }
}

impl Line {
    /// Returns the change that stays open if no outcome follows.
    pub(super) fn unfinished(&self) -> Option<Unfinished> {
        match &self.body {
            Body::Intent {
                intent,
                writer,
                caller,
                tool,
                plan,
                system,
                action,
                target,
                ..
            } => Some(Unfinished {
                intent: intent.clone(),
                at: self.at,
                caller: caller.name.clone(),
                tool: tool.clone(),
                plan: plan.clone(),
                system: system.clone(),
                action: action.clone(),
                target: target.clone(),
                writer: writer.clone(),
            }),
            _ => None,
        }
    }
}

/// Writes a line, its newline included.
pub(super) fn write(
    seq: u64,
    at: Timestamp,
    prev: &str,
    body: &Body,
    redact: &Redact,
) -> serde_json::Result<String> {
    let body = redact.apply(&serde_json::to_string(body)?);
    let members = body
        .strip_prefix('{')
        .and_then(|body| body.strip_suffix('}'))
        .unwrap_or_default();
    let mut line = format!(r#"{{"seq":{seq},"at":"{at}",{members},"prev":"{prev}""#);
    let hash = digest(&line);
    line.push_str(&tail_of(&hash));
    Ok(line)
}

/// Reads a line (without its newline) that must be number `seq` and follow `prev`.
pub(super) fn read(line: &[u8], seq: u64, prev: &str) -> Result<Line, Why> {
    let text = std::str::from_utf8(line).map_err(|_| Why::NotALine)?;
    let parsed: Line = serde_json::from_str(text).map_err(|_| Why::NotALine)?;
    let mut end = tail_of(&parsed.hash);
    end.truncate(end.len().saturating_sub(1));
    let hashed = text.strip_suffix(&end).ok_or(Why::NotALine)?;
    if digest(hashed) != parsed.hash {
        return Err(Why::Edited);
    }
    if parsed.prev != prev || parsed.seq != seq {
        return Err(Why::OutOfPlace { says: parsed.seq });
    }
    Ok(parsed)
}

/// Returns the end of a line with this hash, its newline included.
pub(super) fn tail_of(hash: &str) -> String {
    format!(",\"hash\":\"{hash}\"}}\n")
}

fn digest(line: &str) -> String {
    hex::encode(Sha256::digest(line))
}
