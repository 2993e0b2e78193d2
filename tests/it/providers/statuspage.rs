//! Statuspage's Manage API.

mod audience;
mod groups;
mod on_the_sandbox;
mod pages;
mod permissions;
mod refusals;
mod subscribers;
mod team_members;
mod viewer_scope;
mod viewers;
