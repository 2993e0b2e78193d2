//! The page access users of one page: one request for each address, by Statuspage's own search.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::OnceCell;

use super::page_words;
use crate::access::account::Account;
use crate::access::across::spellings::Spellings;
use crate::access::across::surface::Depth;
use crate::access::across::surface::{Held, Looked, Phase, Removal, Surface};
use crate::access::acts::delete_viewer::{DeleteViewer, GROUPS, Holds};
use crate::access::look::search::{ViewersOf, search_on};
use crate::access::look::so_far::SearchSoFar;
use crate::access::look::whole::read_all;
use crate::access::reads::journey::Failures;
use crate::access::reads::lists::Lists;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{Groups, given_components, given_metrics, groups_of};
use crate::access::{EffectiveAccess, GroupHeld};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::Reach as Seen;
use crate::roster::{
    Component, ComponentId, Email, Metric, MetricId, Page, Record, System, ViewerId, ViewerScope,
};
use crate::upstream::Cx;

/// The page access users of a page.
pub(super) struct Viewers {
    pub statuspage: Statuspage,
    pub page: Page,
    pub depth: Depth,
    pub lists: Lists,
    pub spellings: Spellings,
    pub failures: Failures,
    pub asked: SearchSoFar<Record>,
    /// Lists of the page, read once for everybody who is found on it.
    pub groups: OnceCell<Groups>,
    pub components: OnceCell<BTreeMap<ComponentId, Component>>,
    pub metrics: OnceCell<BTreeMap<MetricId, Metric>>,
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
            let forms = self.spellings.seen();
            let searched = search_on(&place, &self.lists, cx, person, &forms, &self.asked).await?;
            let mut accounts = Vec::new();
            for record in searched.found {
                accounts.push(self.held(cx, record).await?);
            }
            Ok(Looked {
                held: accounts,
                gap: searched.gap,
                unproved: searched.unproved,
                took: self.asked.requests(),
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
            Depth::Named => self.name_groups(cx, &mut account).await?,
            Depth::Removal => self.effects(cx, &mut account, &viewer).await?,
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

    /// The groups of the page: one request for 100 of them, once for everybody who is found on it.
    async fn groups(&self, cx: &Cx) -> Result<&Groups, ProviderError> {
        let read = || async {
            let rows = self.statuspage.groups(&self.page.id);
            let rows = read_all(rows, cx, "page access groups").await?;
            Ok(rows.into_iter().map(|it| (it.id.clone(), it)).collect())
        };
        self.groups.get_or_try_init(read).await
    }

    /// Names the groups that an account is in, where it is in any.
    async fn name_groups(&self, cx: &Cx, account: &mut Account) -> Result<(), ProviderError> {
        let Some(ids) = account.record.groups.clone().filter(|ids| !ids.is_empty()) else {
            return Ok(());
        };
        let groups = self.groups(cx).await;
        let groups = self.unless_unread(groups, "the names of groups", account)?;
        let name = |groups: &Groups| ids.iter().map(|id| GroupHeld::of(id, groups)).collect();
        account.in_groups = groups.map(name).unwrap_or_default();
        Ok(())
    }

    /// Reads what the viewer sees: two requests for what was given directly, and what is needed to name it and what groups give.
    async fn effects(
        &self,
        cx: &Cx,
        account: &mut Account,
        viewer: &ViewerId,
    ) -> Result<(), ProviderError> {
        let (statuspage, page) = (&self.statuspage, &self.page.id);
        let holder = Holder::Viewer(viewer.clone());
        let components = given_components(statuspage, cx, page, &holder).await;
        let components = self.unless_unread(components, "components given directly", account)?;
        let metrics = given_metrics(statuspage, cx, page, viewer).await;
        let metrics = self.unless_unread(metrics, "metrics given directly", account)?;
        let groups = if account.record.groups.as_ref().is_some_and(Vec::is_empty) {
            None
        } else {
            let groups = self.groups(cx).await;
            self.unless_unread(groups, "what the groups give", account)?
        };
        let none = Groups::new();
        let groups = groups.unwrap_or(&none);
        let in_groups = groups_of(&account.record, viewer, groups);
        if in_groups.is_none() {
            account
                .unread
                .push(format!("{GROUPS}: Statuspage did not say"));
        }
        let scope = ViewerScope {
            groups: in_groups.into_iter().flatten().collect(),
            components: components.into_iter().flatten().collect(),
            metrics: metrics.into_iter().flatten().collect(),
        };
        let reach = Seen::of(&scope, groups);
        let items = self.items(cx, account, &reach).await?;
        account.access = Some(EffectiveAccess::of(&scope, groups, &items));
        Ok(())
    }

    /// The names of the page's components and metrics, where somebody sees any: a request for 100 of each.
    async fn items(
        &self,
        cx: &Cx,
        account: &mut Account,
        reach: &Seen,
    ) -> Result<Items, ProviderError> {
        let (statuspage, page) = (&self.statuspage, &self.page.id);
        let mut items = Items::default();
        if !reach.components.is_empty() {
            let read = || async {
                let rows = read_all(statuspage.components(page), cx, "components").await?;
                Ok(rows.into_iter().map(|it| (it.id.clone(), it)).collect())
            };
            let all = self.components.get_or_try_init(read).await;
            let all = self.unless_unread(all, "the names of components", account)?;
            items.components = all.cloned().unwrap_or_default();
        }
        if !reach.metrics.is_empty() {
            let read = || async {
                let rows = read_all(statuspage.metrics(page), cx, "metrics").await?;
                Ok(rows.into_iter().map(|it| (it.id.clone(), it)).collect())
            };
            let all = self.metrics.get_or_try_init(read).await;
            let all = self.unless_unread(all, "the names of metrics", account)?;
            items.metrics = all.cloned().unwrap_or_default();
        }
        Ok(items)
    }

    /// Returns what was read. A read that failed in passing is tried again, and one that fails all the same is noted with the account.
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
