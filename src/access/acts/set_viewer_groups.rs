//! Gives a page access user exactly these groups: the ones held and the change, sent whole.
//!
//! Statuspage makes the membership exactly the list that is sent. What is sent here is always the merge with what was
//! just read.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::again;
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::statuspage::reach::{Groups, group_name};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Statuspage, ViewerChange};
use crate::roster::{GroupId, Names, PageId, Record, SetMerged, ViewerId};
use crate::upstream::Cx;

pub(in crate::access) struct SetViewerGroups {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
    pub merged: SetMerged<GroupId>,
    /// For the names.
    pub groups: Groups,
    /// The items that the viewer no longer sees, in words; one line at least where a group is left.
    pub losses: Vec<String>,
}

impl SetViewerGroups {
    fn names(&self, ids: &BTreeSet<GroupId>) -> String {
        ids.iter()
            .map(|id| group_name(&self.groups, id))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Act for SetViewerGroups {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let (gained, lost) = (
            self.names(&self.merged.gained),
            self.names(&self.merged.lost),
        );
        let page = &self.page;
        match (gained.is_empty(), lost.is_empty()) {
            (false, true) => {
                format!("put the page access user of page {page} into the groups {gained}")
            }
            (true, _) => {
                format!("take the page access user of page {page} out of the groups {lost}")
            }
            (false, false) => format!(
                "put the page access user of page {page} into the groups {gained} and take it out of {lost}"
            ),
        }
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "page_access_user_id": self.viewer, "group_ids": self.merged.after})
    }

    fn before(&self) -> Value {
        json!(self.record)
    }

    fn becomes(&self) -> Option<(Value, Value)> {
        let names = |ids: &mut dyn Iterator<Item = &GroupId>| -> Value {
            ids.map(|id| json!(group_name(&self.groups, id))).collect()
        };
        let kept = self
            .merged
            .after
            .iter()
            .filter(|id| !self.merged.gained.contains(*id));
        let before = names(&mut kept.chain(&self.merged.lost));
        Some((
            json!({ "groups": before }),
            json!({"groups": names(&mut self.merged.after.iter())}),
        ))
    }

    fn losses(&self) -> Vec<Loss> {
        let losses = self.losses.iter().cloned();
        losses.map(|words| Loss::of(&self.record, words)).collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let gain = || Gain::Access(Names::of(&self.record));
        (!self.merged.gained.is_empty())
            .then(gain)
            .into_iter()
            .collect()
    }

    fn requests(&self) -> u32 {
        3
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move { Ok(again(&self.see(cx).await?, "groups")) })
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            let change = ViewerChange {
                group_ids: Some(self.merged.after.iter().cloned().collect()),
                ..ViewerChange::default()
            };
            self.statuspage
                .update_viewer(cx, intent, &self.page, &self.viewer, &change)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.viewer(cx, &self.page, &self.viewer).await?;
            let Some(groups) = &now.groups else {
                return Err(ProviderError::Untrusted {
                    what: "page access user",
                    place: "page_access_group_ids".to_owned(),
                    why: "it does not say in which groups the viewer is".to_owned(),
                });
            };
            let groups = groups.iter().cloned().collect();
            Ok(super::compared(&self.merged, &groups, json!(now), "groups"))
        })
    }
}
