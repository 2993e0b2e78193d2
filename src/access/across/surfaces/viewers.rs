//! The page access users of one page: one request for each address, by Statuspage's own search.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::page_words;
use crate::access::EffectiveAccess;
use crate::access::account::Account;
use crate::access::across::spellings::Spellings;
use crate::access::across::surface::Depth;
use crate::access::across::surface::{Held, Looked, Phase, Removal, Surface};
use crate::access::acts::delete_viewer::{DeleteViewer, GROUPS, Holds};
use crate::access::look::search::{ViewersOf, search};
use crate::access::look::whole::read_all;
use crate::access::reads::journey::Failures;
use crate::access::reads::lists::Lists;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{Groups, given_components, given_metrics, groups_of};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{Email, Page, Record, System, ViewerId, ViewerScope};
use crate::upstream::Cx;

/// The page access users of a page.
pub(super) struct Viewers {
    pub statuspage: Statuspage,
    pub page: Page,
    pub depth: Depth,
    pub lists: Lists,
    pub spellings: Spellings,
    pub failures: Failures,
}

impl Surface for Viewers {
    fn system(&self) -> System {
        System::Statuspage
    }

    fn what(&self) -> String {
        format!("the page access users of {}", page_words(&self.page))
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let place = ViewersOf {
                statuspage: self.statuspage.clone(),
                page: self.page.id.clone(),
            };
            let seen = self.spellings.seen();
            let searched = search(&place, &self.lists, cx, person, &seen).await?;
            let mut held = Vec::new();
            for record in searched.found {
                held.push(self.held(cx, record).await?);
            }
            Ok(Looked {
                held,
                gap: searched.gap,
                unproved: searched.unproved,
            })
        })
    }
}

impl Viewers {
    async fn held(&self, cx: &Cx, record: Record) -> Result<Held, ProviderError> {
        let mut account = Account::of(record.clone());
        account.page_name.clone_from(&self.page.name);
        let Some(viewer) = record.viewer_id() else {
            return Ok(Held {
                account,
                removal: Vec::new(),
                forbidden: None,
            });
        };
        match self.depth {
            Depth::Names => {}
            Depth::Effects => {
                let items = Items::default();
                self.effects(cx, &mut account, &viewer, &items).await?;
            }
            Depth::Removal => {
                let items = self.items(cx, &mut account).await?;
                self.effects(cx, &mut account, &viewer, &items).await?;
            }
        }
        let holds = Holds {
            access: account.access.clone(),
            unread: account.unread.clone(),
        };
        let act = Arc::new(DeleteViewer {
            statuspage: self.statuspage.clone(),
            page: self.page.id.clone(),
            viewer,
            record,
            holds,
        });
        let removal = Removal {
            phase: Phase::Viewers,
            must: true,
            place: self.what(),
            act,
        };
        Ok(Held {
            account,
            removal: vec![removal],
            forbidden: None,
        })
    }

    /// The names of the page's components and metrics: two requests for 100 each.
    async fn items(&self, cx: &Cx, account: &mut Account) -> Result<Items, ProviderError> {
        let (statuspage, page) = (&self.statuspage, &self.page.id);
        let components = read_all(statuspage.components(page), cx, "components").await;
        let components = self.unless_unread(components, "the names of components", account)?;
        let metrics = read_all(statuspage.metrics(page), cx, "metrics").await;
        let metrics = self.unless_unread(metrics, "the names of metrics", account)?;
        let components = components.into_iter().flatten();
        let metrics = metrics.into_iter().flatten();
        Ok(Items {
            components: components.map(|it| (it.id.clone(), it)).collect(),
            metrics: metrics.map(|it| (it.id.clone(), it)).collect(),
        })
    }

    /// What the viewer sees: one request for 100 groups of the page, two for what was given directly.
    async fn effects(
        &self,
        cx: &Cx,
        account: &mut Account,
        viewer: &ViewerId,
        items: &Items,
    ) -> Result<(), ProviderError> {
        let (statuspage, page) = (&self.statuspage, &self.page.id);
        let holder = Holder::Viewer(viewer.clone());
        let components = given_components(statuspage, cx, page, &holder).await;
        let components = self.unless_unread(components, "components given directly", account)?;
        let metrics = given_metrics(statuspage, cx, page, viewer).await;
        let metrics = self.unless_unread(metrics, "metrics given directly", account)?;
        let groups = if account.record.groups.as_ref().is_some_and(Vec::is_empty) {
            Some(Groups::new())
        } else {
            let rows = read_all(statuspage.groups(page), cx, "page access groups").await;
            let rows = self.unless_unread(rows, "what the groups give", account)?;
            rows.map(|rows| rows.into_iter().map(|it| (it.id.clone(), it)).collect())
        };
        let groups = groups.unwrap_or_default();
        let held = groups_of(&account.record, viewer, &groups);
        if held.is_none() {
            account
                .unread
                .push(format!("{GROUPS}: Statuspage did not say"));
        }
        let scope = ViewerScope {
            groups: held.into_iter().flatten().collect(),
            components: components.into_iter().flatten().collect(),
            metrics: metrics.into_iter().flatten().collect(),
        };
        account.access = Some(EffectiveAccess::of(&scope, &groups, items));
        Ok(())
    }

    /// What was read; what fails in passing is asked again, and what cannot be read all the same is noted with the account.
    fn unless_unread<T>(
        &self,
        read: Result<T, ProviderError>,
        what: &str,
        account: &mut Account,
    ) -> Result<Option<T>, ProviderError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if self.failures.look_again(&error) => Err(error),
            Err(error) => {
                account.unread.push(format!("{what}: {error}"));
                Ok(None)
            }
        }
    }
}
