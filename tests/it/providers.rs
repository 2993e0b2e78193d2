//! Each upstream API, read and written: one exchange at a time, against answers written by hand.

mod statuspage;
mod support;
