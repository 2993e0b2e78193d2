//! Fresh reads that plans rest on and steps are read back with; they look and change nothing.

pub(in crate::access) mod as_list;
pub(in crate::access) mod directory;
pub(in crate::access) mod group;
pub(in crate::access) mod search;
pub(in crate::access) mod so_far;
pub(in crate::access) mod statusapp;
pub(in crate::access) mod subscription;
pub(in crate::access) mod team;
pub(in crate::access) mod viewer;
pub(in crate::access) mod whole;
