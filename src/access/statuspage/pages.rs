//! Pages, and whether they are audience-specific.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::look::whole::read_all;
use crate::access::{Access, Ask, Refusal};
use crate::caller::Scope;
use crate::providers::statuspage::{Seen, evidence};
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
    /// Pages that were asked for and may be shown.
    pub matched: usize,
    /// Number of `matched` pages that this answer shows: all of them.
    pub shown: usize,
    /// Warnings about this answer.
    pub warnings: Vec<String>,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<crate::access::Rate>,
}

impl Access {
    /// The pages, in one request. Evidence of whether page access users mean anything on a page comes for those that are named: one or two
    /// requests each.
    ///
    /// # Errors
    /// When the pages could not be read, or one that is named is not there.
    pub async fn list_pages(&self, ask: &Ask, named: &[PageId]) -> Result<PageList, Refusal> {
        self.permit(ask, Scope::Read, named, &[], &[])?;
        let as_of = self.clock().now().to_string();
        let pages = self.pages(ask).await?;
        let scanned = pages.len();
        if let Some(id) = named
            .iter()
            .find(|id| !pages.iter().any(|page| page.id == **id))
        {
            return Err(no_page(id));
        }
        let mut warnings = Vec::new();
        let mut records = Vec::new();
        let mut outside = 0;
        for mut page in pages {
            if !self.rules().shows(&page.id) {
                outside += 1;
                continue;
            }
            if !named.is_empty() && !named.contains(&page.id) {
                continue;
            }
            if named.is_empty() || ask.counting.is_some() {
                let signs = Seen {
                    asserted: self.is_asserted(&page.id),
                    ..Seen::default()
                };
                let concluded = evidence(&page, &signs);
                put_into(&mut page, concluded);
            } else {
                ask.progress.tell(
                    records.len() as u64 + 1,
                    Some(named.len() as u64),
                    "looking for evidence of each page's type",
                );
                match self.audience(ask, &page).await {
                    Ok(evidence) => put_into(&mut page, evidence),
                    Err(Refusal::Cancelled) => return Err(Refusal::Cancelled),
                    Err(error) => {
                        let why = format!("it could not be looked at: {}", error.without_ending());
                        let unknown = Evidence {
                            audience: Audience::Unknown,
                            reasons: vec![why],
                        };
                        put_into(&mut page, unknown);
                    }
                }
            }
            records.push(page);
        }
        if outside > 0 && named.is_empty() {
            warnings.push(format!(
                "{outside} of {scanned} pages are outside `policy.pages` and not shown"
            ));
        }
        let rate = self.rate().await;
        let matched = records.len();
        if ask.counting.is_some() {
            records.clear();
        }
        Ok(PageList {
            matched,
            shown: records.len(),
            records,
            complete: true,
            as_of,
            scanned,
            warnings,
            rate,
        })
    }

    fn is_asserted(&self, page: &PageId) -> bool {
        self.settings().audience_specific_pages.contains(page)
    }

    pub(in crate::access) async fn pages(&self, ask: &Ask) -> Result<Vec<Page>, Refusal> {
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
            Some(id) => Err(no_page(id)),
        }
    }

    /// Concludes the type of one page.
    pub(in crate::access) async fn audience(
        &self,
        ask: &Ask,
        page: &Page,
    ) -> Result<Evidence, Refusal> {
        Ok(self
            .statuspage()?
            .audience(&ask.interactive(), page, self.is_asserted(&page.id))
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
                return Err(no_page(id));
            }
            Err(error) => return Err(error.into()),
        };
        let evidence = self.audience(ask, &page).await?;
        Ok((page, evidence))
    }
}

/// The refusal for a page that is not there.
fn no_page(id: &PageId) -> Refusal {
    Refusal::NotFound {
        what: format!("page `{id}`"),
        where_: " in this organization".to_owned(),
        next: "`list_pages` shows the pages and their ids.".to_owned(),
    }
}

fn put_into(page: &mut Page, evidence: Evidence) {
    page.audience = evidence.audience;
    page.audience_reasons = evidence.reasons;
    page.visible_to = Some(visible_to(page));
}

/// Says who can look at a page, as far as its settings and the evidence tell.
fn visible_to(page: &Page) -> String {
    let team = page.viewers_must_be_team_members == Some(true);
    match (page.audience, team, page.ip_restricted) {
        (Audience::Yes, _, _) => "its page access users, each what the groups and they themselves are given; team members who manage it",
        (_, true, true) => "team members who have access to it, from certain networks",
        (_, true, false) => "team members who have access to it",
        (_, false, true) => "whoever comes from certain networks",
        (Audience::NoEvidence, ..) if page.viewers_must_be_team_members.is_some() => "everybody: nothing shows that it is limited",
        (Audience::NoEvidence, ..) => "not known: Statuspage did not say whether viewers must be team members",
        (Audience::Unknown, ..) => "everybody, unless it is audience-specific: `list_pages` with `page_ids` looks for that",
    }
    .to_owned()
}
