//! A row of a list that can be looked through by name.

use schemars::JsonSchema;
use serde::Serialize;

use crate::roster::{Fit, NameMatch};

/// A row, marked where its name is the one that was given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct NamedRow<R> {
    /// The row of the list.
    #[serde(flatten)]
    pub row: R,
    /// `exact`: the name is exactly `name`, without regard to case. Such rows come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_match: Option<NameMatch>,
}

impl<R> NamedRow<R> {
    pub(in crate::access) fn of(row: R, fit: Fit) -> Self {
        let name_match = NameMatch::of(fit);
        Self { row, name_match }
    }
}
