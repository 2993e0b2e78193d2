//! What the server knows of itself: its systems, its keys, its health, and what it holds in memory.

pub(in crate::access) mod check;
pub(in crate::access) mod gauges;
pub(in crate::access) mod keys;
pub(in crate::access) mod memory;
pub(in crate::access) mod record;
pub(in crate::access) mod status;
