//! Pages. The API lists and shows them; it neither creates nor deletes one.

use serde::Deserialize;

use super::{Cx, Result, Scan, Statuspage, audience, page_path, wire};
use crate::{
    roster::{Page, PageId},
    upstream::{List, Paging, Path, Row, Single},
};

/// The fields that identify a page and say who may look, of some fifty. Logos and styles come as texts or objects and are not read.
#[derive(Deserialize)]
pub(super) struct WirePage {
    #[serde(deserialize_with = "wire::id")]
    id: PageId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    subdomain: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    domain: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    viewers_must_be_team_members: Option<bool>,
    #[serde(default, deserialize_with = "wire::is_set")]
    ip_restrictions: bool,
}

impl Row for WirePage {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WirePage {}

impl WirePage {
    fn page(self) -> Page {
        let mut altered = false;
        let mut clean = |text: Option<&str>| wire::clean(text, &mut altered);
        let (name, subdomain) = (
            clean(self.name.as_deref()),
            clean(self.subdomain.as_deref()),
        );
        let host = clean(self.domain.as_deref())
            .or_else(|| Some(format!("{}.statuspage.io", subdomain.as_deref()?)));
        let mut page = Page {
            id: self.id,
            name,
            url: host.map(|host| format!("https://{host}")),
            subdomain,
            viewers_must_be_team_members: self.viewers_must_be_team_members,
            ip_restricted: self.ip_restrictions,
            visible_to: None,
            audience: crate::roster::Audience::Unknown,
            audience_reasons: Vec::new(),
            text_altered: altered,
        };
        let evidence = audience::evidence(&page, &audience::Seen::default());
        page.audience = evidence.audience;
        page.audience_reasons = evidence.reasons;
        page
    }
}

/// Returns the path of the list of pages.
pub(super) fn path() -> Path {
    Path::new().push("pages")
}

impl Statuspage {
    /// Every page that the key reaches, in one request: Statuspage has no paging for it. What is known of the audience is what the page
    /// itself says; [`Statuspage::audience`] looks further.
    pub fn pages(&self) -> Scan<Page> {
        self.scan(
            List::new(path()).paged(Paging::Whole),
            |page: WirePage, _| page.page(),
        )
    }

    /// One page. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn page(&self, cx: &Cx, page: &PageId) -> Result<Page> {
        let wire: WirePage = self.0.client.get(cx, page_path(page)).await?;
        Ok(wire.page())
    }
}
