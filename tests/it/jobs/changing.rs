//! Changes: each with the fewest calls, the right end state, and nothing else changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, GROUPS, JANE, JANE_USER, LEAVER, LEAVER_MEMBER, OWNER, PUBLIC_PAGE,
};

use super::job::Job;
use crate::tools::world::{Make, World, customers};

/// The name of a component of a page that no other has.
fn unique_component(world: &World, page: &str) -> (String, String) {
    let page = world.stored_page(page);
    let rows = page["components"].as_array().unwrap();
    let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
    let alone = |row: &&Value| {
        row["group"] == false && rows.iter().filter(|it| name(it) == name(row)).count() == 1
    };
    let row = rows.iter().find(alone).unwrap();
    (name(row), row["id"].as_str().unwrap().to_owned())
}

/// Where two states differ: what stands in a list is found by its id.
fn differences(path: &str, before: &Value, after: &Value, found: &mut BTreeSet<String>) {
    let by_id = |rows: &[Value]| -> Option<Vec<(String, Value)>> {
        let each = rows
            .iter()
            .map(|row| Some((row["id"].as_str()?.to_owned(), row.clone())));
        each.collect()
    };
    let pairs: Option<(Vec<_>, Vec<_>)> = match (before, after) {
        (Value::Object(a), Value::Object(b)) => Some((
            a.clone().into_iter().collect(),
            b.clone().into_iter().collect(),
        )),
        (Value::Array(a), Value::Array(b)) => by_id(a).zip(by_id(b)),
        _ => None,
    };
    let Some((a, b)) = pairs else {
        if before != after {
            found.insert(path.to_owned());
        }
        return;
    };
    let value = |rows: &[(String, Value)], key: &str| {
        let row = rows.iter().find(|(it, _)| it == key);
        row.map_or(Value::Null, |(_, value)| value.clone())
    };
    let keys: BTreeSet<&String> = a.iter().chain(&b).map(|(key, _)| key).collect();
    for key in keys {
        if key == "updated_at" || key == "modified" {
            continue;
        }
        differences(
            &format!("{path}/{key}"),
            &value(&a, key),
            &value(&b, key),
            found,
        );
    }
}

/// Holds that nothing changed but what lies under paths with one of these parts.
fn nothing_else(before: &Value, world: &World, parts: &[&str]) {
    let mut found = BTreeSet::new();
    differences("", before, &world.sandbox.world(), &mut found);
    let others: Vec<&String> = found
        .iter()
        .filter(|path| !parts.iter().any(|part| path.contains(part)))
        .collect();
    assert_eq!(others, [""; 0], "changed besides");
    assert!(!found.is_empty(), "something changed");
}

fn ids(world: &World, page: &str, kind: &str, emails: &[String]) -> Vec<String> {
    let page = world.stored_page(page);
    let rows = page[kind].as_array().unwrap().iter();
    let of = |row: &&Value| emails.iter().any(|email| row["email"] == email.as_str());
    rows.filter(of)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn remove_these_three_from_the_customers_page() {
    let world = World::new().await;
    let three = customers(&world, 3);
    let (before, gone) = (
        world.sandbox.world(),
        ids(&world, AUDIENCE_PAGE, "viewers", &three),
    );
    let mut job = Job::of(&world, "Remove these three from the customers' page");
    let ask = json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "emails": three});
    let (plan, done) = job.confirm("remove_user", ask).await;
    assert_eq!(plan["people"].as_array().unwrap().len(), 3);
    let others = "other accounts of these people were not looked for";
    assert!(plan["warnings"].to_string().contains(others), "{plan}");
    assert!(!done.to_string().contains(others), "{done}");
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 12_000, 60);
    assert_eq!(ids(&world, AUDIENCE_PAGE, "viewers", &three), [""; 0]);
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    nothing_else(&before, &world, &gone);
}

#[tokio::test]
async fn give_these_ten_people_access_to_a_component_by_its_name() {
    let world = World::new().await;
    let ten = customers(&world, 10);
    let (name, id) = unique_component(&world, AUDIENCE_PAGE);
    let (before, who) = (
        world.sandbox.world(),
        ids(&world, AUDIENCE_PAGE, "viewers", &ten),
    );
    let mut job = Job::of(&world, "Give these ten people access to that component");
    let ask = json!({"page_id": "Example Customers", "emails": ten, "grant_component_ids": [name]});
    let done = job.ask("change_viewer_access", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(1, 16_000, 80);
    let who: Vec<&str> = who.iter().map(String::as_str).collect();
    nothing_else(&before, &world, &who);
    let page = world.stored_page(AUDIENCE_PAGE);
    for row in page["viewers"].as_array().unwrap() {
        if who.iter().any(|it| row["id"] == *it) {
            assert!(
                row["component_ids"]
                    .as_array()
                    .unwrap()
                    .contains(&json!(id))
            );
        }
    }
}

#[tokio::test]
async fn offboard_four_leavers() {
    let world = Make::everything().world().await;
    let customers = customers(&world, 2);
    let people = [JANE, LEAVER, &customers[0], &customers[1]];
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "These four have left");
    let ask = json!({"people": people.map(|email| json!({"email": email}))});
    let (plan, done) = job.confirm("offboard_person", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 40_000, 140);
    // What changed is what the plan named.
    let steps = plan["steps"].to_string();
    let mut found = BTreeSet::new();
    differences("", &before, &world.sandbox.world(), &mut found);
    let named = |path: &&String| {
        !path
            .split('/')
            .any(|part| part.len() > 8 && steps.contains(&format!("id {part})")))
    };
    let others: Vec<&String> = found.iter().filter(named).collect();
    assert_eq!(others, [""; 0], "changed besides");
}

#[tokio::test]
async fn add_five_new_customers_to_a_group() {
    let world = World::new().await;
    let five: Vec<String> = (1..=5)
        .map(|at| format!("new{at}@customer.example"))
        .collect();
    let mut job = Job::of(&world, "Add these five to the customers' page, as Partners");
    let ask = json!({"page_id": AUDIENCE_PAGE, "emails": five, "group_ids": ["Partners"]});
    let done = job.ask("add_page_viewer", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(1, 12_000, 40);
    assert_eq!(ids(&world, AUDIENCE_PAGE, "viewers", &five).len(), 5);
}

#[tokio::test]
async fn move_lena_to_another_role() {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Lena should only look at StatusApp");
    let ask = json!({"email": LEAVER, "role": "viewer"});
    let (_, done) = job.confirm("set_team_role", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 4_000, 10);
    nothing_else(&before, &world, &[LEAVER_MEMBER]);
}

#[tokio::test]
async fn make_jane_an_incident_manager_of_the_public_page_alone() {
    let world = World::new().await;
    let before = world.sandbox.world();
    let mut job = Job::of(
        &world,
        "Jane manages incidents of the public page, nothing more there",
    );
    let ask = json!({"email": JANE, "replace": [{"page_id": PUBLIC_PAGE, "roles": ["incident_manager"]}]});
    let (plan, done) = job.confirm("set_permissions", ask).await;
    let step = &plan["steps"][0];
    assert_eq!(
        step["after"],
        json!({"Example Status (publicstatus)": ["incident_manager"]}),
        "{plan}"
    );
    assert!(
        step["before"].to_string().contains("page_configuration"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 4_000, 20);
    nothing_else(&before, &world, &[JANE_USER]);
}

#[tokio::test]
async fn take_two_people_out_of_a_group() {
    let world = World::new().await;
    let (id, name) = GROUPS[0];
    let page = world.stored_page(AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().iter();
    let two: Vec<String> = rows
        .filter(|row| row["group_ids"].as_array().unwrap().contains(&json!(id)))
        .filter_map(|row| row["email"].as_str())
        .filter(|email| email.parse::<status_roster::roster::Email>().is_ok())
        .take(2)
        .map(str::to_owned)
        .collect();
    let (before, who) = (
        world.sandbox.world(),
        ids(&world, AUDIENCE_PAGE, "viewers", &two),
    );
    let mut job = Job::of(&world, "Take these two out of Enterprise EU");
    let ask = json!({"page_id": AUDIENCE_PAGE, "group_id": name, "remove_member_ids": two});
    let (_, done) = job.confirm("save_page_access_group", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 12_000, 30);
    let mut parts: Vec<&str> = who.iter().map(String::as_str).collect();
    parts.push(id);
    nothing_else(&before, &world, &parts);
}

#[tokio::test]
async fn subscribe_an_address_and_say_that_it_waits() {
    let world = World::new().await;
    let mut job = Job::of(&world, "Subscribe new@customer.example to the public page");
    let ask = json!({"page_id": PUBLIC_PAGE, "email": "new@customer.example"});
    let done = job.ask("add_subscriber", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let words = done["summary"].as_str().unwrap();
    assert!(words.contains("waits for their confirmation"), "{words}");
    job.took(1, 2_000, 10);
}

#[tokio::test]
async fn suspend_two_accounts_of_the_directory() {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Switch off Jane's and Olivia's Atlassian accounts");
    let ask = json!({"system": "atlassian_scim", "emails": [JANE, OWNER]});
    let (plan, done) = job.confirm("remove_user", ask).await;
    assert!(
        plan["warnings"]
            .to_string()
            .contains("switches it on again"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 8_000, 20);
    nothing_else(&before, &world, &["active"]);
}

#[tokio::test]
async fn put_jane_into_a_directory_group_by_its_name() {
    let world = Make::everything().world().await;
    let groups = world.result("list_directory_groups", json!({})).await;
    let name = groups["records"][0]["name"].as_str().unwrap().to_owned();
    let mut job = Job::of(&world, "Put Jane into that directory group");
    let ask = json!({"group_id": name, "add": [JANE]});
    let done = job.ask("change_directory_group", ask).await;
    assert!(
        ["applied", "already"].contains(&done["status"].as_str().unwrap()),
        "{done}"
    );
    job.took(1, 3_000, 12);
}

#[tokio::test]
async fn give_one_person_a_component() {
    let world = World::new().await;
    let one = customers(&world, 1);
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Let this customer see the API");
    let ask =
        json!({"page_id": AUDIENCE_PAGE, "email": one[0], "grant_component_ids": [COMPONENT]});
    let done = job.ask("change_viewer_access", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(1, 20_000, 20);
    let who = ids(&world, AUDIENCE_PAGE, "viewers", &one);
    nothing_else(&before, &world, &[&who[0]]);
}
