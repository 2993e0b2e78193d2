//! The things that a page access user can be given to see: groups, components and metrics.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComponentId, GroupId, MetricId, PageId, ViewerId};

/// A group of page access users; who is in it sees what it sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct PageAccessGroup {
    /// The group's id.
    pub id: GroupId,
    /// The page it belongs to.
    pub page_id: PageId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id that an identity provider knows the group by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The page access users in it. Missing means that the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<ViewerId>>,
    /// The components its members see. Missing means that the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_ids: Option<Vec<ComponentId>>,
    /// The metrics its members see. Missing means that the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_ids: Option<Vec<MetricId>>,
    /// When it was made (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated_at: Option<Timestamp>,
    /// True when hidden characters were taken out of a text of this group, or it was cut.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

/// A part of what a page reports on. Names are not unique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Component {
    /// The component's id.
    pub id: ComponentId,
    /// The page it belongs to.
    pub page_id: PageId,
    /// The component group it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<ComponentId>,
    /// True for a component group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_group: bool,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its description on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its place among those of its component group, or of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Its state, in Statuspage's words (`operational`, `major_outage`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// True when hidden characters were taken out of a text of this component, or it was cut.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

/// A graph on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Metric {
    /// The metric's id.
    pub id: MetricId,
    /// The page it belongs to.
    pub page_id: PageId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Its id at its provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Its description on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// True when hidden characters were taken out of a text of this metric, or it was cut.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

/// The access that a page access user was given directly; groups add theirs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct ViewerScope {
    /// The groups the viewer is in.
    pub groups: Vec<GroupId>,
    /// Components given to the viewer directly.
    pub components: Vec<ComponentId>,
    /// Metrics given to the viewer directly.
    pub metrics: Vec<MetricId>,
}
