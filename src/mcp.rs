//! The Model Context Protocol's side of the server: cards, calls, progress and instructions in its terms.
//!
//! It adds no rule: what a caller may do is decided below, by the same path for every transport.

mod call;
mod handler;
mod human;
mod progress;
mod render;

pub use handler::{Handler, INSTRUCTIONS};
