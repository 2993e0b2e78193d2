//! Pages, and whether they are audience-specific.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::look::whole::read_all;
use crate::access::{Access, Ask, Refusal};
use crate::caller::Scope;
use crate::roster::{Audience, Evidence, Page, PageId};

/// The pages of the organization.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PageList {
    /// The pages that this server may speak of.
    pub records: Vec<Page>,
    /// Always true: Statuspage gives all pages in one answer.
    pub complete: bool,
    /// When it was read (RFC 3339).
    pub as_of: String,
    /// Pages read.
    pub scanned: usize,
    /// Pages in `records`.
    pub matched: usize,
    /// What to know about this answer.
    pub warnings: Vec<String>,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<crate::access::Rate>,
}

impl Access {
    /// All pages, each with evidence of whether page access users mean anything there: one request, and one or two a page.
    ///
    /// # Errors
    /// When the pages could not be read.
    pub async fn list_pages(&self, ask: &Ask) -> Result<PageList, Refusal> {
        let as_of = self.clock().now().to_string();
        let pages = self.pages(ask).await?;
        let scanned = pages.len();
        let mut warnings = Vec::new();
        let mut records = Vec::new();
        for mut page in pages {
            if self
                .permit(ask, Scope::Read, std::slice::from_ref(&page.id), &[], &[])
                .is_err()
            {
                continue;
            }
            ask.progress.tell(
                records.len() as u64 + 1,
                Some(scanned as u64),
                "looking for evidence of each page's type",
            );
            match self.audience(ask, &page).await {
                Ok(evidence) => {
                    page.audience = evidence.audience;
                    page.audience_reasons = evidence.reasons;
                }
                Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
                Err(error) => {
                    page.audience = Audience::Unknown;
                    page.audience_reasons = vec![format!(
                        "it could not be looked at: {}",
                        error.without_ending()
                    )];
                }
            }
            records.push(page);
        }
        if records.len() < scanned {
            warnings.push(format!(
                "{} of {scanned} pages are outside `policy.pages` and not shown",
                scanned - records.len()
            ));
        }
        let rate = self.rate().await;
        Ok(PageList {
            matched: records.len(),
            records,
            complete: true,
            as_of,
            scanned,
            warnings,
            rate,
        })
    }

    async fn pages(&self, ask: &Ask) -> Result<Vec<Page>, Refusal> {
        let pages = read_all(self.statuspage()?.pages(), &ask.interactive(), "pages").await?;
        self.remember_pages(&pages);
        Ok(pages)
    }

    /// Page names by id, for answers that would otherwise show bare ids.
    pub(in crate::access) async fn page_names(
        &self,
        ask: &Ask,
    ) -> Result<BTreeMap<PageId, String>, Refusal> {
        Ok(self
            .pages(ask)
            .await?
            .into_iter()
            .filter_map(|page| Some((page.id, page.name?)))
            .collect())
    }

    /// The names of pages as far as they are known: from memory, and from one read where one of these is missing there.
    pub(in crate::access) async fn names_of_pages(
        &self,
        ask: &Ask,
        pages: &[PageId],
    ) -> BTreeMap<PageId, String> {
        let known = self.page_names_read();
        if pages.iter().all(|page| known.contains_key(page)) {
            return known;
        }
        match self.page_names(ask).await {
            Ok(names) => names,
            Err(error) => {
                tracing::debug!(why = error.word(), "the names of pages could not be read");
                known
            }
        }
    }

    /// Refuses a grant on a page that does not exist: Statuspage's answer to it is not documented.
    pub(in crate::access) async fn known_pages(
        &self,
        ask: &Ask,
        named: impl Iterator<Item = &PageId>,
    ) -> Result<(), Refusal> {
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            return Ok(());
        }
        let pages = self.pages(ask).await?;
        match named
            .into_iter()
            .find(|id| !pages.iter().any(|page| page.id == **id))
        {
            None => Ok(()),
            Some(id) => Err(Refusal::NotFound {
                what: format!("page `{id}`"),
                where_: " in this organization".to_owned(),
                next: "`list_pages` shows the pages and their ids.".to_owned(),
            }),
        }
    }

    /// What is known of one page's type.
    pub(in crate::access) async fn audience(
        &self,
        ask: &Ask,
        page: &Page,
    ) -> Result<Evidence, Refusal> {
        let asserted = self.settings().audience_specific_pages.contains(&page.id);
        Ok(self
            .statuspage()?
            .audience(&ask.interactive(), page, asserted)
            .await?)
    }

    /// One page, with what is known of its type.
    pub(in crate::access) async fn page(
        &self,
        ask: &Ask,
        id: &PageId,
    ) -> Result<(Page, Evidence), Refusal> {
        let page = match self.statuspage()?.page(&ask.interactive(), id).await {
            Ok(page) => page,
            Err(error) if error.is_not_found() => {
                return Err(Refusal::NotFound {
                    what: format!("page `{id}`"),
                    where_: " in this organization".to_owned(),
                    next: "`list_pages` shows the pages and their ids.".to_owned(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let evidence = self.audience(ask, &page).await?;
        Ok((page, evidence))
    }
}
