//! The one walk of every change: permit, confirm, and then the steps, which `job` carries out.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::change::act::Act;
use crate::access::change::report::{Status, StepReport};
use crate::roster::{Email, PageId};

/// What a use case found out and wants to do. Made from fresh reads, each time anew.
pub(in crate::access) struct Plan {
    /// One sentence: what it comes to. `Jane Doe is removed from the team.`
    pub summary: String,
    /// The steps, in a safe order. None: it is so already.
    pub acts: Vec<Box<dyn Act>>,
    /// Everything that was read and that the plan rests on.
    pub state: Value,
    /// Pages that it touches, for policy.
    pub pages: Vec<PageId>,
    /// People who gain, for policy.
    pub adds: Vec<Email>,
    /// People who lose, for policy.
    pub removes: Vec<Email>,
    /// What a person must agree to although nothing is taken away; with one of these the plan is confirmed first.
    pub asks: Vec<String>,
    /// What a person should know before.
    pub warnings: Vec<String>,
    /// When the read that it rests on began, on the monotonic clock, where that is not this moment.
    pub read_at: Option<std::time::Duration>,
    /// What a person types to agree, where one must: an address, or the name of a page or group. Left empty it is the
    /// address of the one who loses, else the page.
    pub to_type: Option<String>,
}

impl Plan {
    /// A plan to do nothing yet.
    pub(in crate::access) fn to(summary: String) -> Self {
        Self {
            summary,
            acts: Vec::new(),
            state: Value::Null,
            pages: Vec::new(),
            adds: Vec::new(),
            removes: Vec::new(),
            asks: Vec::new(),
            warnings: Vec::new(),
            read_at: None,
            to_type: None,
        }
    }

    pub(in crate::access) fn steps(&self) -> Vec<StepReport> {
        self.acts
            .iter()
            .map(|act| StepReport {
                action: act.action(),
                target: act.target(),
                status: None,
                detail: None,
            })
            .collect()
    }

    /// What people lose, each loss once: a step may take what a later one would take with it.
    pub(in crate::access) fn losses(&self) -> Vec<String> {
        let mut said = BTreeSet::new();
        let all = self.acts.iter().flat_map(|act| act.losses());
        all.filter(|loss| said.insert(loss.clone())).collect()
    }

    /// What a person types to agree. Never empty: an empty form must not count as a word.
    pub(in crate::access) fn word(&self) -> String {
        let named = self.to_type.clone().filter(|word| !word.trim().is_empty());
        let address = || match self.removes.as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        };
        let page = || self.pages.first().map(ToString::to_string);
        named
            .or_else(address)
            .or_else(page)
            .unwrap_or_else(|| "take away".to_owned())
    }

    /// What it is that needs the confirmation.
    pub(in crate::access) fn why_confirmed(&self, losses: &[String]) -> String {
        let takes = (!losses.is_empty()).then(|| "what this takes away".to_owned());
        let why: Vec<String> = takes.into_iter().chain(self.asks.iter().cloned()).collect();
        if why.is_empty() {
            "a plan that a token came with".to_owned()
        } else {
            why.join("; ")
        }
    }

    pub(in crate::access) fn exact(&self) -> Value {
        self.acts
            .iter()
            .map(|act| json!({"system": act.system(), "action": act.action(), "target": act.target(), "exact": act.exact()}))
            .collect()
    }

    /// The first thing that went wrong, of those that matter.
    pub(in crate::access) fn worst(&self, steps: &[StepReport]) -> Status {
        let must = self.acts.iter().map(|act| act.must());
        let ended: Vec<Status> = steps
            .iter()
            .zip(must)
            .filter(|(_, must)| *must)
            .filter_map(|(step, _)| step.status)
            .collect();
        let wrong = |status: &&Status| !matches!(status, Status::Applied | Status::Already);
        match ended.iter().find(wrong) {
            Some(wrong) => *wrong,
            None if ended.iter().all(|status| *status == Status::Already) => Status::Already,
            None => Status::Applied,
        }
    }

    /// Whether a step that ended so is one of those that reading back cannot show.
    pub(in crate::access) fn unseen(&self, steps: &[StepReport], status: Status) -> bool {
        let traces = self.acts.iter().map(|act| act.leaves_trace());
        traces
            .zip(steps)
            .any(|(trace, step)| !trace && step.status == Some(status))
    }
}
