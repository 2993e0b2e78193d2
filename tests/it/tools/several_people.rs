//! Several people in one call: one plan grouped by person, one confirmation, one report; who is not there does not hold up the others.

use serde_json::{Value, json};
use status_roster::sandbox::known::{AUDIENCE_PAGE, COMPONENT, GROUPS, JANE, OWNER};

use super::offboard_person::confirmed;
use super::world::{Make, World};

const NOBODY: &str = "nobody.at.all@example.org";

/// Addresses of viewers of the audience-specific page, without Jane.
fn viewers(world: &World, number: usize) -> Vec<String> {
    let page = world.stored_page(AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().iter();
    let plain = |email: &&str| email.is_ascii() && email.contains('@') && *email != JANE;
    let emails = rows.filter_map(|row| row["email"].as_str()).filter(plain);
    let fine = emails.filter(|email| email.parse::<status_roster::roster::Email>().is_ok());
    fine.take(number).map(str::to_owned).collect()
}

fn viewer(world: &World, email: &str) -> Value {
    let page = world.stored_page(AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().clone();
    let of = |row: &Value| row["email"].as_str() == Some(email);
    rows.into_iter().find(of).unwrap_or_default()
}

/// The statuses of the people of a report, by person.
fn people(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = report["people"].as_array().unwrap().iter();
    rows.map(|it| (text(&it["person"]), text(&it["status"])))
        .collect()
}

fn of<'a>(emails: &'a [String], status: &'a str) -> Vec<(String, String)> {
    let pair = |email: &String| (email.clone(), status.to_owned());
    emails.iter().map(pair).collect()
}

#[tokio::test]
async fn several_viewers_are_removed_by_one_plan_and_one_confirmation() {
    let world = World::new().await;
    let leaving = viewers(&world, 3);
    let mut emails = leaving.clone();
    emails.push(NOBODY.to_owned());
    let ask = json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "emails": emails});
    let before = world.stored_page(AUDIENCE_PAGE)["viewers"]
        .as_array()
        .unwrap()
        .len();
    let plan = world.result("remove_user", ask.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(world.writes(), [""; 0]);
    let mut wanted = of(&leaving, "confirmation_required");
    wanted.push((NOBODY.to_owned(), "already".to_owned()));
    assert_eq!(people(&plan), wanted, "{plan}");
    let whose = |step: &Value| step["person"].as_str().unwrap().to_owned();
    let steps: Vec<String> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(whose)
        .collect();
    assert_eq!(steps, leaving, "person by person");
    assert_eq!(plan["losses"].as_array().unwrap().len(), 3, "{plan}");

    let done = world
        .result("remove_user", confirmed(&plan, ask.clone()))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(done["losses"], Value::Null, "the plan said them: {done}");
    let mut wanted = of(&leaving, "applied");
    wanted.push((NOBODY.to_owned(), "already".to_owned()));
    assert_eq!(people(&done), wanted);
    assert_eq!(world.writes().len(), 3);
    let after = world.stored_page(AUDIENCE_PAGE)["viewers"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(after, before - 3);
}

#[tokio::test]
async fn ten_people_are_given_a_component_and_an_address_nobody_has_does_not_hold_them_up() {
    let world = World::new().await;
    let given = viewers(&world, 10);
    let mut emails = given.clone();
    emails.insert(4, NOBODY.to_owned());
    let grant =
        json!({"page_id": AUDIENCE_PAGE, "emails": emails, "grant_component_ids": [COMPONENT]});
    let done = world.result("change_viewer_access", grant).await;
    assert_eq!(done["status"], "partial", "{done}");
    for (person, status) in people(&done) {
        let wanted = if person == NOBODY {
            "failed"
        } else {
            "applied"
        };
        assert_eq!(status, wanted, "{person}: {done}");
    }
    let stranger = &done["people"][4];
    assert!(
        stranger["summary"].as_str().unwrap().contains("not found"),
        "{stranger}"
    );
    assert_eq!(done["confirmation_token"], Value::Null);
    for email in &given {
        let held = viewer(&world, email)["component_ids"].clone();
        assert!(
            held.as_array().unwrap().contains(&json!(COMPONENT)),
            "{email}"
        );
    }
}

#[tokio::test]
async fn what_is_taken_from_several_is_said_of_each() {
    let world = World::new().await;
    let page = world.stored_page(AUDIENCE_PAGE);
    let group = GROUPS[0].0;
    let rows = page["viewers"].as_array().unwrap().iter();
    let is_in = |row: &&Value| row["group_ids"].as_array().unwrap().contains(&json!(group));
    let emails: Vec<String> = rows
        .filter(is_in)
        .filter_map(|row| row["email"].as_str())
        .filter(|email| email.parse::<status_roster::roster::Email>().is_ok())
        .take(4)
        .map(str::to_owned)
        .collect();
    let ask = json!({"page_id": AUDIENCE_PAGE, "emails": emails, "revoke_group_ids": [group]});
    let plan = world.result("change_viewer_access", ask.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let losses = plan["losses"].to_string();
    assert!(
        emails.iter().all(|email| losses.contains(email)),
        "{losses}"
    );
    let done = world
        .result("change_viewer_access", confirmed(&plan, ask))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    for email in &emails {
        let held = viewer(&world, email)["group_ids"].clone();
        assert!(!held.as_array().unwrap().contains(&json!(group)), "{email}");
    }
}

#[tokio::test]
async fn new_people_are_added_with_their_access_and_who_is_there_is_completed() {
    let world = World::new().await;
    let emails = ["one@new.example", "two@new.example", JANE];
    let ask = json!({
        "page_id": AUDIENCE_PAGE, "emails": emails,
        "group_ids": [GROUPS[1].0], "component_ids": [COMPONENT],
    });
    let done = world.result("add_page_viewer", ask.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    for email in emails {
        let held = viewer(&world, email);
        for (kind, id) in [("group_ids", GROUPS[1].0), ("component_ids", COMPONENT)] {
            assert!(
                held[kind].as_array().unwrap().contains(&json!(id)),
                "{held}"
            );
        }
    }
    let sent = world.writes().len();
    let again = world.result("add_page_viewer", ask).await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(world.writes().len(), sent);
}

#[tokio::test]
async fn exactly_one_way_of_naming_people_is_taken() {
    let world = World::new().await;
    let both = json!({"system": "statuspage_team", "email": JANE, "emails": [OWNER]});
    let refusal = world.refusal("remove_user", both).await;
    assert!(refusal.contains("`emails`"), "{refusal}");
    let none = world
        .refusal("remove_user", json!({"system": "statuspage_team"}))
        .await;
    assert!(none.contains("`emails`"), "{none}");
    let many: Vec<String> = (0..51).map(|at| format!("p{at}@example.org")).collect();
    let ask = json!({"page_id": AUDIENCE_PAGE, "emails": many, "grant_component_ids": [COMPONENT]});
    let refusal = world.refusal("change_viewer_access", ask).await;
    assert!(
        refusal.contains("51") && refusal.contains("50"),
        "{refusal}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn an_unknown_group_is_one_refusal_and_not_one_for_each() {
    let world = World::new().await;
    let ask = json!({"page_id": AUDIENCE_PAGE, "emails": viewers(&world, 3), "grant_group_ids": ["no such group"]});
    let refusal = world.refusal("change_viewer_access", ask).await;
    assert!(refusal.contains("no such group"), "{refusal}");
}

#[tokio::test]
async fn all_owners_do_not_go_because_each_of_them_may() {
    let world = Make::everything().world().await;
    let team = world
        .result("list_team_members", json!({"role": "owner"}))
        .await;
    let rows = team["records"].as_array().unwrap().iter();
    let owners: Vec<&str> = rows.map(|row| row["email"].as_str().unwrap()).collect();
    assert!(owners.len() > 1, "{team}");
    let ask = json!({"emails": owners, "role": "admin"});
    let plan = world.result("set_team_role", ask).await;
    let failed = people(&plan)
        .into_iter()
        .filter(|(_, status)| status == "failed");
    assert_eq!(failed.count(), 1, "{plan}");
    let remove = json!({"system": "statusapp", "emails": owners});
    let plan = world.result("remove_user", remove).await;
    let failed = people(&plan)
        .into_iter()
        .filter(|(_, status)| status == "failed");
    assert_eq!(failed.count(), 1, "{plan}");
}

#[tokio::test]
async fn members_of_a_group_are_named_by_address() {
    let world = World::new().await;
    let mut emails = viewers(&world, 2);
    emails.push(NOBODY.to_owned());
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": "By address", "add_member_ids": emails});
    let done = world.result("save_page_access_group", ask).await;
    assert_eq!(done["status"], "partial", "{done}");
    assert_eq!(
        people(&done),
        [(NOBODY.to_owned(), "failed".to_owned())],
        "{done}"
    );
    let page = world.stored_page(AUDIENCE_PAGE);
    let groups = page["groups"].as_array().unwrap();
    let group = groups.iter().find(|it| it["name"] == "By address").unwrap();
    let id = group["id"].clone();
    for email in &emails[..2] {
        let held = viewer(&world, email)["group_ids"].clone();
        assert!(held.as_array().unwrap().contains(&id), "{held} {group}");
    }
    // Of a list that is to be all of them, everybody has to be known: else somebody would be taken out.
    let all = json!({"page_id": AUDIENCE_PAGE, "group_id": id, "replace_member_ids": [NOBODY]});
    let refusal = world.refusal("save_page_access_group", all).await;
    assert!(refusal.contains(NOBODY), "{refusal}");
}

#[tokio::test]
async fn a_stranger_does_not_keep_others_out_of_a_directory_group() {
    let world = Make::everything().world().await;
    let groups = world.result("list_directory_groups", json!({})).await;
    let group = groups["records"][0]["id"].clone();
    let ask = json!({"group_id": group, "add": [OWNER, JANE, NOBODY]});
    let done = world.result("change_directory_group", ask).await;
    assert!(
        ["partial", "failed"].contains(&done["status"].as_str().unwrap()),
        "{done}"
    );
    assert_eq!(people(&done), [(NOBODY.to_owned(), "failed".to_owned())]);
}

#[tokio::test]
async fn people_of_every_system_are_removed_together() {
    let world = Make::everything().world().await;
    for (system, listing) in [
        ("statuspage_team", "list_org_users"),
        ("statusapp", "list_team_members"),
        ("atlassian_scim", "list_directory_users"),
    ] {
        let rows = world.result(listing, json!({"limit": 40})).await;
        let rows = rows["records"].as_array().unwrap().iter();
        let able = |row: &&Value| {
            row["status"] != "inactive"
                && row["email"].is_string()
                && row["email"] != OWNER
                && !row["roles"].to_string().contains("owner")
        };
        let emails: Vec<&Value> = rows.filter(able).map(|row| &row["email"]).take(3).collect();
        let ask = json!({"system": system, "emails": emails});
        let plan = world.result("remove_user", ask.clone()).await;
        assert_eq!(plan["status"], "confirmation_required", "{system}: {plan}");
        let done = world.result("remove_user", confirmed(&plan, ask)).await;
        assert_eq!(done["status"], "applied", "{system}: {done}");
        assert_eq!(done["people"].as_array().unwrap().len(), 3);
    }
}
