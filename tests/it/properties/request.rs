//! Random requests, what they must come to, and the world in a form that can be compared.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use crate::tools::world::{Make, World};

/// What is asked of one set: places in the list of what the page has.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Nothing,
    Merge(BTreeSet<usize>, BTreeSet<usize>),
    Replace(BTreeSet<usize>),
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    let places = || prop::collection::btree_set(0usize..40, 0..5);
    // A replacement may be long enough for more to be taken than is taken one by one.
    let many = prop::collection::btree_set(0usize..40, 0..25);
    prop_oneof![
        2 => Just(Asked::Nothing),
        4 => (places(), places()).prop_map(|(adds, takes)| {
            let takes = takes.difference(&adds).copied().collect();
            Asked::Merge(adds, takes)
        }),
        2 => many.prop_map(Asked::Replace),
    ]
}

/// One set: what it holds, what may be in it, and what is asked.
pub(super) struct Case<'a> {
    pub(super) held: BTreeSet<String>,
    pub(super) all: &'a [String],
    pub(super) asked: &'a Asked,
}

impl Case<'_> {
    fn ids(&self, places: &BTreeSet<usize>) -> BTreeSet<String> {
        let id = |place: &usize| self.all[place % self.all.len()].clone();
        places.iter().map(id).collect()
    }

    /// Puts the request into arguments, and says what the set must be afterwards.
    pub(super) fn ask(
        &self,
        arguments: &mut Value,
        words: [&str; 3],
        kind: &str,
    ) -> BTreeSet<String> {
        let key = |word: &str| format!("{word}_{kind}_ids");
        match self.asked {
            Asked::Nothing => self.held.clone(),
            Asked::Merge(adds, takes) => {
                let adds = self.ids(adds);
                // Two places can be the same thing where there are few of them.
                let takes: BTreeSet<_> = self.ids(takes).difference(&adds).cloned().collect();
                arguments[key(words[0])] = json!(adds);
                arguments[key(words[1])] = json!(takes);
                let after = self.held.union(&adds).cloned().collect::<BTreeSet<_>>();
                after.difference(&takes).cloned().collect()
            }
            Asked::Replace(exactly) => {
                let exactly = self.ids(exactly);
                arguments[key(words[2])] = json!(exactly);
                exactly
            }
        }
    }
}

/// A small world of its own.
pub(super) async fn world(seed: u64) -> World {
    let mut make = Make::default();
    make.sandbox.seed = seed;
    make.sandbox.viewers = 40;
    make.sandbox.team_members = 5;
    make.world().await
}

/// Runs a case to its end on a runtime of its own.
pub(crate) fn run<T>(case: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(case)
}

/// Asks, and confirms where that is wanted: the plan, if there was one, and the answer.
pub(super) async fn carried_out(
    world: &World,
    tool: &str,
    mut arguments: Value,
) -> (Option<Value>, Value) {
    let before = world.sandbox.world();
    let first = world.result(tool, arguments.clone()).await;
    if first["status"] != "confirmation_required" {
        return (None, first);
    }
    assert_eq!(before, world.sandbox.world(), "a plan changes nothing");
    arguments["confirmation_token"] = first["confirmation_token"].clone();
    let done = world.result(tool, arguments).await;
    (Some(first), done)
}

pub(super) fn ids(rows: &Value) -> BTreeSet<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|id| {
        id.as_str()
            .unwrap_or_else(|| id["id"].as_str().unwrap())
            .to_owned()
    })
    .collect()
}

/// The ids of a list, in its order.
pub(super) fn listed(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The world with every set in order and without the times of changes, so that two of them can be compared.
pub(super) fn comparable(mut world: Value) -> Value {
    let pages = world["statuspage"]["pages"].as_array_mut().unwrap();
    for page in pages {
        for kind in ["viewers", "groups"] {
            for row in page[kind].as_array_mut().unwrap() {
                row.as_object_mut().unwrap().remove("updated_at");
                for set in ["group_ids", "component_ids", "metric_ids"] {
                    if row.get(set).is_some() {
                        row[set] = json!(ids(&row[set]));
                    }
                }
            }
        }
    }
    world
}

/// The row of the audience-specific page in a world.
pub(super) fn row<'a>(world: &'a mut Value, kind: &str, id: &str) -> &'a mut Value {
    let pages = world["statuspage"]["pages"].as_array_mut().unwrap();
    let page = pages
        .iter_mut()
        .find(|page| page["id"] == known::AUDIENCE_PAGE);
    let rows = page.unwrap()[kind].as_array_mut().unwrap();
    rows.iter_mut().find(|row| row["id"] == id).unwrap()
}
