//! The credential by which a request was accepted.

use std::sync::Arc;

use jiff::Timestamp;

/// The credential by which a caller was accepted, as far as it can end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Pass {
    /// Nobody is asked.
    Local,
    /// A static token, by its hash.
    Token(Arc<str>),
    /// A provider's token, which is good until then.
    Until(Timestamp),
}
