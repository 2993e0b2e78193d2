//! A server that is killed at any moment of a job, and the servers after it: the job is completed, nothing is done twice, and
//! the record tells all of it.

mod offboard;
mod story;
mod sync;
mod victim;
