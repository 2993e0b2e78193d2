//! How a request arrives, and who is asking.

mod lines;
pub mod stdio;
