//! Each upstream API, read and written: one exchange at a time, against answers written by hand.

mod atlassian_scim;
mod played;
mod statusapp;
mod statuspage;
mod support;
