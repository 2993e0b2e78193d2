//! `find_person` by name: one who has it is found everywhere, and of several it is said who they are.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    JANE, JANE_DIRECTORY_USER, JANE_MEMBER, JANE_USER, JANE_VIEWER, UMA, UMA_UPN,
};
use status_roster::sandbox::{Fault, Faults, People, Settings};

use super::world::{Make, World};

fn ids(found: &Value) -> Vec<&str> {
    let each = found["records"].as_array().unwrap().iter();
    each.map(|account| account["id"].as_str().unwrap())
        .collect()
}

async fn add(world: &World, email: &str, first: &str, last: &str) {
    let new = json!({"email": email, "first_name": first, "last_name": last});
    let done = world.result("add_org_user", new).await;
    assert_eq!(done["status"], "applied", "{done}");
}

#[tokio::test]
async fn the_one_who_has_the_name_is_found_in_every_system() {
    let world = Make::everything().world().await;
    let found = world
        .result("find_person", json!({"name": "jane doe"}))
        .await;
    assert_eq!(found["verdict"], "found", "{found}");
    for id in [JANE_USER, JANE_VIEWER, JANE_MEMBER, JANE_DIRECTORY_USER] {
        assert!(ids(&found).contains(&id), "{id}: {found}");
    }
    let summary = found["summary"].as_str().unwrap();
    assert!(
        summary.starts_with("In the directory, the Statuspage team and the StatusApp team, 1 person has exactly the name `jane doe`: jane.doe@example.com."),
        "{summary}"
    );
    let by_address = world.result("find_person", json!({"email": JANE})).await;
    assert_eq!(ids(&found), ids(&by_address));
    assert_eq!(found["unknown"], by_address["unknown"]);
}

#[tokio::test]
async fn the_directory_knows_the_other_addresses_of_who_is_called_so() {
    let all = Make::everything();
    let make = Make {
        sandbox: Settings {
            people: People::Namesakes,
            ..all.sandbox.clone()
        },
        ..all
    };
    let world = make.world().await;
    let found = world.result("find_person", json!({"name": "unlike"})).await;
    assert_eq!(found["verdict"], "found", "{found}");
    assert!(ids(&found).contains(&"umaunlikevw1"), "{found}");
    let summary = found["summary"].as_str().unwrap();
    assert!(
        summary.contains(UMA) && summary.contains(UMA_UPN),
        "{summary}"
    );
}

#[tokio::test]
async fn of_several_each_is_shown_with_the_address_to_ask_by_and_nothing_else_is_looked_for() {
    let world = World::new().await;
    add(&world, "jane2@example.com", "Jane", "Doe").await;
    add(&world, "mary@example.com", "Mary Jane", "Doerr").await;
    let before = world.sandbox.requests().len();
    let found = world
        .result("find_person", json!({"name": "Jane Doe", "max_age_s": 0}))
        .await;
    assert_eq!(found["verdict"], "several_people", "{found}");
    let records = found["records"].as_array().unwrap();
    let of = |row: &Value| {
        (
            row["email"].as_str().unwrap().to_owned(),
            row["name_match"] == "exact",
        )
    };
    let each: Vec<_> = records.iter().map(of).collect();
    assert_eq!(
        each,
        [
            (JANE.to_owned(), true),
            ("jane2@example.com".to_owned(), true),
            ("mary@example.com".to_owned(), false)
        ]
    );
    let summary = found["summary"].as_str().unwrap();
    assert!(
        summary.contains("2 people have exactly the name `Jane Doe`: jane.doe@example.com, jane2@example.com; 1 more")
            && summary.contains("Call again with `email`"),
        "{summary}"
    );
    let asked = &world.sandbox.requests()[before..];
    assert!(
        asked.iter().all(|it| it.target.contains("/users")),
        "only the team is read: {asked:?}"
    );
    // One who is called exactly so is meant, whoever has it as a part of theirs.
    let found = world
        .result("find_person", json!({"name": "mary jane doerr"}))
        .await;
    assert_eq!(found["verdict"], "found", "{found}");
}

#[tokio::test]
async fn nobody_of_this_name_is_not_called_nobody() {
    let world = World::new().await;
    let found = world
        .result("find_person", json!({"name": "Zacharias Nobody"}))
        .await;
    assert_eq!(found["verdict"], "unknown", "{found}");
    assert!(
        found["unknown"][0]["what"]
            .as_str()
            .unwrap()
            .contains("page access users, subscribers"),
        "{found}"
    );
    let summary = found["summary"].as_str().unwrap();
    assert!(summary.contains("give `email`"), "{summary}");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_named() {
    let world = Make::everything().world().await;
    let mut faults = Faults::next(Fault::Forbidden, "GET", "/team/members");
    faults.next[0].times = 9;
    world.sandbox.faults(faults);
    let found = world
        .result("find_person", json!({"name": "jane doe"}))
        .await;
    assert_eq!(found["complete"], false, "{found}");
    assert!(
        found["unknown"]
            .to_string()
            .contains("people of this name in the StatusApp team"),
        "{found}"
    );
    let summary = found["summary"].as_str().unwrap();
    assert!(!summary.contains("StatusApp team"), "{summary}");
}

#[tokio::test]
async fn a_name_goes_with_no_address_and_no_change_takes_one() {
    let world = World::new().await;
    let refusal = world
        .refusal("find_person", json!({"name": "Jane", "email": JANE}))
        .await;
    assert!(refusal.contains("give `name` alone"), "{refusal}");
    world.refusal("find_person", json!({"name": " "})).await;
    for tool in ["remove_user", "offboard_person", "set_permissions"] {
        let refusal = world.refusal(tool, json!({"name": "Jane Doe"})).await;
        assert!(refusal.contains("name"), "{tool}: {refusal}");
    }
}
