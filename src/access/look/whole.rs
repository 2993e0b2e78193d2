//! Whole lists, or nothing; and records as two reads of the same state share them.

use crate::access::reads::scan::flaw;
use crate::providers::{ProviderError, statuspage};
use crate::upstream::Cx;

/// A whole list, or an error: what is concluded from it must not rest on a part of it.
pub(in crate::access) async fn read_all<T>(
    mut scan: statuspage::Scan<T>,
    cx: &Cx,
    what: &'static str,
) -> Result<Vec<T>, ProviderError> {
    let mut rows = Vec::new();
    while let Some(batch) = scan.next(cx).await {
        rows.extend(batch?.records);
    }
    let why = flaw(scan.progress()).or_else(|| scan.emptiness().map(ToOwned::to_owned));
    match why {
        None => Ok(rows),
        Some(why) => Err(ProviderError::Untrusted {
            what,
            place: "the list".to_owned(),
            why,
        }),
    }
}
