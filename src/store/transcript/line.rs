//! What stands in a transcript's file: a JSON object a line.

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
