//! Changes a page access group. Each list that changes is sent whole, merged with what was just read: Statuspage makes the
//! group's exactly what is sent.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Parts, compared};
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::group::Held;
use crate::access::look::group::Merged;
use crate::access::statuspage::items::named;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{GroupChange, Statuspage};
use crate::roster::{Names, PageAccessGroup, PageId, SetMerged};
use crate::upstream::Cx;

pub(in crate::access) struct UpdateGroup {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub group: PageAccessGroup,
    /// The components, metrics and members of the group before the change.
    pub held: Held,
    /// Its new name.
    pub name: Option<String>,
    /// Its new id at the identity provider.
    pub external_id: Option<String>,
    pub merged: Merged,
    /// The items that are given and taken, by name.
    pub words: String,
    pub losses: Vec<Loss>,
    /// Those who see more by it, as far as a rule asks.
    pub gainers: Names,
}

impl UpdateGroup {
    /// Only what changes is sent.
    fn change(&self) -> GroupChange {
        fn list<T: Ord + Clone>(merged: &SetMerged<T>) -> Option<Vec<T>> {
            (!merged.is_nothing()).then(|| merged.after.iter().cloned().collect())
        }
        GroupChange {
            name: self.name.clone(),
            external_id: self.external_id.clone(),
            member_ids: list(&self.merged.members),
            component_ids: list(&self.merged.components),
            metric_ids: list(&self.merged.metrics),
        }
    }

    fn compare(&self, now: &PageAccessGroup, held: &Held) -> Seen {
        let name = |wanted: Option<&String>| self.name.is_none() || now.name.as_ref() == wanted;
        let Merged {
            members,
            components,
            metrics,
        } = &self.merged;
        let external = |wanted: Option<&String>| {
            self.external_id.is_none() || now.external_id.as_ref() == wanted
        };
        let as_wanted = name(self.name.as_ref())
            && external(self.external_id.as_ref())
            && (members.is_nothing() || held.members == members.after)
            && (components.is_nothing() || held.components == components.after)
            && (metrics.is_nothing() || held.metrics == metrics.after);
        let as_before = name(self.group.name.as_ref())
            && external(self.group.external_id.as_ref())
            && (members.is_nothing() || held.members == self.held.members)
            && (components.is_nothing() || held.components == self.held.components)
            && (metrics.is_nothing() || held.metrics == self.held.metrics);
        if as_wanted {
            Seen::AsWanted(json!(now))
        } else if as_before {
            Seen::Unchanged(json!(now), "the group is as before".to_owned())
        } else {
            self.in_part(now, held)
        }
    }
}

impl UpdateGroup {
    /// Compares the group with the wanted one, list by list.
    fn in_part(&self, now: &PageAccessGroup, held: &Held) -> Seen {
        let Merged {
            members,
            components,
            metrics,
        } = &self.merged;
        let mut words = Vec::new();
        let mut others = false;
        if let Some(name) = &self.name {
            let renamed = now.name.as_ref() == Some(name);
            others |= !renamed && now.name != self.group.name;
            let mut parts = Parts::default();
            parts.add(format!("the name {name}"), renamed);
            words.push(parts.words());
        }
        if let Some(external_id) = &self.external_id {
            let is_so = now.external_id.as_ref() == Some(external_id);
            others |= !is_so && now.external_id != self.group.external_id;
            let mut parts = Parts::default();
            parts.add(format!("the external id {external_id}"), is_so);
            words.push(parts.words());
        }
        let lists = [
            compared(members, &held.members, Value::Null, "members"),
            compared(components, &held.components, Value::Null, "components"),
            compared(metrics, &held.metrics, Value::Null, "metrics"),
        ];
        let changes = [
            !members.is_nothing(),
            !components.is_nothing(),
            !metrics.is_nothing(),
        ];
        let named = ["members", "components", "metrics"];
        for ((seen, changes), name) in lists.into_iter().zip(changes).zip(named) {
            match seen {
                _ if !changes => {}
                Seen::AsWanted(_) | Seen::AsWantedAnd(..) | Seen::Accepted(..) => {
                    words.push(format!("the {name} are as wanted"));
                }
                Seen::Unchanged(_, why) | Seen::InPart(_, why) => words.push(why),
                Seen::Otherwise(_, why) => {
                    others = true;
                    words.push(why);
                }
            }
        }
        let words = words.join("; ");
        if others {
            let why = format!(
                "the group is neither as before nor as wanted: somebody else changes it too. {words}"
            );
            Seen::Otherwise(json!(now), why)
        } else {
            Seen::InPart(json!(now), words)
        }
    }
}

impl Act for UpdateGroup {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let rename = self.name.as_ref().map(|name| format!("rename it {name}"));
        let words = Some(self.words.clone()).filter(|words| !words.is_empty());
        let external = self.external_id.as_ref();
        let external = external.map(|id| format!("make its external id {id}"));
        let what: Vec<String> = [rename, external, words].into_iter().flatten().collect();
        format!(
            "change the page access group of page {}: {}",
            self.page,
            what.join("; ")
        )
    }

    fn target(&self) -> String {
        named(self.group.name.as_deref(), self.group.id.as_str())
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "group_id": self.group.id, "change": self.change()})
    }

    fn before(&self) -> Value {
        json!(self.group)
    }

    fn losses(&self) -> Vec<Loss> {
        self.losses.clone()
    }

    fn gains(&self) -> Vec<Gain> {
        let gain = || Gain::Access(self.gainers.clone());
        (!self.gainers.is_empty()).then(gain).into_iter().collect()
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            let now = self
                .statuspage
                .group(cx, &self.page, &self.group.id)
                .await?;
            Ok(match Held::of(&now) {
                Err(part) => {
                    Before::Changed(format!("Statuspage did not say which {part} the group has"))
                }
                Ok(held) => match self.compare(&now, &held) {
                    Seen::AsWanted(_) | Seen::AsWantedAnd(..) | Seen::Accepted(..) => Before::Done,
                    Seen::Unchanged(..) => Before::AsPlanned,
                    Seen::InPart(..) | Seen::Otherwise(..) => {
                        Before::Changed("the group holds something else now".to_owned())
                    }
                },
            })
        })
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn requests(&self) -> u32 {
        3
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
            self.statuspage
                .update_group(cx, intent, &self.page, &self.group.id, &self.change())
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self
                .statuspage
                .group(cx, &self.page, &self.group.id)
                .await?;
            let contents = Held::of(&now).map_err(|part| ProviderError::Untrusted {
                what: "page access group",
                place: part.to_owned(),
                why: "the answer does not say".to_owned(),
            })?;
            Ok(self.compare(&now, &contents))
        })
    }
}
