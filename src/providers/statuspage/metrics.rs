//! Metrics of a page: graphs that a viewer or a group can be let see.

use serde::Deserialize;

use super::{Scan, Statuspage, of_page, page_path, wire};
use crate::{
    roster::{Metric, MetricId, PageId},
    upstream::{List, Path, Row},
};

#[derive(Deserialize)]
struct WireMetric {
    #[serde(deserialize_with = "wire::id")]
    id: MetricId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    suffix: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    metric_identifier: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    tooltip_description: Option<String>,
}

impl Row for WireMetric {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Statuspage {
    /// The metrics of a page.
    pub fn metrics(&self, page: &PageId) -> Scan<Metric> {
        of_page(self.metric_list(page, page_path(page).push("metrics")))
    }

    /// Any list of metrics, wherever it is.
    pub(super) fn metric_list(&self, page: &PageId, path: Path) -> Scan<Metric> {
        let page = page.clone();
        self.scan(List::new(path), move |row: WireMetric, _| {
            let mut altered = false;
            let name = wire::clean(row.name.as_deref(), &mut altered);
            let suffix = wire::clean(row.suffix.as_deref(), &mut altered);
            Metric {
                id: row.id,
                page_id: page.clone(),
                name,
                suffix,
                identifier: wire::clean(row.metric_identifier.as_deref(), &mut false),
                description: wire::clean(row.tooltip_description.as_deref(), &mut false),
                text_altered: altered,
            }
        })
    }
}
