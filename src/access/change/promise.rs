//! The steps that were shown to whoever confirmed, held against the steps that are planned now.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::access::change::act::Act;
use crate::access::change::plan::Plan;

/// A step as it is shown and kept: everything that its confirmation is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::access) struct Promised {
    pub system: String,
    pub action: String,
    pub target: String,
    pub exact: Value,
    pub losses: Vec<String>,
    /// True when what it takes could not be read in full when it was shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partly_unread: bool,
    /// True when the plan is not done without it.
    pub must: bool,
    /// True when reading back can show that it was made.
    pub leaves_trace: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spelling: Option<String>,
    /// The person whose step it is, in a change for several people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// The relation of a step that was shown to the plan made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::access) enum Stands {
    /// It is the step of this place in the plan.
    Planned(usize),
    /// There is nothing left of it to do.
    Gone,
    /// It is another one now: other values, or a loss that was not shown.
    Differs,
    /// Its place could not be read, so it is not known.
    Unread,
}

impl Promised {
    pub(in crate::access) fn of(act: &dyn Act) -> Self {
        Self {
            system: act.system().to_owned(),
            action: act.action(),
            target: act.target(),
            exact: act.exact(),
            losses: act.losses().into_iter().map(|loss| loss.words).collect(),
            partly_unread: act.partly_unread(),
            must: act.must(),
            leaves_trace: act.leaves_trace(),
            place: act.place().map(ToOwned::to_owned),
            spelling: act.spelling().map(ToOwned::to_owned),
            person: None,
        }
    }

    pub(in crate::access) fn words(&self) -> String {
        format!("{}: {}", self.action, self.target)
    }

    /// Returns the identity of the step. Its words are no part of it: they can hold more than could be read again, and names of pages.
    fn whole(&self) -> String {
        json!([self.system, self.target, self.exact]).to_string()
    }

    fn subject(&self) -> String {
        json!([self.system, self.exact]).to_string()
    }
}

/// The steps out of a plan that was kept.
pub(in crate::access) fn kept(steps: &Value) -> Vec<Promised> {
    serde_json::from_value(steps.clone()).unwrap_or_default()
}

/// Compares the steps that were shown with the plan made now: returns the relation of each, and the steps of that plan that were not shown.
pub(in crate::access) fn compared(shown: &[Promised], plan: &Plan) -> (Vec<Stands>, Vec<usize>) {
    let now = plan.promised();
    let losses: BTreeSet<&str> = shown
        .iter()
        .flat_map(|step| step.losses.iter().map(String::as_str))
        .collect();
    let mut by_whole: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut fresh: BTreeSet<usize> = BTreeSet::new();
    for (at, step) in now.iter().enumerate().rev() {
        fresh.insert(at);
        by_whole.entry(step.whole()).or_default().push(at);
    }
    let mut stands: Vec<Option<usize>> = Vec::new();
    for step in shown {
        let alike = by_whole.get_mut(&step.whole());
        // Losses of a step that could not be read in full, then or now, are no part of the promise.
        let as_shown = |at: &usize| {
            now.get(*at).is_some_and(|new| {
                let mut all = new.losses.iter();
                step.partly_unread
                    || new.partly_unread
                    || all.all(|loss| losses.contains(loss.as_str()))
            })
        };
        let found = alike.and_then(|at| at.pop_if(|at| as_shown(at)));
        if let Some(at) = found {
            fresh.remove(&at);
        }
        stands.push(found);
    }
    let others: BTreeSet<String> = fresh
        .iter()
        .filter_map(|at| now.get(*at).map(Promised::subject))
        .collect();
    let stands = stands
        .into_iter()
        .zip(shown)
        .map(|(found, step)| match found {
            Some(at) => Stands::Planned(at),
            None if others.contains(&step.subject()) => Stands::Differs,
            None if plan.has_read(step.place.as_deref()) => Stands::Gone,
            None => Stands::Unread,
        });
    (stands.collect(), fresh.into_iter().collect())
}
