//! The Model Context Protocol's side of the server: tools, calls, progress and instructions in its terms.
//!
//! It adds no rule: what a caller may do is decided below, by the same path for every transport.

mod address;
mod call;
mod completions;
pub mod direct;
mod era;
mod exports;
mod handler;
mod human;
mod icon;
pub(crate) mod opening;
mod progress;
pub mod prompts;
mod render;
mod resources;
pub mod tasks;
mod watch;

pub use handler::{Handler, INSTRUCTIONS};
