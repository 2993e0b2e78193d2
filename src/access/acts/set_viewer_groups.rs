//! Gives a page access user exactly these groups: the ones held and the new ones, sent whole.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::who;
use crate::access::act::{Act, Seen};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Statuspage, ViewerChange};
use crate::roster::{GroupId, PageId, Record, ViewerId};
use crate::upstream::Cx;

pub(in crate::access) struct SetViewerGroups {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
    pub groups: Vec<GroupId>,
}

impl SetViewerGroups {
    fn held(&self) -> Vec<GroupId> {
        self.record.groups.clone().unwrap_or_default()
    }
}

impl Act for SetViewerGroups {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn action(&self) -> String {
        let held = self.held();
        let list = |groups: Vec<&GroupId>| {
            groups
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let gained = list(
            self.groups
                .iter()
                .filter(|group| !held.contains(group))
                .collect(),
        );
        let lost = list(
            held.iter()
                .filter(|group| !self.groups.contains(group))
                .collect(),
        );
        match (gained.is_empty(), lost.is_empty()) {
            (false, true) => format!(
                "add the page access user of page {} to the groups {gained}",
                self.page
            ),
            (true, false) => format!(
                "take the page access user of page {} out of the groups {lost}",
                self.page
            ),
            _ => format!(
                "move the page access user of page {} out of the groups {lost} into {gained}",
                self.page
            ),
        }
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "page_access_user_id": self.viewer, "group_ids": self.groups})
    }

    fn before(&self) -> Value {
        json!(self.record)
    }

    fn losses(&self) -> Vec<String> {
        self.held()
            .iter()
            .filter(|group| !self.groups.contains(group))
            .map(|group| {
                format!(
                    "{} loses what group {group} gives on page {}",
                    who(&self.record),
                    self.page
                )
            })
            .collect()
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            {
                let change = ViewerChange {
                    group_ids: Some(self.groups.clone()),
                    ..ViewerChange::default()
                };
                self.statuspage
                    .update_viewer(cx, intent, &self.page, &self.viewer, &change)
                    .await
            }
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.viewer(cx, &self.page, &self.viewer).await?;
            let sorted = |mut groups: Vec<GroupId>| {
                groups.sort();
                groups
            };
            let groups = sorted(now.groups.clone().unwrap_or_default());
            Ok(if groups == sorted(self.groups.clone()) {
                Seen::AsWanted(json!(now))
            } else if groups == sorted(self.held()) {
                Seen::Unchanged(json!(now), "the groups are as before".to_owned())
            } else {
                Seen::Otherwise(json!(now), "the groups are neither as before nor as wanted: somebody else may be changing them".to_owned())
            })
        })
    }
}
