//! The user directory: who is in it, its groups, and changes of both.

pub(in crate::access) mod change_user;
pub(in crate::access) mod groups;
pub(in crate::access) mod users;
