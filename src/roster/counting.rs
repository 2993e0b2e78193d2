//! How a list is counted instead of shown.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::words;

words! {
    /// What the rows of a list can be counted by.
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

/// That rows are counted and not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// Counted by this as well.
    pub by: Option<By>,
}

/// How many rows have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Count {
    /// The value; in brackets where a row has none.
    pub value: String,
    /// How many rows have it.
    pub count: usize,
}
