//! The protocol's side, asked by a real client over a pair of pipes in memory, in both eras.

mod client;
mod completions;
mod exports;
mod human;
mod operator;
mod prompts;
mod resources;
mod stdio;
mod subscriptions;
mod systems;
mod tasks;
mod toolsets;
