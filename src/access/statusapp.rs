//! The StatusApp team: members, invitations and roles.

pub(in crate::access) mod change;
pub(in crate::access) mod team;
