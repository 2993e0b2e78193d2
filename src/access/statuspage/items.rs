//! The items of a page that can be seen: its components, component groups and metrics, as one list.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::reads::counted::{Counted, one};
use crate::access::reads::scan::{Feed, Scan};
use crate::access::reads::weight::Weighs;
use crate::access::{Access, Ask, Listing, NamedRow, Refusal, Spelt, Window};
use crate::providers::{ProviderError, statuspage};
use crate::roster::{By, Component, ComponentId, Fit, Metric, MetricId, NamePart, PageId};
use crate::upstream::Cx;

/// The greatest age of names in a plan: people use ids within a minute of looking them up, and nothing here changes them.
const NAMES_MAX_AGE: Duration = Duration::from_secs(60);

/// A row of the list.
#[derive(Debug, Clone)]
pub(in crate::access) enum Item {
    Component(Component),
    Metric(Metric),
}

impl Counted for Item {
    fn values(&self, by: By) -> Vec<String> {
        let row = PageItem::from(self.clone());
        match by {
            By::Status => one(row.status),
            _ => vec![row.kind.to_owned()],
        }
    }
}

impl Weighs for Item {
    fn weight(&self) -> usize {
        // An id, a name and a few more words.
        size_of::<Self>() + 256
    }
}

/// Something that a viewer or a group can be given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PageItem {
    /// `component`, `component_group` (a heading over components) or `metric`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name; not unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The component group that it stands under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<ComponentId>,
    /// A component's state, in Statuspage's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The unit of a metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// True when hidden characters were taken out, or a text was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

impl From<Item> for PageItem {
    fn from(item: Item) -> Self {
        match item {
            Item::Component(it) => Self {
                kind: if it.is_group {
                    "component_group"
                } else {
                    "component"
                },
                id: it.id.into(),
                name: it.name,
                group_id: it.group_id,
                status: it.status.filter(|_| !it.is_group),
                suffix: None,
                text_altered: it.text_altered,
            },
            Item::Metric(it) => Self {
                kind: "metric",
                id: it.id.into(),
                name: it.name,
                group_id: None,
                status: None,
                suffix: it.suffix,
                text_altered: it.text_altered,
            },
        }
    }
}

/// The components, then the metrics.
struct Both {
    components: statuspage::Scan<Component>,
    metrics: statuspage::Scan<Metric>,
    components_read: bool,
}

impl Feed<Item> for Both {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<Item>, ProviderError>>> {
        Box::pin(async move {
            if !self.components_read {
                if let Some(batch) = self.components.next(cx).await {
                    return Some(
                        batch.map(|batch| batch.records.into_iter().map(Item::Component).collect()),
                    );
                }
                self.components_read = true;
            }
            let batch = self.metrics.next(cx).await?;
            Some(batch.map(|batch| batch.records.into_iter().map(Item::Metric).collect()))
        })
    }

    fn flaw(&self) -> Option<String> {
        let flaws = [
            crate::access::reads::scan::flaw(self.components.progress()),
            crate::access::reads::scan::flaw(self.metrics.progress()),
        ];
        flaws
            .into_iter()
            .flatten()
            .reduce(|a, b| format!("{a}; {b}"))
    }

    fn scanned(&self) -> usize {
        self.components.progress().rows + self.metrics.progress().rows
    }
}

/// The components and metrics of a page by id.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Items {
    pub components: BTreeMap<ComponentId, Component>,
    pub metrics: BTreeMap<MetricId, Metric>,
}

impl Items {
    /// Name and id of a component.
    pub(in crate::access) fn component(&self, id: &ComponentId) -> String {
        named(
            self.components.get(id).and_then(|it| it.name.as_deref()),
            id.as_str(),
        )
    }

    /// Name and id of a metric.
    pub(in crate::access) fn metric(&self, id: &MetricId) -> String {
        named(
            self.metrics.get(id).and_then(|it| it.name.as_deref()),
            id.as_str(),
        )
    }

    /// The first of these ids that the page does not have.
    fn stranger<'a>(
        &self,
        mut components: impl Iterator<Item = &'a ComponentId>,
        mut metrics: impl Iterator<Item = &'a MetricId>,
    ) -> Option<String> {
        let component = components
            .find(|id| !self.components.contains_key(*id))
            .map(|id| format!("component `{id}`"));
        component.or_else(|| {
            metrics
                .find(|id| !self.metrics.contains_key(*id))
                .map(|id| format!("metric `{id}`"))
        })
    }
}

/// Name and id, as plans show them.
pub(in crate::access) fn named(name: Option<&str>, id: &str) -> String {
    match name {
        Some(name) => format!("{name} ({id})"),
        None => id.to_owned(),
    }
}

impl Access {
    /// The components, component groups and metrics of a page; `name` is a part of the name, without regard to case.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_items(
        &self,
        ask: &Ask,
        page: &PageId,
        name: Option<&str>,
        window: &Window,
    ) -> Result<Listing<Spelt<NamedRow<PageItem>>>, Refusal> {
        self.permit_page(ask, page)?;
        let query = json!({"page_id": page, "name": name});
        let anew = || self.item_scan(page, window.max_age());
        let found = self.found(&self.items, ask, window, &query, name.is_some(), anew)?;
        let part = name.map(NamePart::of);
        let fits = |item: &Item| {
            let name = match item {
                Item::Component(it) => it.name.as_deref(),
                Item::Metric(it) => it.name.as_deref(),
            };
            part.as_ref().map_or(Fit::Yes, |part| part.fits(name))
        };
        let show = |item: &Item| NamedRow::of(PageItem::from(item.clone()), fits(item));
        self.spelt_piece(ask, window, &query, found, &fits, show)
            .await
    }

    fn item_scan(&self, page: &PageId, max_age: Duration) -> Result<Arc<Scan<Item>>, Refusal> {
        let statuspage = self.statuspage()?;
        let feed = || -> Box<dyn Feed<Item>> {
            Box::new(Both {
                components: statuspage.components(page),
                metrics: statuspage.metrics(page),
                components_read: false,
            })
        };
        let what = format!("the components and metrics of page {page}");
        Ok(self
            .items
            .at_hand(self, page.as_str(), &what, max_age, feed))
    }

    /// Everything that page can let be seen, whole.
    pub(in crate::access) async fn items(
        &self,
        ask: &Ask,
        page: &PageId,
    ) -> Result<Items, Refusal> {
        self.items_within(ask, page, NAMES_MAX_AGE).await
    }

    /// Returns the items, and refuses ids that the page does not have: Statuspage's answer to them is not documented.
    pub(in crate::access) async fn known_items<'a>(
        &self,
        ask: &Ask,
        page: &PageId,
        components: impl Iterator<Item = &'a ComponentId> + Clone,
        metrics: impl Iterator<Item = &'a MetricId> + Clone,
    ) -> Result<Items, Refusal> {
        let items = self.items(ask, page).await?;
        if items
            .stranger(components.clone(), metrics.clone())
            .is_none()
        {
            return Ok(items);
        }
        // It may have been made a moment ago.
        let items = self.items_within(ask, page, Duration::ZERO).await?;
        match items.stranger(components, metrics) {
            None => Ok(items),
            Some(what) => Err(Refusal::NotFound {
                what,
                where_: format!(" on page {page}"),
                next: "`list_components` shows what the page has, with ids.".to_owned(),
            }),
        }
    }

    async fn items_within(
        &self,
        ask: &Ask,
        page: &PageId,
        max_age: Duration,
    ) -> Result<Items, Refusal> {
        let scan = self.item_scan(page, max_age)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if !reach.complete {
            return Err(Refusal::Incomplete {
                what: scan.what.clone(),
                why: reach.why.unwrap_or_default(),
                next: "Ask again when the request budget is free (`server_status` shows it)."
                    .to_owned(),
            });
        }
        let mut items = Items::default();
        scan.with_rows(0, |rows, _| {
            for row in rows {
                match row {
                    Item::Component(it) => {
                        items.components.insert(it.id.clone(), it.clone());
                    }
                    Item::Metric(it) => {
                        items.metrics.insert(it.id.clone(), it.clone());
                    }
                }
            }
        })
        .await;
        Ok(items)
    }
}
