//! The sandbox, asked over the wire by a client that shares nothing with the server's own.

mod faults;
mod limits;
mod permissions;
mod scim;
mod scope;
mod statusapp;
mod subscribers;
mod team_members;
mod viewers;
pub(crate) mod wire;
