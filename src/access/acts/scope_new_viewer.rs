//! Gives a page access user who was added a step before what they are to see. The id is known only then, so the step
//! looks the address up.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::viewer::Newcomer;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{given_components, given_metrics};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, SignIn, Statuspage};
use crate::roster::{ComponentId, MetricId, PageId, ViewerId};
use crate::upstream::Cx;

/// The components or metrics that one step gives.
#[derive(Debug, Clone)]
pub(in crate::access) enum Things {
    Components(Vec<ComponentId>),
    Metrics(Vec<MetricId>),
}

pub(in crate::access) struct ScopeNewViewer {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub sign_in: SignIn,
    pub newcomer: Newcomer,
    pub things: Things,
    /// For the names.
    pub items: Items,
}

impl ScopeNewViewer {
    async fn viewer(&self, cx: &Cx) -> Result<ViewerId, ProviderError> {
        let found = self
            .newcomer
            .find(&self.statuspage, cx, &self.page, &self.sign_in)
            .await?;
        found
            .as_ref()
            .and_then(crate::roster::Record::viewer_id)
            .ok_or_else(|| ProviderError::Untrusted {
                what: "page access users",
                place: "the list".to_owned(),
                why: format!("{} was added and is not in it", self.sign_in),
            })
    }
}

impl Act for ScopeNewViewer {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let (word, names): (_, Vec<String>) = match &self.things {
            Things::Components(ids) => (
                "components",
                ids.iter().map(|id| self.items.component(id)).collect(),
            ),
            Things::Metrics(ids) => (
                "metrics",
                ids.iter().map(|id| self.items.metric(id)).collect(),
            ),
        };
        format!("give the {word} {} on page {}", names.join(", "), self.page)
    }

    fn target(&self) -> String {
        self.sign_in.to_string()
    }

    fn exact(&self) -> Value {
        let SignIn {
            email,
            external_login,
        } = &self.sign_in;
        let (word, ids) = match &self.things {
            Things::Components(ids) => ("component_ids", json!(ids)),
            Things::Metrics(ids) => ("metric_ids", json!(ids)),
        };
        json!({"page_id": self.page, "email": email, "external_login": external_login, word: ids})
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(super::create_viewer::names(&self.sign_in))]
    }

    fn requests(&self) -> u32 {
        4
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
            let viewer = self.viewer(cx).await?;
            let (statuspage, page) = (&self.statuspage, &self.page);
            match &self.things {
                Things::Components(ids) => {
                    let holder = Holder::Viewer(viewer);
                    statuspage
                        .add_components(cx, intent, page, &holder, ids)
                        .await
                }
                Things::Metrics(ids) => {
                    statuspage.add_metrics(cx, intent, page, &viewer, ids).await
                }
            }
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let viewer = self.viewer(cx).await?;
            let (statuspage, page) = (&self.statuspage, &self.page);
            Ok(match &self.things {
                Things::Components(ids) => {
                    let holder = Holder::Viewer(viewer);
                    let now = given_components(statuspage, cx, page, &holder).await?;
                    given(ids, &now, json!({ "components": now }))
                }
                Things::Metrics(ids) => {
                    let now = given_metrics(statuspage, cx, page, &viewer).await?;
                    given(ids, &now, json!({ "metrics": now }))
                }
            })
        })
    }
}

fn given<T: Ord + ToString>(wanted: &[T], now: &BTreeSet<T>, seen: Value) -> Seen {
    let missing: Vec<String> = wanted
        .iter()
        .filter(|id| !now.contains(*id))
        .map(ToString::to_string)
        .collect();
    if missing.is_empty() {
        Seen::AsWanted(seen)
    } else if missing.len() == wanted.len() {
        Seen::Unchanged(seen, "none of it was given".to_owned())
    } else {
        let in_place = wanted.iter().filter(|id| now.contains(*id));
        let in_place: Vec<String> = in_place.map(ToString::to_string).collect();
        let why = format!(
            "in place: {}; not in place: {}",
            in_place.join(", "),
            missing.join(", ")
        );
        Seen::InPart(seen, why)
    }
}
