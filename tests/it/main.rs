//! Every test that goes through a front door: a tool call, the binary, or a layer's public face.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails; clippy knows that of `#[test]` itself, not of its helpers"
)]

mod architecture;
mod audit;
mod binary;
mod budget;
mod config;
mod confirmation;
mod contracts;
mod http;
mod jobs;
mod killed;
mod machines;
mod mcp;
mod mcp_json;
mod operations;
mod policy;
mod properties;
mod providers;
mod readme;
mod roster;
mod sandbox;
mod scale;
mod store;
mod storm;
mod tools;
mod turns;
mod upstream;
