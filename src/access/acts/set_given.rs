//! Gives a page access user components or metrics, and takes some.
//!
//! Additions are sent as additions, and removals name each item, so that nothing else can be lost by being left out. Only where many are
//! removed is the whole list sent instead.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::again;
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{given_components, given_metrics};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{ComponentId, MetricId, Names, PageId, Record, SetMerged, ViewerId};
use crate::upstream::Cx;

/// Requests of one id each before the whole list is sent instead: ten seconds of the budget at most.
const ONE_BY_ONE: usize = 10;

/// Things that a plan names before and after, together; of more the step's words say what changes.
const MOST_NAMED: usize = 40;

/// The components or the metrics, and their change.
#[derive(Debug, Clone)]
pub(in crate::access) enum Given {
    Components(SetMerged<ComponentId>),
    Metrics(SetMerged<MetricId>),
}

impl Given {
    /// Returns the names of the items that are gained and of those that are lost.
    fn names(&self, items: &Items) -> (Vec<String>, Vec<String>) {
        match self {
            Self::Components(it) => {
                let names = |ids: &BTreeSet<_>| ids.iter().map(|id| items.component(id)).collect();
                (names(&it.gained), names(&it.lost))
            }
            Self::Metrics(it) => {
                let names = |ids: &BTreeSet<_>| ids.iter().map(|id| items.metric(id)).collect();
                (names(&it.gained), names(&it.lost))
            }
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Components(_) => "components",
            Self::Metrics(_) => "metrics",
        }
    }

    fn lost(&self) -> usize {
        match self {
            Self::Components(it) => it.lost.len(),
            Self::Metrics(it) => it.lost.len(),
        }
    }
}

pub(in crate::access) struct SetGiven {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
    pub given: Given,
    /// For the names.
    pub items: Items,
    /// The items that the viewer no longer sees, in words; one line at least where something is taken.
    pub losses: Vec<String>,
}

impl Act for SetGiven {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let (gained, lost) = self.given.names(&self.items);
        let word = self.given.word();
        let on = format!("on page {}", self.page);
        match (gained.is_empty(), lost.is_empty()) {
            (false, true) => format!("give the {word} {} {on}", gained.join(", ")),
            (true, _) => format!("take the {word} {} {on}", lost.join(", ")),
            (false, false) => format!(
                "give the {word} {} and take {} {on}",
                gained.join(", "),
                lost.join(", ")
            ),
        }
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        let after = match &self.given {
            Given::Components(it) => json!(it.after),
            Given::Metrics(it) => json!(it.after),
        };
        json!({"page_id": self.page, "page_access_user_id": self.viewer, self.given.word(): after})
    }

    fn before(&self) -> Value {
        let before: Vec<String> = match &self.given {
            Given::Components(it) => super::held_before(it),
            Given::Metrics(it) => super::held_before(it),
        };
        json!({"record": self.record, self.given.word(): before})
    }

    fn becomes(&self) -> Option<(Value, Value)> {
        fn both<T: Ord>(
            it: &SetMerged<T>,
            name: impl Fn(&T) -> String,
        ) -> (Vec<String>, Vec<String>) {
            let kept = it.after.iter().filter(|id| !it.gained.contains(*id));
            let before = kept.chain(&it.lost).map(&name).collect();
            (before, it.after.iter().map(&name).collect())
        }
        let (before, after) = match &self.given {
            Given::Components(it) => both(it, |id| self.items.component(id)),
            Given::Metrics(it) => both(it, |id| self.items.metric(id)),
        };
        if before.len() + after.len() > MOST_NAMED {
            return None;
        }
        let word = self.given.word();
        Some((json!({ word: before }), json!({ word: after })))
    }

    fn losses(&self) -> Vec<Loss> {
        let losses = self.losses.iter().cloned();
        losses.map(|words| Loss::of(&self.record, words)).collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let (gained, _) = self.given.names(&self.items);
        let gain = || Gain::Access(Names::of(&self.record));
        (!gained.is_empty()).then(gain).into_iter().collect()
    }

    fn requests(&self) -> u32 {
        let (gained, _) = self.given.names(&self.items);
        let taking = match self.given.lost() {
            many if many > ONE_BY_ONE => return 3,
            few => u32::try_from(few).unwrap_or(u32::MAX),
        };
        taking + u32::from(!gained.is_empty()) + 1
    }

    fn in_pieces(&self) -> bool {
        let (gained, lost) = self.given.names(&self.items);
        lost.len() <= ONE_BY_ONE && usize::from(!gained.is_empty()) + lost.len() > 1
    }

    fn sends_whole(&self) -> bool {
        self.given.lost() > ONE_BY_ONE
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move { Ok(again(&self.see(cx).await?, self.given.word())) })
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
            match &self.given {
                Given::Components(merged) => self.write_components(cx, intent, merged).await,
                Given::Metrics(merged) => self.write_metrics(cx, intent, merged).await,
            }
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let word = self.given.word();
            Ok(match &self.given {
                Given::Components(merged) => {
                    let holder = Holder::Viewer(self.viewer.clone());
                    let now = given_components(&self.statuspage, cx, &self.page, &holder).await?;
                    super::compared(merged, &now, json!({ word: now }), word)
                }
                Given::Metrics(merged) => {
                    let now = given_metrics(&self.statuspage, cx, &self.page, &self.viewer).await?;
                    super::compared(merged, &now, json!({ word: now }), word)
                }
            })
        })
    }
}

impl SetGiven {
    async fn write_components(
        &self,
        cx: &Cx,
        intent: &Intent,
        merged: &SetMerged<ComponentId>,
    ) -> Result<(), ProviderError> {
        let (statuspage, page) = (&self.statuspage, &self.page);
        let holder = Holder::Viewer(self.viewer.clone());
        if merged.lost.len() > ONE_BY_ONE {
            let after: Vec<_> = merged.after.iter().cloned().collect();
            return statuspage
                .replace_components(cx, intent, page, &holder, &after)
                .await;
        }
        let gained: Vec<_> = merged.gained.iter().cloned().collect();
        statuspage
            .add_components(cx, intent, page, &holder, &gained)
            .await?;
        for id in &merged.lost {
            gone(
                statuspage
                    .remove_component(cx, intent, page, &holder, id)
                    .await,
            )?;
        }
        Ok(())
    }

    async fn write_metrics(
        &self,
        cx: &Cx,
        intent: &Intent,
        merged: &SetMerged<MetricId>,
    ) -> Result<(), ProviderError> {
        let (statuspage, page, viewer) = (&self.statuspage, &self.page, &self.viewer);
        if merged.lost.len() > ONE_BY_ONE {
            let after: Vec<_> = merged.after.iter().cloned().collect();
            return statuspage
                .replace_metrics(cx, intent, page, viewer, &after)
                .await;
        }
        let gained: Vec<_> = merged.gained.iter().cloned().collect();
        statuspage
            .add_metrics(cx, intent, page, viewer, &gained)
            .await?;
        for id in &merged.lost {
            gone(statuspage.remove_metric(cx, intent, page, viewer, id).await)?;
        }
        Ok(())
    }
}

/// Taking what is not there is as good as done; reading back says whether it is so.
fn gone(taken: Result<(), ProviderError>) -> Result<(), ProviderError> {
    match taken {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}
