//! Numbers in place of the rows of a list.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::words;

words! {
    /// A value that the rows of a list can be counted by.
    By {
        /// The part of the address after the `@`.
        Domain = "domain",
        /// The state.
        Status = "status",
        /// The groups: who is in two is counted for both.
        Group = "group",
        /// The roles, likewise.
        Role = "role",
        /// The type or kind.
        Type = "type",
    }
}

/// Asks for numbers in place of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// Counted by this as well.
    pub by: Option<By>,
}

/// A value, and the number of rows that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ValueCount {
    /// The value; in brackets where a row has none.
    pub value: String,
    /// The number of rows that have it.
    pub count: usize,
}
