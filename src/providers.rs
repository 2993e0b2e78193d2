//! Each upstream API in the words of [`crate::roster`].
//!
//! Guarantees: what a provider returns is plain truth values; the shapes on the wire stay private to the file that reads
//! them; a row that cannot be read is counted and makes its list incomplete, never dropped in silence.

pub mod atlassian_scim;
mod error;
mod scan;
pub mod statusapp;
pub mod statuspage;
mod wire;

pub use error::{ProviderError, Refusal};
pub use scan::{Batch, Scan};
