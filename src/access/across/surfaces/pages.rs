//! The pages: each is two surfaces.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::OnceCell;

use super::subscriptions::Subscriptions;
use super::viewers::Viewers;
use crate::access::across::spellings::{AskAgain, Spellings};
use crate::access::across::surface::{AtHand, Look, Reach, Sight};
use crate::access::look::so_far::SearchSoFar;
use crate::access::look::whole::read_all;
use crate::access::reads::journey::{Failures, Part, Yield};
use crate::access::reads::lists::Lists;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Email, Page, PageId, System};
use crate::upstream::Cx;

/// Reads the list of pages and opens their surfaces.
pub(super) struct Pages {
    pub statuspage: Statuspage,
    pub person: Arc<[Email]>,
    pub spellings: Spellings,
    pub lists: Lists,
    pub reach: Reach,
    /// The operator's list of pages, where there is one.
    pub allowed: Option<std::collections::BTreeSet<PageId>>,
}

impl Pages {
    fn surfaces(&self, page: &Page) -> Vec<Box<dyn Part<Sight>>> {
        let viewers = Viewers {
            statuspage: self.statuspage.clone(),
            page: page.clone(),
            depth: self.reach.depth,
            lists: self.lists.clone(),
            spellings: self.spellings.clone(),
            failures: Failures::default(),
            asked: SearchSoFar::default(),
            groups: OnceCell::new(),
            components: OnceCell::new(),
            metrics: OnceCell::new(),
        };
        let subscriptions = Subscriptions {
            statuspage: self.statuspage.clone(),
            page: page.clone(),
            lists: self.lists.clone(),
            spellings: self.spellings.clone(),
            asked: SearchSoFar::default(),
        };
        vec![
            Look::part(Arc::new(viewers), &self.person, &self.spellings),
            Look::part(Arc::new(subscriptions), &self.person, &self.spellings),
        ]
    }
}

impl Part<Sight> for Pages {
    fn what(&self) -> String {
        "the list of pages".to_owned()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        Box::pin(async move {
            let pages = match read_all(self.statuspage.pages(), cx, "pages").await {
                Ok(pages) => pages,
                Err(error) => return Some(Err(error)),
            };
            let mut parts = Vec::new();
            let wanted = |page: &&Page| {
                let allowed = self.allowed.as_ref();
                allowed.is_none_or(|list| list.contains(&page.id))
            };
            let number = pages.iter().filter(wanted).count();
            if self.reach.most_pages.is_some_and(|most| number > most) {
                let what = format!("the viewers and subscribers of {number} pages");
                let requests = number * 2 * self.person.len();
                let why =
                    format!("that takes {requests} requests or more: `find_person` looks at them");
                parts.push(AtHand::left_out(System::Statuspage, what, why));
                return Some(Ok(Yield::Parts(parts)));
            }
            let (mut unasked, mut forbidden) = (0, 0);
            for page in &pages {
                let named = |list: &[PageId]| list.contains(&page.id);
                let asked = self.reach.pages.as_deref().is_none_or(named);
                let allowed = self
                    .allowed
                    .as_ref()
                    .is_none_or(|list| list.contains(&page.id));
                match (asked, allowed) {
                    (true, true) => parts.extend(self.surfaces(page)),
                    (true, false) => forbidden += 1,
                    (false, _) => unasked += 1,
                }
            }
            parts.extend(left_out(forbidden, "`policy.pages` does not allow them"));
            parts.extend(left_out(unasked, "`page_ids` does not name them"));
            for wanted in self.reach.pages.iter().flatten() {
                if !pages.iter().any(|page| page.id == *wanted) {
                    let why = "the organization has no such page: `list_pages` shows the ids";
                    parts.push(AtHand::left_out(
                        System::Statuspage,
                        format!("page {wanted}"),
                        why,
                    ));
                }
            }
            let name = |page: &Page| Some((page.id.clone(), page.name.clone()?));
            let names = Sight::Pages(Arc::new(pages.iter().filter_map(name).collect()));
            let what = self.what();
            parts.push(AtHand::rows(System::Statuspage, what, vec![names], None));
            parts.push(AskAgain::part(&self.spellings, &self.person));
            Some(Ok(Yield::Parts(parts)))
        })
    }

    fn scanned(&self) -> usize {
        0
    }
}

fn left_out(pages: usize, why: &'static str) -> Option<Box<dyn Part<Sight>>> {
    let what = match pages {
        0 => return None,
        1 => "1 other page".to_owned(),
        more => format!("{more} other pages"),
    };
    Some(AtHand::left_out(System::Statuspage, what, why))
}
