//! The answer to a write.

use serde_json::Value;

/// A success. Statuspage's codes are irregular (200, 201 and 204 for the same kind of act), so any 2xx is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, when there was one.
    pub body: Option<Value>,
}
