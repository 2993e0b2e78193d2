//! The value of a setting as it was written.

use std::collections::BTreeMap;

use super::problem::Origin;

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    List(Vec<Value>),
    /// A date as TOML has them, without quotes.
    Date(String),
    Table(BTreeMap<String, Value>),
    /// Something that no setting takes, by the name to show.
    Other(&'static str),
}

impl Value {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Date(_) => "a date",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) origin: Origin,
}
