//! Page access groups: viewers, components and metrics of a page under one name.
//!
//! Statuspage does not document what happens to the members of a deleted group; they have to be assumed to lose what it gave them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Cx, Path, Result, Scan, Statuspage, of_page, page_path, wire};
use crate::{
    audit::Intent,
    roster::{ComponentId, GroupId, MetricId, PageAccessGroup, PageId, ViewerId},
    upstream::{List, Row, Single, Write},
};

/// A group to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// The id that the identity provider knows it by.
    pub external_id: Option<String>,
    /// Its members.
    pub member_ids: Vec<ViewerId>,
    /// The components that members see.
    pub component_ids: Vec<ComponentId>,
    /// The metrics that members see.
    pub metric_ids: Vec<MetricId>,
}

/// The changes to a group. Absent fields stay; a list makes the group's exactly that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GroupChange {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another id in the identity provider.
    #[serde(
        rename = "external_identifier",
        skip_serializing_if = "Option::is_none"
    )]
    pub external_id: Option<String>,
    /// Exactly these members.
    #[serde(
        rename = "page_access_user_ids",
        skip_serializing_if = "Option::is_none"
    )]
    pub member_ids: Option<Vec<ViewerId>>,
    /// Exactly these components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_ids: Option<Vec<ComponentId>>,
    /// Exactly these metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_ids: Option<Vec<MetricId>>,
}

#[derive(Deserialize)]
struct WireGroup {
    #[serde(deserialize_with = "wire::id")]
    id: GroupId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    external_identifier: Option<String>,
    #[serde(default, deserialize_with = "wire::ids")]
    page_access_user_ids: Option<Vec<ViewerId>>,
    #[serde(default, deserialize_with = "wire::ids")]
    component_ids: Option<Vec<ComponentId>>,
    #[serde(default, deserialize_with = "wire::ids")]
    metric_ids: Option<Vec<MetricId>>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    updated_at: Option<Timestamp>,
}

impl Row for WireGroup {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireGroup {}

impl WireGroup {
    fn group(self, page: &PageId) -> PageAccessGroup {
        let mut altered = false;
        let name = wire::clean(self.name.as_deref(), &mut altered);
        let external_id = wire::clean(self.external_identifier.as_deref(), &mut altered);
        PageAccessGroup {
            id: self.id,
            page_id: page.clone(),
            name,
            external_id,
            member_ids: self.page_access_user_ids,
            component_ids: self.component_ids,
            metric_ids: self.metric_ids,
            created_at: self.created_at,
            updated_at: self.updated_at,
            text_altered: altered,
        }
    }
}

impl Statuspage {
    /// The groups of a page, with the ids of who is in them and what they see: far cheaper than asking for each viewer.
    pub fn groups(&self, page: &PageId) -> Scan<PageAccessGroup> {
        let page = page.clone();
        let list = List::new(groups_path(&page));
        of_page(self.scan(list, move |row: WireGroup, _| row.group(&page)))
    }

    /// One group. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn group(&self, cx: &Cx, page: &PageId, group: &GroupId) -> Result<PageAccessGroup> {
        let row: WireGroup = self.0.client.get(cx, group_path(page, group)).await?;
        Ok(row.group(page))
    }

    /// Makes a group. One request, never sent twice: two groups may have the same name, so look before you ask again. Gives
    /// the new group's id where the answer holds it.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn create_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        group: &NewGroup,
    ) -> Result<Option<GroupId>> {
        let whole = GroupChange {
            name: Some(group.name.clone()),
            external_id: group.external_id.clone(),
            member_ids: Some(group.member_ids.clone()),
            component_ids: Some(group.component_ids.clone()),
            metric_ids: Some(group.metric_ids.clone()),
        };
        let write = Write::post(groups_path(page), json!({ "page_access_group": whole }));
        let answer = self.0.client.write(cx, intent, write).await?;
        let id = answer
            .body
            .as_ref()
            .and_then(|body| GroupId::parse(body.get("id")?.as_str()?).ok());
        Ok(id)
    }

    /// Changes a group. Sent as PUT, which Statuspage treats as PATCH and which may be sent again when its answer is lost.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn update_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        group: &GroupId,
        change: &GroupChange,
    ) -> Result<()> {
        self.send(
            cx,
            intent,
            Write::put(
                group_path(page, group),
                json!({ "page_access_group": change }),
            ),
        )
        .await
    }

    /// Deletes a group; it cannot be undone.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        group: &GroupId,
    ) -> Result<()> {
        self.send(cx, intent, Write::delete(group_path(page, group)))
            .await
    }
}

fn groups_path(page: &PageId) -> Path {
    page_path(page).push("page_access_groups")
}

pub(super) fn group_path(page: &PageId, group: &GroupId) -> Path {
    groups_path(page).push(group)
}
