//! "Did you mean" for what stands in a configuration file.

pub(super) use crate::roster::nearest::{did_you_mean as to, nearest as name};

/// Suggests the nearest name of a table.
pub(super) fn to_table<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    self::name(name, known).map_or_else(String::new, |it| format!("; did you mean `[{it}]`?"))
}
