//! By what a request was let in.

use std::sync::Arc;

use jiff::Timestamp;

/// By what a caller was let in, as far as it can end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Pass {
    /// Nobody is asked.
    Local,
    /// A static token, by its hash.
    Token(Arc<str>),
    /// A provider's token, which is good until then.
    Until(Timestamp),
}
