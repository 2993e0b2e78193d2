//! `change_viewer_access`: any world, any request.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::request::{Asked, Case, asked, carried_out, comparable, ids, listed, row, run, world};

const WORDS: [&str; 3] = ["grant", "revoke", "replace"];

/// Everything that a viewer reaches: the thing, and whether it was given directly.
fn reached(page: &Value, viewer: &Value) -> BTreeMap<String, bool> {
    let groups = ids(&viewer["group_ids"]);
    let mut reached = BTreeMap::new();
    for group in page["groups"].as_array().unwrap() {
        if groups.contains(group["id"].as_str().unwrap()) {
            for set in ["component_ids", "metric_ids"] {
                reached.extend(ids(&group[set]).into_iter().map(|id| (id, false)));
            }
        }
    }
    for set in ["component_ids", "metric_ids"] {
        reached.extend(ids(&viewer[set]).into_iter().map(|id| (id, true)));
    }
    reached
}

fn page(world: &Value) -> Value {
    let pages = world["statuspage"]["pages"].as_array().unwrap();
    let page = pages.iter().find(|page| page["id"] == known::AUDIENCE_PAGE);
    page.unwrap().clone()
}

/// What the answer says that the viewer sees.
fn told(answer: &Value) -> BTreeMap<String, bool> {
    let rows = ["components", "metrics"]
        .into_iter()
        .flat_map(|kind| answer["access"][kind].as_array().unwrap().clone());
    rows.map(|row| {
        (
            row["id"].as_str().unwrap().to_owned(),
            row["direct"] == true,
        )
    })
    .collect()
}

async fn holds(seed: u64, at: usize, asked: [Asked; 3]) {
    let world = world(seed).await;
    let before = comparable(world.sandbox.world());
    let old = page(&before);
    let viewer = old["viewers"][at].clone();
    let id = viewer["id"].as_str().unwrap();

    let mut arguments = json!({"page_id": known::AUDIENCE_PAGE, "user_id": id});
    let mut wanted = before.clone();
    let (mut gained, mut lost) = (BTreeSet::new(), BTreeSet::new());
    for (kind, asked) in ["group", "component", "metric"].into_iter().zip(&asked) {
        let set = format!("{kind}_ids");
        let all = listed(&old[format!("{kind}s")]);
        let held = ids(&viewer[&set]);
        let case = Case {
            held: held.clone(),
            all: &all,
            asked,
        };
        let after = case.ask(&mut arguments, WORDS, kind);
        gained.extend(after.difference(&held).cloned());
        lost.extend(held.difference(&after).cloned());
        row(&mut wanted, "viewers", id)[&set] = json!(after);
    }
    let nothing_asked = asked.iter().all(|asked| match asked {
        Asked::Nothing => true,
        Asked::Merge(adds, takes) => adds.is_empty() && takes.is_empty(),
        Asked::Replace(_) => false,
    });
    if nothing_asked {
        world.refusal("change_viewer_access", arguments).await;
        assert_eq!(comparable(world.sandbox.world()), before);
        return;
    }

    let (plan, done) = carried_out(&world, "change_viewer_access", arguments).await;
    let status = if gained.is_empty() && lost.is_empty() {
        "already"
    } else {
        "applied"
    };
    assert_eq!(done["status"], status, "{done}");
    assert_eq!(
        plan.is_some(),
        !lost.is_empty(),
        "taking is confirmed, and only that: {done}"
    );
    assert_eq!(
        comparable(world.sandbox.world()),
        wanted,
        "the plan, and nothing else"
    );

    let shown = plan.as_ref().unwrap_or(&done);
    let steps = shown["steps"].to_string();
    for id in gained.iter().chain(&lost) {
        assert!(steps.contains(id), "{id} is not in the steps: {steps}");
    }
    let new = page(&wanted);
    let viewer_now = row(&mut wanted.clone(), "viewers", id).clone();
    let (saw, sees) = (reached(&old, &viewer), reached(&new, &viewer_now));
    let losses = shown["losses"].as_array().unwrap().iter();
    let hidden: String = losses
        .filter_map(|line| line.as_str().unwrap().split_once("no longer sees"))
        .map(|(_, things)| things)
        .collect();
    for thing in saw.keys() {
        assert_eq!(
            hidden.contains(thing),
            !sees.contains_key(thing),
            "{thing} in: {shown}"
        );
    }
    assert_eq!(told(&done), sees, "what the answer says is what is");
    for request in world.sandbox.requests() {
        assert!(request.method != "DELETE" || request.body.is_empty());
        let whole = ["/components", "/metrics"]
            .iter()
            .any(|end| request.target.ends_with(end));
        assert!(
            request.method != "DELETE" || !whole,
            "it would remove everything"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_world_after_is_the_plan_and_nothing_else_changed(
        seed in any::<u64>(), at in 0usize..40, asked in [asked(), asked(), asked()],
    ) {
        run(holds(seed, at, asked));
    }
}
