//! Makes a page access group.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::Parts;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::group::Held;
use crate::access::look::whole::read_all;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewGroup, Statuspage};
use crate::roster::{GroupId, Names, PageId};
use crate::upstream::Cx;

pub(in crate::access) struct CreateGroup {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub new: NewGroup,
    /// The components, metrics and members that it gets, by name.
    pub words: String,
    /// The groups that were there before: names are not unique.
    pub known: BTreeSet<GroupId>,
    /// Its members.
    pub gainers: Names,
}

impl Act for CreateGroup {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let contents = if self.words.is_empty() {
            String::new()
        } else {
            format!(": {}", self.words)
        };
        format!("make a page access group on page {}{contents}", self.page)
    }

    fn target(&self) -> String {
        self.new.name.clone()
    }

    fn exact(&self) -> Value {
        json!({
            "page_id": self.page, "name": self.new.name, "external_id": self.new.external_id, "member_ids": self.new.member_ids,
            "component_ids": self.new.component_ids, "metric_ids": self.new.metric_ids,
        })
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(self.gainers.clone())]
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .create_group(cx, intent, &self.page, &self.new)
                .await
                .map(drop)
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let groups =
                read_all(self.statuspage.groups(&self.page), cx, "page access groups").await?;
            let made = groups.into_iter().find(|group| {
                !self.known.contains(&group.id)
                    && group.name.as_deref() == Some(self.new.name.as_str())
            });
            let Some(made) = made else {
                let why = "Statuspage accepted the request, and there is no such group; it does so for a page that is not audience-specific";
                return Ok(Seen::Unchanged(Value::Null, why.to_owned()));
            };
            let id = made.id.clone();
            let contents = match Held::of(&made) {
                Ok(contents) => contents,
                Err(part) => {
                    let why = format!(
                        "the group was made (id {id}); Statuspage does not say which {part} it has"
                    );
                    return Ok(Seen::InPart(json!(made), why));
                }
            };
            let mut parts = Parts::default();
            parts.add(format!("the group (id {id})"), true);
            if let Some(external_id) = &self.new.external_id {
                let is_so = made.external_id.as_ref() == Some(external_id);
                parts.add(format!("the external id {external_id}"), is_so);
            }
            for member in &self.new.member_ids {
                parts.add(
                    format!("member {member}"),
                    contents.members.contains(member),
                );
            }
            for component in &self.new.component_ids {
                let is_in = contents.components.contains(component);
                parts.add(format!("component {component}"), is_in);
            }
            for metric in &self.new.metric_ids {
                parts.add(
                    format!("metric {metric}"),
                    contents.metrics.contains(metric),
                );
            }
            Ok(match parts.seen(json!(made), "") {
                Seen::AsWanted(made) => Seen::AsWantedAnd(made, format!("its id is {id}")),
                other => other,
            })
        })
    }
}
