//! A page access user as it is now.

use std::sync::{Arc, OnceLock};

use super::whole::read_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::{SignIn, Statuspage};
use crate::roster::{Email, PageId, Record, ViewerId};
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

/// A page access user who was made a step before: found once, and read by its id after that. The steps of one plan share it.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Newcomer(Arc<OnceLock<ViewerId>>);

impl Newcomer {
    /// The account, where it is there. One request for an address or an account that was found before; by an external login alone
    /// Statuspage does not search, so then the whole list is read.
    pub(in crate::access) async fn find(
        &self,
        statuspage: &Statuspage,
        cx: &Cx,
        page: &PageId,
        sign_in: &SignIn,
    ) -> Result<Option<Record>, ProviderError> {
        if let Some(id) = self.0.get() {
            return match statuspage.viewer(cx, page, id).await {
                Ok(record) => Ok(Some(record)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            };
        }
        let found = match (&sign_in.email, &sign_in.external_login) {
            (Some(email), _) => viewer_by_email(statuspage, cx, page, email).await?,
            (None, Some(login)) => {
                let mut all = read_all(statuspage.viewers(page), cx, "page access users").await?;
                all.retain(|record| signs_in_with(record, login));
                all
            }
            (None, None) => Vec::new(),
        };
        let found = found.into_iter().next();
        if let Some(id) = found.as_ref().and_then(Record::viewer_id) {
            // Whichever step found it first: it is the same account.
            let _ = self.0.set(id);
        }
        Ok(found)
    }
}

/// Returns whether this is the account that the identity provider knows by this text. Unlike an address it is compared exactly.
pub(in crate::access) fn signs_in_with(record: &Record, login: &str) -> bool {
    record.external_id.as_deref() == Some(login.trim())
}
