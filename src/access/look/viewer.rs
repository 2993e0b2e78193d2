//! A page access user as it is now.

use super::whole::read_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Email, PageId, Record};
use crate::upstream::Cx;

/// The page access users with exactly this address: upstream's filter, compared again.
pub(in crate::access) async fn viewer_by_email(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    email: &Email,
) -> Result<Vec<Record>, ProviderError> {
    let mut found = read_all(
        statuspage.viewers(page, Some(email)),
        cx,
        "page access users with this address",
    )
    .await?;
    found.retain(|record| record.has_email(email));
    Ok(found)
}
