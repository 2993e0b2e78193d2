//! The lines of a transcript's file: one JSON object each.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Answer {
    pub asked: String,
    pub at: Timestamp,
    pub body: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Began(Timestamp),
    Answer(Answer),
    Ended,
    /// Its caller was stopped, and may ask the same again.
    Stopped,
    /// Somebody has all of it.
    Done,
}
