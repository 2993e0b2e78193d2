//! The components and metrics that a viewer sees, and the way to each: given directly, or by a group.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::look::whole::read_all;
use crate::access::statuspage::items::{Items, named};
use crate::access::words::who;
use crate::access::{Access, Ask, Refusal};
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{
    ComponentId, GroupId, MetricId, PageAccessGroup, PageId, Reach, Record, ViewerId, ViewerScope,
    Ways,
};
use crate::upstream::Cx;

/// The components and metrics that a viewer sees on a page, each with every way to it.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct EffectiveAccess {
    /// The groups that the viewer is in.
    pub groups: Vec<GroupHeld>,
    /// Components, given directly, by groups, or both.
    pub components: Vec<Reached>,
    /// Metrics, likewise.
    pub metrics: Vec<Reached>,
    /// Groups that did not say what they give: the viewer may see more than stands here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_groups: Vec<GroupId>,
}

/// A group that a viewer is in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct GroupHeld {
    /// The group's id.
    pub id: GroupId,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl GroupHeld {
    /// Id and name of a group.
    pub(in crate::access) fn of(id: &GroupId, groups: &Groups) -> Self {
        Self {
            id: id.clone(),
            name: groups.get(id).and_then(|group| group.name.clone()),
        }
    }
}

/// Something that a viewer sees.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Reached {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// True when it was given to the viewer directly.
    pub direct: bool,
    /// The groups that give it.
    pub by_groups: Vec<GroupId>,
}

/// The groups of a page by id.
pub(in crate::access) type Groups = BTreeMap<GroupId, PageAccessGroup>;

/// Name and id of a group.
pub(in crate::access) fn group_name(groups: &Groups, id: &GroupId) -> String {
    named(
        groups.get(id).and_then(|group| group.name.as_deref()),
        id.as_str(),
    )
}

impl EffectiveAccess {
    /// In names.
    pub(in crate::access) fn of(scope: &ViewerScope, groups: &Groups, items: &Items) -> Self {
        let reach = Reach::of(scope, groups);
        let one = |id: &str, name: Option<String>, ways: Ways| Reached {
            id: id.to_owned(),
            name,
            direct: ways.direct,
            by_groups: ways.groups.into_iter().collect(),
        };
        Self {
            groups: scope
                .groups
                .iter()
                .map(|id| GroupHeld::of(id, groups))
                .collect(),
            components: reach
                .components
                .into_iter()
                .map(|(id, ways)| {
                    let name = items.components.get(&id).and_then(|it| it.name.clone());
                    one(id.as_str(), name, ways)
                })
                .collect(),
            metrics: reach
                .metrics
                .into_iter()
                .map(|(id, ways)| {
                    let name = items.metrics.get(&id).and_then(|it| it.name.clone());
                    one(id.as_str(), name, ways)
                })
                .collect(),
            unknown_groups: reach.silent.into_iter().collect(),
        }
    }
}

/// Names the items that a change of access takes out of sight: reached before and not after.
pub(in crate::access) fn out_of_sight(before: &Reach, after: &Reach, items: &Items) -> Vec<String> {
    let components = before
        .components
        .keys()
        .filter(|id| !after.components.contains_key(*id))
        .map(|id| items.component(id));
    let metrics = before
        .metrics
        .keys()
        .filter(|id| !after.metrics.contains_key(*id))
        .map(|id| format!("metric {}", items.metric(id)));
    components.chain(metrics).collect()
}

impl Access {
    /// Every group of a page, read now; refused unless it is all of them. One request for 100 groups.
    pub(in crate::access) async fn groups(
        &self,
        ask: &Ask,
        page: &PageId,
    ) -> Result<Groups, Refusal> {
        let rows = read_all(
            self.statuspage()?.groups(page),
            &ask.interactive(),
            "page access groups",
        )
        .await?;
        Ok(rows
            .into_iter()
            .map(|group| (group.id.clone(), group))
            .collect())
    }

    /// Reads what a viewer sees now: two requests, one for each 100 groups of the page, and the names where they are not at hand.
    ///
    /// # Errors
    /// When something that it rests on could not be read.
    pub(in crate::access) async fn effective(
        &self,
        ask: &Ask,
        page: &PageId,
        viewer: &Record,
    ) -> Result<EffectiveAccess, Refusal> {
        let groups = self.groups(ask, page).await?;
        let items = self.items(ask, page).await?;
        let scope = self.viewer_scope(ask, page, viewer, &groups).await?;
        Ok(EffectiveAccess::of(&scope, &groups, &items))
    }

    /// Reads what a viewer was given: two requests.
    pub(in crate::access) async fn viewer_scope(
        &self,
        ask: &Ask,
        page: &PageId,
        viewer: &Record,
        groups: &Groups,
    ) -> Result<ViewerScope, Refusal> {
        let Some(id) = viewer.viewer_id() else {
            return Ok(ViewerScope::default());
        };
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        let in_groups = groups_of(viewer, &id, groups).ok_or_else(|| {
            Refusal::Preflight(format!(
                "Statuspage did not say in which groups {} is, neither with the page access user nor with the groups.",
                who(viewer)
            ))
        })?;
        Ok(ViewerScope {
            groups: in_groups.into_iter().collect(),
            components: given_components(statuspage, &cx, page, &Holder::Viewer(id.clone()))
                .await?
                .into_iter()
                .collect(),
            metrics: given_metrics(statuspage, &cx, page, &id)
                .await?
                .into_iter()
                .collect(),
        })
    }
}

/// The groups of a viewer: the viewer's own answer, or else, where that says nothing, the members that the groups name.
pub(in crate::access) fn groups_of(
    viewer: &Record,
    id: &ViewerId,
    groups: &Groups,
) -> Option<BTreeSet<GroupId>> {
    if let Some(held) = &viewer.groups {
        return Some(held.iter().cloned().collect());
    }
    let mut found = BTreeSet::new();
    for group in groups.values() {
        if group.member_ids.as_ref()?.contains(id) {
            found.insert(group.id.clone());
        }
    }
    Some(found)
}

/// The components given to a viewer directly, or to a group; an error unless it is all of them.
pub(in crate::access) async fn given_components(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    holder: &Holder,
) -> Result<BTreeSet<ComponentId>, ProviderError> {
    let rows = read_all(
        statuspage.components_of(page, holder),
        cx,
        "components given",
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The metrics given to a viewer directly; an error unless it is all of them.
pub(in crate::access) async fn given_metrics(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    viewer: &ViewerId,
) -> Result<BTreeSet<MetricId>, ProviderError> {
    let rows = read_all(statuspage.metrics_of(page, viewer), cx, "metrics given").await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
