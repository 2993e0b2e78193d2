//! Nothing of a page that `policy.pages` leaves out reaches anybody, by whatever they ask; how much was left out is said.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::caller::Caller;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, JANE_USER, PRIVATE_PAGE, PUBLIC_PAGE};

use super::encodings::base;
use super::world::{Make, World};

async fn only(page: &str) -> World {
    let mut make = Make::everything();
    make.sandbox.viewers = 30;
    make.more = format!("[policy]\npages = [\"{page}\"]\n");
    make.world().await
}

/// Ids and names in a value.
fn words(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if matches!(name.as_str(), "id" | "name" | "subdomain") => {
                        into.insert(text.to_owned());
                    }
                    _ => words(value, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, into)),
        _ => {}
    }
}

/// What only the other pages have: their ids and names, and those of everybody and everything on them.
fn hidden(world: &World, page: &str) -> BTreeSet<String> {
    let all = world.sandbox.world();
    let mut hidden = BTreeSet::new();
    for other in all["statuspage"]["pages"].as_array().unwrap() {
        if other["id"] != page {
            words(other, &mut hidden);
        }
    }
    let mut shown = BTreeSet::new();
    words(&world.stored_page(page), &mut shown);
    for elsewhere in ["scim", "statusapp"] {
        words(&all[elsewhere], &mut shown);
    }
    hidden.retain(|word| word.len() > 5 && !shown.contains(word));
    assert!(hidden.contains(AUDIENCE_PAGE) || page == AUDIENCE_PAGE);
    assert!(hidden.len() > 20, "{hidden:?}");
    hidden
}

fn check(hidden: &BTreeSet<String>, asked: &str, said: &str, what: &str) {
    for word in hidden.iter().filter(|word| !asked.contains(word.as_str())) {
        assert!(!said.contains(word.as_str()), "{what} tells {word}: {said}");
    }
}

#[tokio::test]
async fn no_tool_and_nothing_in_memory_tells_of_them() {
    let world = only(PUBLIC_PAGE).await;
    let hidden = hidden(&world, PUBLIC_PAGE);
    world.result("list_pages", json!({})).await;
    for spec in world.app.catalogue.specs() {
        let schema = Value::Object(spec.whole_input.clone());
        let plain = Value::Object(base(spec.name, &schema, &json!("nosuchgroup")));
        let mut calls = vec![plain.clone()];
        for page in [PUBLIC_PAGE, PRIVATE_PAGE, AUDIENCE_PAGE] {
            for (field, value) in [("page_id", json!(page)), ("page_ids", json!([page]))] {
                if schema["properties"][field].is_object() {
                    let mut call = plain.clone();
                    call[field] = value;
                    calls.push(call);
                }
            }
        }
        if schema["properties"]["user_id"].is_object() {
            let mut call = plain.clone();
            call["user_id"] = json!(JANE_USER);
            call.as_object_mut().unwrap().remove("email");
            calls.push(call);
        }
        match spec.name {
            "remove_user" => calls.push(json!({"system": "statuspage_team", "email": JANE})),
            "export_roster" => {
                calls.extend(["all", "viewers", "subscribers"].map(|what| json!({"what": what})));
            }
            "review_access" => calls.extend(
                ["hygiene", "offboarding", "atlassian_migration"]
                    .map(|profile| json!({"profile": profile, "identities": [JANE]})),
            ),
            _ => {}
        }
        for call in calls {
            let answer = world.ask(spec.name, call.clone()).await;
            let what = format!("{} {call}", spec.name);
            check(&hidden, &call.to_string(), &answer.text, &what);
        }
    }
    let caller = Caller::local(None);
    let access = &world.app.access;
    let mut memory = format!("{:?}", access.remembered_pages(&caller));
    memory += &format!("{:?}", access.remembered_groups(&caller, None));
    memory += &format!("{:?}", access.remembered_components(&caller, None));
    for snapshot in access.snapshots(&caller) {
        memory += &json!(access.snapshot(&caller, &snapshot.name)).to_string();
    }
    assert!(memory.contains(PUBLIC_PAGE));
    check(&hidden, "", &memory, "memory");
}

#[tokio::test]
async fn what_was_left_out_is_counted_and_stays() {
    let world = only(AUDIENCE_PAGE).await;
    let who = json!({"email": JANE});
    let held = world.result("get_permissions", who.clone()).await;
    assert_eq!(held["pages"].as_array().unwrap().len(), 1, "{held:#}");
    let warned = held["warnings"].to_string();
    assert!(warned.contains("roles on 2 further pages"), "{warned}");
    let found = world.result("find_person", who.clone()).await;
    assert_eq!(found["complete"], false);
    let unknown = found["unknown"].to_string();
    assert!(
        unknown.contains("2 further pages") && unknown.contains("2 other pages"),
        "{unknown}"
    );
    let team = json!({"system": "statuspage_team", "email": JANE});
    let refused = world.refusal("remove_user", team).await;
    assert!(
        refused.contains("2 of them") && refused.ends_with("Nothing was changed."),
        "{refused}"
    );
    let before = world.stored_member(JANE_USER)["permissions"].clone();
    let plan = world.result("offboard_person", who).await;
    let unknown = plan["unknown"].to_string();
    assert!(unknown.contains("2 further pages"), "{plan:#}");
    let mut agreed = json!({"email": JANE});
    agreed["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("offboard_person", agreed).await;
    assert!(
        done["unknown"].to_string().contains("2 further pages"),
        "{done:#}"
    );
    let after = world.stored_member(JANE_USER);
    assert_eq!(after["id"], JANE_USER, "{done:#}");
    for page in [PUBLIC_PAGE, PRIVATE_PAGE] {
        assert_eq!(before[page], after["permissions"][page], "{page}");
    }
    assert!(after["permissions"][AUDIENCE_PAGE].is_null(), "{after:#}");
}
