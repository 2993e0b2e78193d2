//! Each upstream API in the words of [`crate::roster`].
//!
//! Guarantees: what a provider returns is plain truth values; the shapes on the wire stay private to the file that reads
//! them; a row that cannot be read is counted and makes its list incomplete, never dropped in silence.

mod error;
pub mod statuspage;

pub use error::{ProviderError, Refusal};
