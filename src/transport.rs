//! The transports: they receive requests and identify the callers.

pub mod http;
mod lines;
mod message;
pub mod stdio;
