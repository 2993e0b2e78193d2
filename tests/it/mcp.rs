//! The protocol's side, asked by a real client over a pair of pipes in memory, in both eras.

mod client;
mod human;
mod operator;
