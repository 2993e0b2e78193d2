//! What a page is made of besides its people: its settings, its components in full, its metrics and where they come from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ComponentId, MetricId, MetricsProviderId, PageId};

/// A component, or a component group, with what can be set of it. Its automation address is a credential and is never read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ComponentSettings {
    /// Its id.
    pub id: ComponentId,
    /// Its name.
    pub name: Option<String>,
    /// What is said of it.
    pub description: Option<String>,
    /// How it is.
    pub status: Option<String>,
    /// The component group it stands in.
    pub group_id: Option<ComponentId>,
    /// Whether it is a component group itself.
    pub is_group: bool,
    /// Whether its uptime of 90 days is shown. It does not hide a component.
    pub showcase: Option<bool>,
    /// Whether it is shown only while something is wrong.
    pub only_show_if_degraded: Option<bool>,
    /// The day that its uptime counts from.
    pub start_date: Option<String>,
}

/// Where metrics come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct MetricsProvider {
    /// Its id.
    pub id: MetricsProviderId,
    /// `Self` for points that are sent in; else the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it is switched off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// A metric, with when data last came. Its points cannot be read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct MetricDetail {
    /// Its id.
    pub id: MetricId,
    /// The page it is on.
    pub page_id: PageId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is measured in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<MetricsProviderId>,
    /// Whether the page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<bool>,
    /// The time of the newest point (RFC 3339). Absent: there is none, or the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub most_recent_data_at: Option<Timestamp>,
}

/// The settings of a page by their official names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct PageSettings {
    /// The page.
    pub page_id: PageId,
    /// What can be changed.
    pub settings: BTreeMap<String, Value>,
    /// What is shown by Statuspage and cannot be changed by its API.
    pub read_only: BTreeMap<String, Value>,
}
