//! The use cases that concern a person in every system at once, or everybody: find, offboard, review, export.

mod account_names;
mod by_name;
pub(in crate::access) mod everybody;
pub(in crate::access) mod export;
pub(in crate::access) mod find_person;
pub(in crate::access) mod offboard;
pub(in crate::access) mod others;
pub(in crate::access) mod person;
pub(in crate::access) mod review;
pub(in crate::access) mod spellings;
pub(in crate::access) mod surface;
pub(in crate::access) mod surfaces;
