//! Concludes from the visible facts whether a page is audience-specific.
//!
//! `Page` has no field for it, and calls on page access users of another page succeed without effect (Manage API, `page access
//! users`): a success proves nothing. So: somebody in a list proves it, a private page speaks against it, empty lists leave it
//! open, and only the operator can say so for certain.

use super::{Cx, ProviderError, Result, Statuspage};
use crate::{
    roster::{Audience, Evidence, Page},
    upstream::Error,
};

/// The facts that are known besides the page itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The operator says in the configuration that the page is audience-specific.
    pub asserted: bool,
    /// True when the page has page access users; absent when nobody looked.
    pub viewers: Option<bool>,
    /// True when the page has page access groups; absent when nobody looked.
    pub groups: Option<bool>,
    /// The reason why a look failed: a sentence.
    pub refused: Option<String>,
}

/// Concludes from `page` and `seen` whether the page is audience-specific.
#[must_use]
pub fn evidence(page: &Page, seen: &Seen) -> Evidence {
    let mut reasons = Vec::new();
    let mut say = |is: bool, reason: &str| {
        if is {
            reasons.push(reason.to_owned());
        }
        is
    };
    let asserted = say(
        seen.asserted,
        "the operator says in the configuration that it is",
    );
    let viewers = say(seen.viewers == Some(true), "it has page access users");
    let groups = say(seen.groups == Some(true), "it has page access groups");
    let team = say(
        page.viewers_must_be_team_members == Some(true),
        "it is a private page: only team members may look (`viewers_must_be_team_members`)",
    );
    let network = say(
        page.ip_restricted,
        "it is a private page: only certain networks may look (`ip_restrictions`)",
    );
    let (populated, private) = (viewers || groups, team || network);
    let audience = if asserted || (populated && !private) {
        Audience::Yes
    } else if populated {
        say(
            true,
            "the two contradict each other: the people may be left from an earlier page type",
        );
        Audience::Unknown
    } else if private {
        Audience::NoEvidence
    } else if let Some(refused) = &seen.refused {
        say(true, refused);
        Audience::Unknown
    } else if seen.viewers == Some(false) && seen.groups == Some(false) {
        say(
            true,
            "it has neither page access users nor page access groups, which Statuspage answers for every type of page",
        );
        Audience::NoEvidence
    } else {
        say(true, "its page access users and groups were not looked at");
        Audience::Unknown
    };
    Evidence { audience, reasons }
}

impl Statuspage {
    /// Looks for evidence. No request for a page that the operator vouches for or that is private, one when it has page access users, two
    /// otherwise.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when a request fails. A 403 is no error but one of the reasons.
    pub async fn audience(&self, cx: &Cx, page: &Page, asserted: bool) -> Result<Evidence> {
        let mut signs = Seen {
            asserted,
            ..Seen::default()
        };
        if asserted || evidence(page, &signs).audience != Audience::Unknown {
            return Ok(evidence(page, &signs));
        }
        match self.viewers(&page.id).next(cx).await.transpose() {
            Ok(first) => {
                signs.viewers =
                    Some(holds_somebody(first.map(|batch| {
                        batch.progress.rows + batch.progress.unreadable
                    })))
            }
            Err(error) => signs.refused = Some(refused(error)?),
        }
        if signs.viewers == Some(false) {
            match self.groups(&page.id).next(cx).await.transpose() {
                Ok(first) => {
                    signs.groups =
                        Some(holds_somebody(first.map(|batch| {
                            batch.progress.rows + batch.progress.unreadable
                        })))
                }
                Err(error) => signs.refused = Some(refused(error)?),
            }
        }
        Ok(evidence(page, &signs))
    }
}

/// Returns whether a first page shows somebody. Rows that could not be read are somebody, too.
fn holds_somebody(rows: Option<usize>) -> bool {
    rows.unwrap_or(0) > 0
}

/// A 403 may mean "not on this type of page" or "not with this key": no verdict. Any other failure is one.
fn refused(error: ProviderError) -> Result<String> {
    match error {
        ProviderError::Upstream(Error::Forbidden { .. }) => Ok(
            "Statuspage refuses to show its page access users or groups (403), which may be the page's type or the key's rights"
                .to_owned(),
        ),
        other => Err(other),
    }
}
