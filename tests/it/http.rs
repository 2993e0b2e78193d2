//! The protocol over HTTP, asked as clients ask it: over a socket, with headers.

mod attacks;
mod closed_log;
mod cors;
mod crowd;
mod direct;
mod doors;
mod forms;
mod fuzz;
mod hostile;
mod identity_provider;
mod limits;
mod names;
mod oauth;
mod office;
mod operations;
mod program;
mod sessions;
mod share;
mod soak;
mod stopping;
mod tasks;
mod tokens;
mod unreadable;
mod withdrawn;
