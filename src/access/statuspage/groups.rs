//! Page access groups: the list, with counts or with ids.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::reads::scan::{Feed, Scan};
use crate::access::{Access, Ask, Listing, NamedRow, Refusal, Window};
use crate::roster::{
    ComponentId, Fit, GroupId, MetricId, NamePart, PageAccessGroup, PageId, ViewerId, words::words,
};

/// Ids of each kind in one row at most: a group of thousands would fill the answer many times over.
const MOST_IDS: usize = 200;

/// The filter of a list of groups, and its detail.
#[derive(Debug, Clone, Serialize)]
pub struct GroupFilter {
    /// The page.
    pub page_id: PageId,
    /// A part of the name, without regard to case.
    pub name: Option<String>,
    /// Exactly this one.
    pub group_id: Option<GroupId>,
    /// The ids that are listed beside the numbers.
    pub detail: Option<GroupDetail>,
}

words! {
    /// The ids of a group that a list shows.
    GroupDetail {
        /// Those of its members.
        Members = "members",
        /// Those of the components and metrics that it gives.
        Components = "components",
    }
}

/// A page access group: who is in it sees what it gives. A number that is missing means that the answer did not say.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupRow {
    /// The group's id.
    pub id: GroupId,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id that an identity provider knows it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Number of page access users in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<usize>,
    /// Number of components it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<usize>,
    /// Number of metrics it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<usize>,
    /// With `detail` `members`: its members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_ids: Option<Vec<ViewerId>>,
    /// With `detail` `components`: its components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_ids: Option<Vec<ComponentId>>,
    /// Likewise: its metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_ids: Option<Vec<MetricId>>,
    /// True when hidden characters were taken out of a text, or it was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

impl GroupRow {
    fn of(group: &PageAccessGroup, detail: Option<GroupDetail>) -> Self {
        let group = group.clone();
        let members = detail == Some(GroupDetail::Members);
        let gives = detail == Some(GroupDetail::Components);
        Self {
            id: group.id,
            name: group.name,
            external_id: group.external_id,
            members: group.member_ids.as_ref().map(Vec::len),
            components: group.component_ids.as_ref().map(Vec::len),
            metrics: group.metric_ids.as_ref().map(Vec::len),
            member_ids: group.member_ids.filter(|_| members).map(some),
            component_ids: group.component_ids.filter(|_| gives).map(some),
            metric_ids: group.metric_ids.filter(|_| gives).map(some),
            text_altered: group.text_altered,
        }
    }

    /// Returns whether ids were left out of a row that was to have them.
    fn is_cut(&self) -> bool {
        let cut = |count: Option<usize>, shown: Option<usize>| shown.is_some() && shown != count;
        cut(self.members, self.member_ids.as_ref().map(Vec::len))
            || cut(self.components, self.component_ids.as_ref().map(Vec::len))
            || cut(self.metrics, self.metric_ids.as_ref().map(Vec::len))
    }
}

fn some<T>(mut ids: Vec<T>) -> Vec<T> {
    ids.truncate(MOST_IDS);
    ids
}

impl Access {
    /// The page access groups of a page, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_groups(
        &self,
        ask: &Ask,
        filter: &GroupFilter,
        window: &Window,
    ) -> Result<Listing<Vec<NamedRow<GroupRow>>>, Refusal> {
        let page = &filter.page_id;
        self.permit_page(ask, page)?;
        let query = json!(filter);
        let anew = || self.group_scan(page, window.max_age());
        let filtered = filter.name.is_some() || filter.group_id.is_some();
        let found = self.found(&self.groups, ask, window, &query, filtered, anew)?;
        let part = filter.name.as_deref().map(NamePart::of);
        let fits = |group: &PageAccessGroup| {
            let id = filter.group_id.as_ref().is_none_or(|id| *id == group.id);
            let name = group.name.as_deref();
            let name = part.as_ref().map_or(Fit::Yes, |part| part.fits(name));
            name.and(id)
        };
        let show =
            |group: &PageAccessGroup| NamedRow::of(GroupRow::of(group, filter.detail), fits(group));
        let mut listing = self.piece(ask, window, &query, found, &fits, show).await?;
        let cut = listing.records.iter().map(|it| &it.row);
        for row in cut.filter(|row| row.is_cut()) {
            listing.warnings.push(format!(
                "group {} shows the first {MOST_IDS} ids of a kind; the numbers are whole. `list_page_access_users` with `group_id` lists every member",
                row.id
            ));
        }
        Ok(listing)
    }

    /// The read of a page's groups.
    pub(in crate::access) fn group_scan(
        &self,
        page: &PageId,
        max_age: Duration,
    ) -> Result<Arc<Scan<PageAccessGroup>>, Refusal> {
        let statuspage = self.statuspage()?;
        let feed = || -> Box<dyn Feed<PageAccessGroup>> { Box::new(statuspage.groups(page)) };
        let what = format!("the page access groups of page {page}");
        Ok(self
            .groups
            .at_hand(self, page.as_str(), &what, max_age, feed))
    }
}
