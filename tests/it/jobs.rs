//! Everyday jobs in administrators' words, each with the fewest calls that a sensible agent needs: calls, requests and bytes are counted
//! and held.

mod changing;
mod job;
mod reading;
