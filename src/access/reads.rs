//! The reads of whole lists: one scan shared by all callers, its cursor, and the pieces of it.

pub(in crate::access) mod continued;
pub(in crate::access) mod counted;
pub(in crate::access) mod cursor;
pub(in crate::access) mod journey;
pub(in crate::access) mod listing;
pub(in crate::access) mod lists;
pub(in crate::access) mod named_row;
pub(in crate::access) mod one;
mod order;
pub(in crate::access) mod piece;
pub(in crate::access) mod scan;
pub(in crate::access) mod shelf;
pub(in crate::access) mod size;
pub(in crate::access) mod spelt;
pub(in crate::access) mod weight;
