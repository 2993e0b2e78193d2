//! A page access user as it is now.

use super::whole::read_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Email, PageId, Record};
use crate::upstream::Cx;

/// The page access users whom Statuspage finds for this address as it is written here, or in lower case: for reading back one that was
/// just made. Nobody found is no proof of absence; that is `look::search`.
pub(in crate::access) async fn viewer_by_email(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    email: &Email,
) -> Result<Vec<Record>, ProviderError> {
    for spelling in [email.as_str(), email.folded()] {
        let rows = statuspage.viewers_by(page, email, spelling);
        let mut found = read_all(rows, cx, "page access users with this address").await?;
        found.retain(|record| record.has_email(email));
        if !found.is_empty() || spelling == email.folded() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}
