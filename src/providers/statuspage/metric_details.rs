//! Metrics in full, where they come from, and their points, which go in and never come out.
//!
//! A provider of another product needs that product's credentials; none passes here, so only `Self` can be made.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Cx, Path, Result, Scan, Statuspage, of_page, page_path, wire};
use crate::{
    audit::Intent,
    roster::{MetricDetail, MetricId, MetricsProvider, MetricsProviderId, PageId},
    upstream::{List, Paging, Row, Single, Write},
};

#[derive(Deserialize)]
struct WireMetricDetail {
    #[serde(deserialize_with = "wire::id")]
    id: MetricId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    suffix: Option<String>,
    #[serde(default, deserialize_with = "wire::optional_id")]
    metrics_provider_id: Option<MetricsProviderId>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    display: Option<bool>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    most_recent_data_at: Option<Timestamp>,
}

impl Row for WireMetricDetail {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireMetricDetail {}

impl WireMetricDetail {
    fn detail(self, page: &PageId) -> MetricDetail {
        let mut altered = false;
        MetricDetail {
            id: self.id,
            page_id: page.clone(),
            name: wire::clean(self.name.as_deref(), &mut altered),
            suffix: wire::clean(self.suffix.as_deref(), &mut altered),
            provider_id: self.metrics_provider_id,
            display: self.display,
            most_recent_data_at: self.most_recent_data_at,
        }
    }
}

#[derive(Deserialize)]
struct WireProvider {
    #[serde(deserialize_with = "wire::id")]
    id: MetricsProviderId,
    #[serde(default, rename = "type", deserialize_with = "wire::lenient_text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    disabled: Option<bool>,
}

impl Row for WireProvider {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

/// A metric to be made; what is not said here cannot be changed afterwards.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NewMetric {
    /// Its name.
    pub name: String,
    /// Its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// True when the page shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<bool>,
    /// Digits after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_places: Option<u8>,
    /// The lower end of the axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y_axis_min: Option<f64>,
    /// The upper end of the axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y_axis_max: Option<f64>,
    /// True when the axis is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y_axis_hidden: Option<bool>,
    /// The text that readers see beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tooltip_description: Option<String>,
}

/// A point of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Seconds since 1970.
    pub timestamp: i64,
    /// Its value.
    pub value: f64,
}

impl Statuspage {
    /// Lists the metrics providers of a page. Statuspage has no pages for this list.
    pub fn metrics_providers(&self, page: &PageId) -> Scan<MetricsProvider> {
        let list = List::new(page_path(page).push("metrics_providers")).paged(Paging::Whole);
        of_page(self.scan(list, |row: WireProvider, _| MetricsProvider {
            id: row.id,
            kind: wire::clean(row.kind.as_deref(), &mut false),
            disabled: row.disabled == Some(true),
        }))
    }

    /// The metrics of a page in full.
    pub fn metric_details(&self, page: &PageId) -> Scan<MetricDetail> {
        let (page, list) = (page.clone(), List::new(metrics_path(page)));
        of_page(self.scan(list, move |row: WireMetricDetail, _| row.detail(&page)))
    }

    /// The metrics of one provider in full.
    pub fn metrics_of_provider(
        &self,
        page: &PageId,
        provider: &MetricsProviderId,
    ) -> Scan<MetricDetail> {
        let list = List::new(provider_path(page, provider).push("metrics"));
        let (page, provider) = (page.clone(), provider.clone());
        of_page(self.scan(list, move |row: WireMetricDetail, _| {
            let mut detail = row.detail(&page);
            detail.provider_id.get_or_insert_with(|| provider.clone());
            detail
        }))
    }

    /// One metric. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn metric_detail(
        &self,
        cx: &Cx,
        page: &PageId,
        id: &MetricId,
    ) -> Result<MetricDetail> {
        let path = metrics_path(page).push(id);
        let row: WireMetricDetail = self.0.client.get(cx, path).await?;
        Ok(row.detail(page))
    }

    /// Makes the page's own provider, which takes points by API. Never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn create_own_provider(&self, cx: &Cx, intent: &Intent, page: &PageId) -> Result<()> {
        let path = page_path(page).push("metrics_providers");
        let body = json!({"metrics_provider": {"type": "Self"}});
        self.send(cx, intent, Write::post(path, body)).await
    }

    /// Makes a metric under a provider. Never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn create_metric(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        provider: &MetricsProviderId,
        new: &NewMetric,
    ) -> Result<()> {
        let path = provider_path(page, provider).push("metrics");
        self.send(cx, intent, Write::post(path, json!({"metric": new})))
            .await
    }

    /// Gives a metric another name: all that can be changed of one that is fed by API.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn rename_metric(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &MetricId,
        name: &str,
    ) -> Result<()> {
        let write = Write::put(
            metrics_path(page).push(id),
            json!({"metric": {"name": name}}),
        );
        self.send(cx, intent, write).await
    }

    /// Sends points in; Statuspage accepts them and adds them later. The same points again fall into the same places.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn submit_points(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &MetricId,
        points: &[Point],
    ) -> Result<()> {
        let batch: BTreeMap<&str, &[Point]> = [(id.as_str(), points)].into();
        let write = Write::post(metrics_path(page).push("data"), json!({"data": batch}));
        self.send(cx, intent, write).await
    }

    /// Deletes every point of a metric; a part cannot be named.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn clear_metric(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &MetricId,
    ) -> Result<()> {
        let write = Write::delete(metrics_path(page).push(id).push("data"));
        self.send(cx, intent, write).await
    }

    /// Deletes a metric.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_metric(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &MetricId,
    ) -> Result<()> {
        let write = Write::delete(metrics_path(page).push(id));
        self.send(cx, intent, write).await
    }
}

fn provider_path(page: &PageId, provider: &MetricsProviderId) -> Path {
    page_path(page).push("metrics_providers").push(provider)
}

fn metrics_path(page: &PageId) -> Path {
    page_path(page).push("metrics")
}
