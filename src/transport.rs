//! How a request arrives, and who is asking.

pub mod http;
mod lines;
mod message;
pub mod stdio;
