//! `save_page_access_group`: any world, any request.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::request::{Asked, Case, asked, carried_out, comparable, ids, listed, row, run, world};

const WORDS: [&str; 3] = ["add", "remove", "replace"];

fn rows(world: &Value, kind: &str) -> Vec<Value> {
    let pages = world["statuspage"]["pages"].as_array().unwrap();
    let page = pages.iter().find(|page| page["id"] == known::AUDIENCE_PAGE);
    page.unwrap()[kind].as_array().unwrap().clone()
}

fn members(world: &Value, group: &str) -> BTreeSet<String> {
    let rows = rows(world, "viewers").into_iter();
    rows.filter(|viewer| ids(&viewer["group_ids"]).contains(group))
        .map(|viewer| viewer["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Makes exactly these members of a group, in a world that is only thought of.
fn set_members(world: &mut Value, group: &str, members: &BTreeSet<String>) {
    for viewer in rows(world, "viewers") {
        let id = viewer["id"].as_str().unwrap();
        let mut groups = ids(&viewer["group_ids"]);
        groups.remove(group);
        if members.contains(id) {
            groups.insert(group.to_owned());
        }
        row(world, "viewers", id)["group_ids"] = json!(groups);
    }
}

async fn holds(seed: u64, at: usize, name: Option<String>, asked: [Asked; 3]) {
    let world = world(seed).await;
    let before = comparable(world.sandbox.world());
    let group = rows(&before, "groups")[at].clone();
    let id = group["id"].as_str().unwrap();

    let mut arguments = json!({"page_id": known::AUDIENCE_PAGE, "group_id": id});
    let mut wanted = before.clone();
    if let Some(name) = &name {
        arguments["name"] = json!(name);
        row(&mut wanted, "groups", id)["name"] = json!(name);
    }
    let [of_members, of_components, of_metrics] = &asked;

    let all = listed(&json!(rows(&before, "viewers")));
    let held = members(&before, id);
    let case = Case {
        held: held.clone(),
        all: &all,
        asked: of_members,
    };
    let after = case.ask(&mut arguments, WORDS, "member");
    set_members(&mut wanted, id, &after);
    let out: BTreeSet<_> = held.difference(&after).cloned().collect();

    let mut stops = BTreeSet::new();
    for (kind, asked) in [("component", of_components), ("metric", of_metrics)] {
        let set = format!("{kind}_ids");
        let all = listed(&json!(rows(&before, &format!("{kind}s"))));
        let gave = ids(&group[&set]);
        let case = Case {
            held: gave.clone(),
            all: &all,
            asked,
        };
        let gives = case.ask(&mut arguments, WORDS, kind);
        stops.extend(gave.difference(&gives).cloned());
        row(&mut wanted, "groups", id)[&set] = json!(gives);
    }

    let (plan, done) = carried_out(&world, "save_page_access_group", arguments).await;
    let status = if wanted == before {
        "already"
    } else {
        "applied"
    };
    assert_eq!(done["status"], status, "{done}");
    assert_eq!(
        comparable(world.sandbox.world()),
        wanted,
        "the plan, and nothing else"
    );
    assert_eq!(
        plan.is_some(),
        !(out.is_empty() && stops.is_empty()),
        "taking is confirmed, and only that: {done}"
    );
    let Some(plan) = plan else { return };
    let losses = plan["losses"].to_string();
    let losers = if stops.is_empty() { &out } else { &held };
    for loser in losers {
        assert!(losses.contains(loser), "{loser} is not named: {losses}");
    }
    for thing in &stops {
        assert!(losses.contains(thing), "{thing} is not named: {losses}");
    }
    for other in held.difference(losers) {
        assert!(!losses.contains(other), "{other} loses nothing: {losses}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_world_after_is_the_plan_and_nothing_else_changed(
        seed in any::<u64>(), at in 0usize..8, name in prop::option::of("[A-Z][a-z]{2,9}"),
        asked in [asked(), asked(), asked()],
    ) {
        run(holds(seed, at, name, asked));
    }
}
