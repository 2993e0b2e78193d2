//! Changes: each with the fewest calls, the right end state, and nothing else changed.

use std::collections::BTreeSet;

use serde_json::json;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, GROUPS, JANE, JANE_USER, LEAVER, LEAVER_MEMBER, OWNER, PUBLIC_PAGE,
};

use super::job::{Job, Took};
use super::state::{differences, ids, nothing_else, unique_component};
use crate::tools::world::{Make, World, customers};

pub(super) async fn remove_these_three_from_the_customers_page() -> Took {
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
    let took = job.took(2, 12_000, 60);
    assert_eq!(ids(&world, AUDIENCE_PAGE, "viewers", &three), [""; 0]);
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    nothing_else(&before, &world, &gone);
    took
}

pub(super) async fn give_these_ten_people_access_to_a_component_by_its_name() -> Took {
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
    let took = job.took(1, 16_000, 80);
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
    took
}

pub(super) async fn offboard_four_leavers() -> Took {
    let world = Make::everything().world().await;
    let customers = customers(&world, 2);
    let people = [JANE, LEAVER, &customers[0], &customers[1]];
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "These four have left");
    let ask = json!({"people": people.map(|email| json!({"email": email}))});
    let (plan, done) = job.confirm("offboard_person", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let took = job.took(2, 40_000, 140);
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
    took
}

pub(super) async fn add_five_new_customers_to_a_group() -> Took {
    let world = World::new().await;
    let five: Vec<String> = (1..=5)
        .map(|at| format!("new{at}@customer.example"))
        .collect();
    let mut job = Job::of(&world, "Add these five to the customers' page, as Partners");
    let ask = json!({"page_id": AUDIENCE_PAGE, "emails": five, "group_ids": ["Partners"]});
    let done = job.ask("add_page_viewer", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let took = job.took(1, 12_000, 40);
    assert_eq!(ids(&world, AUDIENCE_PAGE, "viewers", &five).len(), 5);
    took
}

pub(super) async fn move_lena_to_another_role() -> Took {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Lena should only look at StatusApp");
    let ask = json!({"email": LEAVER, "role": "viewer"});
    let (_, done) = job.confirm("set_team_role", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let took = job.took(2, 4_000, 10);
    nothing_else(&before, &world, &[LEAVER_MEMBER]);
    took
}

pub(super) async fn make_jane_an_incident_manager_of_the_public_page_alone() -> Took {
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
    let took = job.took(2, 4_000, 20);
    nothing_else(&before, &world, &[JANE_USER]);
    took
}

pub(super) async fn take_two_people_out_of_a_group() -> Took {
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
    let took = job.took(2, 12_000, 30);
    let mut parts: Vec<&str> = who.iter().map(String::as_str).collect();
    parts.push(id);
    nothing_else(&before, &world, &parts);
    took
}

pub(super) async fn subscribe_an_address_and_say_that_it_waits() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Subscribe new@customer.example to the public page");
    let ask = json!({"page_id": PUBLIC_PAGE, "email": "new@customer.example"});
    let done = job.ask("add_subscriber", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let words = done["summary"].as_str().unwrap();
    assert!(words.contains("waits for their confirmation"), "{words}");
    job.took(1, 2_000, 10)
}

pub(super) async fn suspend_two_accounts_of_the_directory() -> Took {
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
    let took = job.took(2, 8_000, 20);
    nothing_else(&before, &world, &["active"]);
    took
}

pub(super) async fn put_jane_into_a_directory_group_by_its_name() -> Took {
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
    job.took(1, 3_000, 12)
}

pub(super) async fn give_one_person_a_component() -> Took {
    let world = World::new().await;
    let one = customers(&world, 1);
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Let this customer see the API");
    let ask =
        json!({"page_id": AUDIENCE_PAGE, "email": one[0], "grant_component_ids": [COMPONENT]});
    let done = job.ask("change_viewer_access", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    let took = job.took(1, 20_000, 20);
    let who = ids(&world, AUDIENCE_PAGE, "viewers", &one);
    nothing_else(&before, &world, &[&who[0]]);
    took
}
