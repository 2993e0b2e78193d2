//! The parts of a page besides its people: its settings, its components in full, its metrics and their providers.

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
    /// Its description.
    pub description: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// The component group it stands in.
    pub group_id: Option<ComponentId>,
    /// True for a component group.
    pub is_group: bool,
    /// True when its uptime of 90 days is shown. It does not hide a component.
    pub showcase: Option<bool>,
    /// True when it is shown only while something is wrong.
    pub only_show_if_degraded: Option<bool>,
    /// The day that its uptime counts from.
    pub start_date: Option<String>,
}

/// A metrics provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct MetricsProvider {
    /// Its id.
    pub id: MetricsProviderId,
    /// `Self` for points that are sent in; else the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// True when it is switched off.
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
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// The id of its metrics provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<MetricsProviderId>,
    /// True when the page shows it.
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
    /// The settings that can be changed.
    pub settings: BTreeMap<String, Value>,
    /// The settings that Statuspage shows and that cannot be changed by its API.
    pub read_only: BTreeMap<String, Value>,
}
