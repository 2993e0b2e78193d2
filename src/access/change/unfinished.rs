//! Changes that a process began and did not live to see the end of: what a later look proves of them is put on record.

use serde_json::{Value, json};

use crate::access::change::act::Act;
use crate::access::change::plan::Plan;
use crate::access::{Access, Ask};
use crate::audit::{Outcome, Status, Unfinished};
use crate::confirmation;

/// Names a call by its tool and arguments: the same call again plans the same change.
pub(in crate::access) fn asked(ask: &Ask) -> String {
    confirmation::call(ask.tool, &ask.arguments)
}

/// The proof that a look gives of a change without an outcome.
enum Proof {
    Made,
    NotMade,
}

impl Access {
    /// The changes without an outcome, as the record has them now.
    pub(in crate::access) async fn unfinished(&self) -> Vec<Unfinished> {
        let Ok(log) = self.log() else {
            return Vec::new();
        };
        log.unfinished().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the changes without an outcome could not be read from the record");
            Vec::new()
        })
    }

    /// Puts on record what this plan's reads prove of changes that the same call began earlier.
    pub(in crate::access) async fn settle_unfinished(&self, ask: &Ask, plan: &Plan) {
        let Ok(log) = self.log() else { return };
        for change in self.unfinished().await {
            let Some(proof) = proof(&change, ask, plan) else {
                continue;
            };
            let (status, words) = match proof {
                Proof::Made => (Status::Applied, "it is as it was to become"),
                Proof::NotMade => (Status::Failed, "it was not made"),
            };
            let outcome = Outcome {
                status,
                after: Value::Null,
                detail: format!(
                    "its server ended before it knew; settled by a later look of `{}`: {words}",
                    ask.tool
                ),
            };
            match log.settle(&change.intent, outcome).await {
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, intent = %change.intent, "what became of an earlier change could not be recorded");
                }
            }
        }
    }
}

/// A plan proves something of a change that it would hold again, were it not made.
fn proof(change: &Unfinished, ask: &Ask, plan: &Plan) -> Option<Proof> {
    let of_target = |name: &str| change.target.get(name);
    let exact = of_target("exact");
    let same = |act: &dyn Act| act.system() == change.system && Some(&act.exact()) == exact;
    if change.tool != ask.tool {
        return None;
    }
    if plan.acts.iter().any(|act| same(act.as_ref())) {
        return Some(Proof::NotMade);
    }
    let same_call = of_target("asked") == Some(&json!(asked(ask)));
    let place = of_target("place").and_then(Value::as_str);
    let read = plan.has_read(place);
    // A search for the same person by another address reads the same place.
    let about = plan.independent && place.is_some() && is_about(change, plan);
    let whole = plan.acts.is_empty() || plan.independent;
    (read && whole && (same_call || about)).then_some(Proof::Made)
}

fn is_about(change: &Unfinished, plan: &Plan) -> bool {
    let name = change.name().to_lowercase();
    let known = plan.also_known_as.emails.iter();
    known
        .chain(&plan.losers().emails)
        .any(|email| name.contains(email.folded()))
}
