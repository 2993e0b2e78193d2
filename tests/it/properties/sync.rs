//! `sync_page_viewers`: any world, any list.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::request::{carried_out, comparable, ids, run, world};

fn viewers(world: &Value) -> Vec<Value> {
    let pages = world["statuspage"]["pages"].as_array().unwrap();
    let page = pages.iter().find(|page| page["id"] == known::AUDIENCE_PAGE);
    page.unwrap()["viewers"].as_array().unwrap().clone()
}

/// Everybody but those on `viewers`, which is taken out of the world.
fn others(mut world: Value) -> Value {
    for page in world["statuspage"]["pages"].as_array_mut().unwrap() {
        if page["id"] == known::AUDIENCE_PAGE {
            page["viewers"] = Value::Null;
        }
    }
    world
}

/// Who stays (by place), who comes, and whose groups are said (by place; a row without them keeps what it has).
async fn holds(
    seed: u64,
    stay: BTreeSet<usize>,
    come: BTreeSet<String>,
    said: BTreeSet<usize>,
    given: BTreeSet<usize>,
) {
    let world = world(seed).await;
    let before = comparable(world.sandbox.world());
    let old = viewers(&before);
    let pages = before["statuspage"]["pages"].as_array().unwrap();
    let page = pages.iter().find(|page| page["id"] == known::AUDIENCE_PAGE);
    let groups: Vec<String> = ids(&page.unwrap()["groups"]).into_iter().collect();
    let given: BTreeSet<&String> = given.iter().map(|at| &groups[at % groups.len()]).collect();

    let mut rows = Vec::new();
    let mut wanted = Vec::new();
    let (mut gone, mut left_alone) = (0, 0);
    for (at, viewer) in old.iter().enumerate() {
        let mut row = json!({"email": viewer["email"]});
        let mut after = viewer.clone();
        if !viewer["email"].is_string() {
            left_alone += 1;
            wanted.push(after);
            continue;
        }
        if !stay.contains(&at) {
            gone += 1;
            continue;
        }
        if said.contains(&at) {
            row["group_ids"] = json!(given);
            after["group_ids"] = json!(given);
        }
        rows.push(row);
        wanted.push(after);
    }
    let come: Vec<String> = come
        .iter()
        .map(|name| format!("{name}@new.example"))
        .collect();
    rows.extend(
        come.iter()
            .map(|email| json!({"email": email, "group_ids": given})),
    );
    if rows.is_empty() {
        return;
    }
    let arguments = json!({"page_id": known::AUDIENCE_PAGE, "desired": json!(rows).to_string(), "removal_cap": 40});
    let (plan, done) = carried_out(&world, "sync_page_viewers", arguments).await;

    let changed = wanted.iter().any(|viewer| !old.contains(viewer));
    let nothing = gone == 0 && come.is_empty() && !changed;
    let status = if nothing { "already" } else { "applied" };
    assert_eq!(done["status"], status, "{done}");
    assert_eq!(
        plan.is_some(),
        !nothing,
        "a list is never made true unasked"
    );
    if let Some(plan) = plan {
        let found = &plan["difference_found"];
        assert_eq!(found["adds"], come.len());
        assert_eq!(found["removals"], gone);
        assert_eq!(found["left_alone"], left_alone);
    }
    let after = comparable(world.sandbox.world());
    let (kept, new): (Vec<Value>, Vec<Value>) = viewers(&after)
        .into_iter()
        .partition(|viewer| !come.iter().any(|email| viewer["email"] == json!(email)));
    assert_eq!(
        kept, wanted,
        "who stays has what they had, and what was said"
    );
    assert_eq!(new.len(), come.len(), "each once");
    for viewer in &new {
        assert_eq!(viewer["group_ids"], json!(given), "{viewer}");
        assert_eq!(viewer["component_ids"], json!([]), "{viewer}");
    }
    assert!(others(after) == others(before), "nothing else changed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_world_after_is_the_list_and_nothing_else_changed(
        seed in any::<u64>(),
        stay in prop::collection::btree_set(0usize..40, 25..40),
        come in prop::collection::btree_set("[a-z]{3,8}", 0..4),
        said in prop::collection::btree_set(0usize..40, 0..4),
        given in prop::collection::btree_set(0usize..8, 0..3),
    ) {
        run(holds(seed, stay, come, said, given));
    }
}
