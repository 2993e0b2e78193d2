//! What the plain values promise.

mod addresses;
mod desired;
mod difference;
mod hidden_text;
mod merging;
mod schemas;
