//! The server's view of itself: its systems, its keys, its health, and the lists in memory.

pub(in crate::access) mod check;
pub(in crate::access) mod gauges;
pub(in crate::access) mod keys;
pub(in crate::access) mod memory;
pub(in crate::access) mod record;
pub(in crate::access) mod status;
