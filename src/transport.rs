//! How a request arrives, and who is asking.

pub mod http;
mod lines;
pub mod stdio;
