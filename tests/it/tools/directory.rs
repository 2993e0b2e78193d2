//! The user directory: found with the least requests, changed in part, switched off and never deleted.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{
    JANE, JANE_DIRECTORY_USER, LEAVER, LEAVER_DIRECTORY_USER, OWNER,
};

use super::world::{Make, World};

async fn world() -> World {
    only("").await
}

async fn only(more: &str) -> World {
    let make = Make {
        systems: vec![System::AtlassianScim],
        more: more.to_owned(),
        ..Make::default()
    };
    make.world().await
}

fn with_token(plan: &Value, mut arguments: Value) -> Value {
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    arguments
}

fn stored(world: &World, id: &str) -> Value {
    let world = world.sandbox.world();
    let users = world["atlassian_scim"]["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["id"] == id);
    user.map_or(Value::Null, |user| user["attributes"].clone())
}

fn off(email: &str) -> Value {
    json!({"system": "atlassian_scim", "email": email})
}

#[tokio::test]
async fn a_person_is_found_by_user_name_with_one_request_and_without_regard_to_case() {
    let world = world().await;
    let found = world
        .result(
            "list_directory_users",
            json!({"user_name": "JANE.DOE@Example.com"}),
        )
        .await;
    assert_eq!(found["records"][0]["id"], JANE_DIRECTORY_USER);
    assert_eq!(
        (&found["complete"], &found["matched"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(world.sandbox.requests().len(), 1);
    assert_eq!(found["rate"]["limit"], 120, "the directory's own budget");
    // Who signs in with an address need not be the only one who has it: an address is looked for among everybody.
    let by_address = json!({"email": "JANE.DOE@Example.com"});
    let found = world.result("list_directory_users", by_address).await;
    assert_eq!(found["records"][0]["id"], JANE_DIRECTORY_USER);
    assert!(found["scanned"].as_u64().unwrap() > 100, "{found}");
    let by_id = json!({"user_id": JANE_DIRECTORY_USER});
    let found = world.result("list_directory_users", by_id).await;
    assert_eq!(found["records"][0]["id"], JANE_DIRECTORY_USER);
    assert_eq!(found["matched"], 1);
}

#[tokio::test]
async fn absence_is_concluded_only_from_everybody() {
    let world = world().await;
    let new = json!({"email": "ada@example.com", "user_name": "ada.l", "first_name": "Ada"});
    let made = world.result("provision_directory_user", new).await;
    assert_eq!(made["status"], "applied", "{made}");
    let found = world
        .result("list_directory_users", json!({"email": "ada@example.com"}))
        .await;
    assert_eq!(found["records"][0]["user_name"], "ada.l");
    let none = world
        .result(
            "list_directory_users",
            json!({"email": "nobody@example.com"}),
        )
        .await;
    assert_eq!(
        (&none["complete"], &none["matched"]),
        (&json!(true), &json!(0))
    );
    assert!(none["scanned"].as_u64().unwrap() > 100, "{none}");
}

#[tokio::test]
async fn switching_off_says_first_that_it_is_the_whole_account() {
    let world = world().await;
    let plan = world.result("remove_user", off(JANE)).await;
    assert_eq!(plan["status"], "confirmation_required");
    let summary = plan["summary"].as_str().unwrap();
    assert!(
        summary.contains("whole Atlassian account") && summary.contains("Jira"),
        "{summary}"
    );
    assert!(
        plan["losses"][0]
            .as_str()
            .unwrap()
            .contains("any Atlassian product")
    );
    assert_eq!(world.writes(), Vec::<String>::new());

    let done = world
        .result("remove_user", with_token(&plan, off(JANE)))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(stored(&world, JANE_DIRECTORY_USER)["active"], false);
    let writes = world.writes();
    assert_eq!(writes.len(), 1);
    assert!(writes[0].starts_with("PATCH "), "never DELETE: {writes:?}");
    let again = world.result("remove_user", off(JANE)).await;
    assert_eq!(again["status"], "already");

    let on = json!({"email": JANE, "active": true});
    let back = world.result("update_directory_user", on.clone()).await;
    assert_eq!(back["status"], "applied", "{back}");
    assert_eq!(stored(&world, JANE_DIRECTORY_USER)["active"], true);
    assert_eq!(
        world.result("update_directory_user", on).await["status"],
        "already"
    );
    assert_eq!(world.writes().len(), 2);
}

#[tokio::test]
async fn who_is_switched_off_is_not_made_a_second_time() {
    let world = world().await;
    let told = world
        .refusal("provision_directory_user", json!({"email": LEAVER}))
        .await;
    assert!(
        told.contains("`update_directory_user` with `active` true"),
        "{told}"
    );
    let there = world
        .result("provision_directory_user", json!({"email": JANE}))
        .await;
    assert_eq!(there["status"], "already");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_changes_at_once_and_an_address_only_when_it_is_confirmed() {
    let world = world().await;
    let before = stored(&world, JANE_DIRECTORY_USER);
    let name = json!({"email": JANE, "last_name": "Roe"});
    let done = world.result("update_directory_user", name).await;
    assert_eq!(done["status"], "applied", "{done}");

    let address = json!({"email": JANE, "new_email": "jane.roe@example.com"});
    let plan = world.result("update_directory_user", address.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert!(plan["losses"][0].as_str().unwrap().contains("sign in as"));
    assert!(
        plan["warnings"]
            .to_string()
            .contains("keep the old address")
    );
    assert_eq!(world.writes().len(), 1);
    let done = world
        .result("update_directory_user", with_token(&plan, address))
        .await;
    assert_eq!(done["status"], "applied", "{done}");

    let after = stored(&world, JANE_DIRECTORY_USER);
    assert_eq!(after["userName"], "jane.roe@example.com");
    assert_eq!(after["emails"][0]["value"], "jane.roe@example.com");
    assert_eq!(after["emails"][0]["type"], before["emails"][0]["type"]);
    assert_eq!(after["name"]["familyName"], "Roe");
    for kept in ["title", "timezone", "externalId", "active"] {
        assert_eq!(after[kept], before[kept], "{kept} was not named");
    }
    assert_eq!(after["name"]["givenName"], before["name"]["givenName"]);
}

#[tokio::test]
async fn switching_off_by_the_back_door_is_refused() {
    let world = world().await;
    let told = world
        .refusal(
            "update_directory_user",
            json!({"email": JANE, "active": false}),
        )
        .await;
    assert!(told.contains("`remove_user`"), "{told}");
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn protected_people_keep_their_account() {
    let world = only(&format!("[policy]\nprotected_people = [\"{JANE}\"]")).await;
    for arguments in [
        off(JANE),
        json!({"system": "atlassian_scim", "user_id": JANE_DIRECTORY_USER}),
    ] {
        let told = world.refusal("remove_user", arguments).await;
        assert!(told.contains("policy.protected_people"), "{told}");
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_group_is_made_and_its_members_come_at_once_and_go_when_confirmed() {
    let world = world().await;
    let make = json!({"new_group": "status-writers", "add": [JANE]});
    let made = world.result("change_directory_group", make.clone()).await;
    assert_eq!(made["status"], "applied", "{made}");
    assert!(
        made["warnings"]
            .to_string()
            .contains("not synchronized to Statuspage")
    );
    let taken = world.refusal("change_directory_group", make).await;
    assert!(taken.contains("has a group of this name"), "{taken}");

    let list = world
        .result("list_directory_groups", json!({"name": "status-writers"}))
        .await;
    let group = list["records"][0]["id"].clone();
    assert_eq!(
        list["records"][0]["member_ids"],
        json!([JANE_DIRECTORY_USER])
    );
    let add = json!({"group_id": group, "add": [LEAVER_DIRECTORY_USER, OWNER]});
    assert_eq!(
        world.result("change_directory_group", add).await["status"],
        "applied"
    );
    let remove = json!({"group_id": group, "remove": [JANE]});
    let plan = world.result("change_directory_group", remove.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert!(plan["losses"][0].as_str().unwrap().contains(JANE));
    assert_eq!(world.writes().len(), 2);
    let done = world
        .result("change_directory_group", with_token(&plan, remove))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    let left = world
        .result(
            "list_directory_groups",
            json!({"group_id": group, "max_age_s": 0}),
        )
        .await;
    assert_eq!(
        left["records"][0]["member_count"], 2,
        "the others stay: {left}"
    );
}

#[tokio::test]
async fn what_cannot_work_with_a_group_is_refused_unsent() {
    let world = world().await;
    for (arguments, part) in [
        (
            json!({"new_group": "org-admins"}),
            "the Atlassian site itself",
        ),
        (
            json!({"new_group": "x", "add": ["nobody@example.com"]}),
            "was not found in the directory",
        ),
        (
            json!({"new_group": "x", "remove": [JANE]}),
            "nobody can be removed from a new group",
        ),
        (
            json!({"group_id": "nosuchgroup", "add": [JANE]}),
            "the group `nosuchgroup` was not found",
        ),
        (json!({"add": [JANE]}), "exactly one of"),
        (json!({"group_id": "g", "add": ["a@b@c"]}), "`add`"),
    ] {
        let told = world.refusal("change_directory_group", arguments).await;
        assert!(told.contains(part), "{told}");
        assert!(told.ends_with("Nothing was changed."), "{told}");
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_value_is_taken_away_by_its_own_argument_and_with_a_confirmation() {
    let world = Make::everything().world().await;
    let of = |found: &Value| found["records"][0].clone();
    let listed = world
        .result("list_directory_users", json!({"email": JANE}))
        .await;
    let before = of(&listed);
    let id = before["external_id"]
        .as_str()
        .expect("the sandbox gives everybody one")
        .to_owned();
    let blank = json!({"email": JANE, "external_id": "", "first_name": null});
    assert_eq!(
        world.result("update_directory_user", blank).await["status"],
        "already"
    );
    let both = json!({"email": JANE, "external_id": "x1", "clear": ["external_id"]});
    let refused = world.refusal("update_directory_user", both).await;
    assert!(
        refused.contains("`external_id` is given and also in `clear`"),
        "{refused}"
    );
    let mut clear = json!({"email": JANE, "clear": ["external_id", "display_name"]});
    let plan = world.result("update_directory_user", clear.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan:#}");
    let losses = plan["losses"].to_string();
    assert!(
        losses.contains(&id) && losses.contains("display name"),
        "{losses}"
    );
    assert_eq!(world.writes(), Vec::<String>::new());
    clear["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("update_directory_user", clear).await;
    assert_eq!(done["status"], "applied", "{done:#}");
    let listed = world
        .result(
            "list_directory_users",
            json!({"email": JANE, "max_age_s": 0}),
        )
        .await;
    let after = of(&listed);
    assert!(
        after["external_id"].is_null() && after["display_name"].is_null(),
        "{after:#}"
    );
    assert_eq!(after["first_name"], before["first_name"]);
}
