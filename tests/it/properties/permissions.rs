//! `set_permissions`: any world, any request.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use status_roster::sandbox::known;

use super::request::{carried_out, comparable, run, world};

const ROLES: [&str; 3] = [
    "page_configuration",
    "incident_manager",
    "maintenance_manager",
];

/// Pages by their place, and roles by theirs; no role is access to the page alone.
type Asked = BTreeMap<usize, BTreeSet<usize>>;

fn asked() -> impl Strategy<Value = [Option<Asked>; 3]> {
    let pages = || {
        let roles = prop::collection::btree_set(0usize..3, 0..4);
        prop::collection::btree_map(0usize..3, roles, 1..4)
    };
    prop_oneof![
        2 => pages().prop_map(|it| [Some(it), None, None]),
        2 => pages().prop_map(|it| [None, Some(it), None]),
        2 => pages().prop_map(|it| [None, None, Some(it)]),
        1 => (pages(), pages()).prop_map(|(grant, mut revoke)| {
            revoke.retain(|page, _| !grant.contains_key(page));
            [Some(grant), Some(revoke).filter(|it| !it.is_empty()), None]
        }),
    ]
}

/// What one page's roles come to.
fn set(held: &mut Map<String, Value>, page: &str, roles: impl Fn(&str, bool) -> bool) {
    let mut after = held.get(page).cloned().unwrap_or_else(|| json!({}));
    // Without role-based access control a page has nothing to say of roles.
    if page != known::PRIVATE_PAGE {
        for role in ROLES {
            after[role] = json!(roles(role, after[role] == true));
        }
    }
    held.insert(page.to_owned(), after);
}

async fn holds(seed: u64, at: usize, asked: [Option<Asked>; 3]) {
    let world = world(seed).await;
    let before = comparable(world.sandbox.world());
    let pages: Vec<String> = before["statuspage"]["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page["id"].as_str().unwrap().to_owned())
        .collect();
    let users = before["statuspage"]["users"].as_array().unwrap();
    // Page roles of the owner have no effect, which is another story.
    let members: Vec<usize> = (0..users.len())
        .filter(|at| users[*at]["owner"] != true)
        .collect();
    let at = members[at % members.len()];
    let id = users[at]["id"].as_str().unwrap();
    let old = users[at]["permissions"].as_object().unwrap().clone();

    let mut wanted = old.clone();
    let mut arguments = json!({"user_id": id});
    for (word, pages_asked) in ["grant", "revoke", "replace"].into_iter().zip(&asked) {
        let Some(pages_asked) = pages_asked else {
            continue;
        };
        let mut rows = Vec::new();
        for (page, roles) in pages_asked {
            let page = &pages[page % pages.len()];
            let named: Vec<&str> = match page.as_str() {
                known::PRIVATE_PAGE => Vec::new(),
                _ => roles.iter().map(|role| ROLES[*role]).collect(),
            };
            rows.push(json!({"page_id": page, "roles": named}));
            match word {
                "grant" => set(&mut wanted, page, |role, held| {
                    held || named.contains(&role)
                }),
                "replace" => set(&mut wanted, page, |role, _| named.contains(&role)),
                _ if named.is_empty() => drop(wanted.remove(page)),
                _ if !wanted.contains_key(page) => {}
                _ => set(&mut wanted, page, |role, held| {
                    held && !named.contains(&role)
                }),
            }
        }
        arguments[word] = json!(rows);
    }
    let nothing = wanted == old;
    let takes = old.iter().any(|(page, roles)| {
        let after = wanted.get(page);
        let lost =
            |role: &&str| roles[*role] == true && after.is_none_or(|after| after[*role] != true);
        after.is_none() || ROLES.iter().any(lost)
    });

    let (plan, done) = carried_out(&world, "set_permissions", arguments.clone()).await;
    let status = if nothing { "already" } else { "applied" };
    assert_eq!(done["status"], status, "{arguments}: {done}");
    assert_eq!(plan.is_some(), takes, "{arguments}: {done}");
    let mut expected = before.clone();
    expected["statuspage"]["users"][at]["permissions"] = json!(wanted);
    let after = comparable(world.sandbox.world());
    for (now, then) in after["statuspage"]["users"]
        .as_array()
        .unwrap()
        .iter()
        .zip(expected["statuspage"]["users"].as_array().unwrap())
    {
        assert_eq!(now["permissions"], then["permissions"], "{arguments}");
    }
    expected["statuspage"]["users"] = after["statuspage"]["users"].clone();
    assert!(after == expected, "nothing else changed: {arguments}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_world_after_is_the_plan_and_nothing_else_changed(
        seed in any::<u64>(), at in 0usize..5, asked in asked(),
    ) {
        run(holds(seed, at, asked));
    }
}
