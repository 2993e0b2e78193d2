//! The components and metrics that a viewer or a group sees: listed, added, replaced and removed.
//!
//! The verbs do not mean what they say (Manage API, `page access users`): PUT and PATCH *add*, POST *replaces* and answers 201, and a
//! DELETE without a body removes *everything*. So adding is a PUT (may be sent again), replacing is a POST (never is), and
//! removing is a DELETE of one id in the path, which cannot lose its body because it has none.

use serde_json::json;

use super::{Cx, Path, Result, Scan, Statuspage, groups::group_path, viewers::viewer_path};
use crate::{
    audit::Intent,
    roster::{Component, ComponentId, GroupId, Metric, MetricId, PageId, ViewerId},
    upstream::Write,
};

/// The viewer or group whose components and metrics are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A page access user.
    Viewer(ViewerId),
    /// A page access group. It has no metrics of its own to list or change this way: they are set with the group.
    Group(GroupId),
}

impl Holder {
    fn path(&self, page: &PageId) -> Path {
        match self {
            Self::Viewer(viewer) => viewer_path(page, viewer),
            Self::Group(group) => group_path(page, group),
        }
    }

    fn components(&self, page: &PageId) -> Path {
        self.path(page).push("components")
    }
}

fn metrics(page: &PageId, viewer: &ViewerId) -> Path {
    viewer_path(page, viewer).push("metrics")
}

impl Statuspage {
    /// The components given to a viewer directly, or to a group.
    pub fn components_of(&self, page: &PageId, holder: &Holder) -> Scan<Component> {
        self.component_list(page, holder.components(page))
    }

    /// Gives components and keeps those that are there. Nothing is sent for an empty list.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn add_components(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        holder: &Holder,
        components: &[ComponentId],
    ) -> Result<()> {
        if components.is_empty() {
            return Ok(());
        }
        self.send(
            cx,
            intent,
            Write::put(
                holder.components(page),
                json!({ "component_ids": components }),
            ),
        )
        .await
    }

    /// Makes the components exactly these; none takes all of them. Never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn replace_components(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        holder: &Holder,
        components: &[ComponentId],
    ) -> Result<()> {
        self.send(
            cx,
            intent,
            Write::post(
                holder.components(page),
                json!({ "component_ids": components }),
            ),
        )
        .await
    }

    /// Takes one component.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn remove_component(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        holder: &Holder,
        component: &ComponentId,
    ) -> Result<()> {
        self.send(
            cx,
            intent,
            Write::delete(holder.components(page).push(component)),
        )
        .await
    }

    /// The metrics given to a viewer directly.
    pub fn metrics_of(&self, page: &PageId, viewer: &ViewerId) -> Scan<Metric> {
        self.metric_list(page, metrics(page, viewer))
    }

    /// Gives metrics and keeps those that are there. Nothing is sent for an empty list.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn add_metrics(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        viewer: &ViewerId,
        ids: &[MetricId],
    ) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        self.send(
            cx,
            intent,
            Write::put(metrics(page, viewer), json!({ "metric_ids": ids })),
        )
        .await
    }

    /// Makes the metrics exactly these; none takes all of them. Never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn replace_metrics(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        viewer: &ViewerId,
        ids: &[MetricId],
    ) -> Result<()> {
        self.send(
            cx,
            intent,
            Write::post(metrics(page, viewer), json!({ "metric_ids": ids })),
        )
        .await
    }

    /// Takes one metric.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn remove_metric(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        viewer: &ViewerId,
        metric: &MetricId,
    ) -> Result<()> {
        self.send(
            cx,
            intent,
            Write::delete(metrics(page, viewer).push(metric)),
        )
        .await
    }
}
