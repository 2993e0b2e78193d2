//! Shows who can see and run a company's status pages, and changes it without accidents.
//!
//! The layers, top to bottom, are in `docs/architecture.md`; a test holds every `use` line to them.

#[cfg(not(unix))]
compile_error!(
    "status-roster needs Linux or macOS: it keeps keys, locks and its record apart from other users by what Unix has for that. On Windows \
     run it in WSL, or in a container."
);

pub mod access;
pub mod app;
pub mod audit;
pub mod caller;
pub mod cli;
pub mod clock;
pub mod config;
pub mod confirmation;
pub mod mcp;
pub mod memory;
pub mod offload;
pub mod policy;
pub mod providers;
pub mod roster;
pub mod sandbox;
pub mod secret;
pub mod store;
pub mod toolkit;
#[path = "../tools/mod.rs"]
pub mod tools;
pub mod transport;
pub mod upstream;
