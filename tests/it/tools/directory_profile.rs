//! What the directory knows of a person besides names and addresses: shown by id, and written where it is shown.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{JANE, JANE_DIRECTORY_USER};

use super::world::{Make, World};
use crate::sandbox::wire::send;

async fn world() -> World {
    let make = Make {
        systems: vec![System::AtlassianScim],
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

#[tokio::test]
async fn a_person_is_read_by_id_with_one_request_and_one_who_is_not_there_is_looked_for_among_everybody()
 {
    let world = world().await;
    let found = world
        .result(
            "list_directory_users",
            json!({"user_id": JANE_DIRECTORY_USER}),
        )
        .await;
    assert_eq!(found["records"][0]["email"], JANE);
    assert_eq!(
        (&found["complete"], &found["matched"]),
        (&json!(true), &json!(1))
    );
    let sent = world.sandbox.requests();
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0]
            .target
            .ends_with(&format!("/Users/{JANE_DIRECTORY_USER}")),
        "{}",
        sent[0].target
    );
    let nobody = json!({"user_id": "0a4e0000-0000-4000-8000-00000000ffff"});
    let found = world.result("list_directory_users", nobody).await;
    assert_eq!(
        (&found["matched"], &found["complete"]),
        (&json!(0), &json!(true))
    );
    assert!(
        found["scanned"].as_u64().unwrap() > 100,
        "absence is proved by the whole list: {found}"
    );
}

#[tokio::test]
async fn title_department_phone_time_zone_and_language_are_written_where_they_are_shown() {
    let world = world().await;
    let change = json!({
        "user_id": JANE_DIRECTORY_USER, "title": "Director", "department": "Trust", "phone": "+49 30 123456",
        "time_zone": "Europe/Vienna", "language": "de-AT",
    });
    let done = world.result("update_directory_user", change.clone()).await;
    assert_eq!(
        (&done["status"], &done["losses"]),
        (&json!("applied"), &json!([])),
        "{done}"
    );
    let patch = world
        .sandbox
        .requests()
        .into_iter()
        .find(|it| it.method == "PATCH")
        .unwrap();
    let body: Value = serde_json::from_str(&patch.body).unwrap();
    let sent: std::collections::BTreeMap<String, Value> = body["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            assert_eq!(it["op"], "replace");
            (it["path"].as_str().unwrap().to_owned(), it["value"].clone())
        })
        .collect();
    let expected = [
        ("department", json!("Trust")),
        (
            "phoneNumbers",
            json!([{"value": "+49 30 123456", "primary": true, "type": "work"}]),
        ),
        ("preferredLanguage", json!("de-AT")),
        ("timezone", json!("Europe/Vienna")),
        ("title", json!("Director")),
    ];
    let expected = expected.map(|(path, value)| (path.to_owned(), value));
    assert_eq!(sent, expected.into(), "nothing else is sent");
    let shown = world
        .result(
            "list_directory_users",
            json!({"user_id": JANE_DIRECTORY_USER}),
        )
        .await;
    let row = &shown["records"][0];
    for (field, value) in [
        ("title", "Director"),
        ("department", "Trust"),
        ("phone", "+49 30 123456"),
        ("time_zone", "Europe/Vienna"),
        ("language", "de-AT"),
    ] {
        assert_eq!(row[field], value, "{row}");
    }
    assert_eq!(
        world.result("update_directory_user", change).await["status"],
        "already"
    );
}

#[tokio::test]
async fn a_second_phone_number_stays_when_the_main_one_changes_or_goes() {
    let world = world().await;
    let numbers = json!([{"value": "+1 202 555 0100", "type": "work", "primary": true}, {"value": "+1 202 555 0199", "type": "mobile"}]);
    let target = format!(
        "/scim/directory/{}/Users/{JANE_DIRECTORY_USER}",
        world.sandbox.directory_id
    );
    let auth = format!("Bearer {}", world.sandbox.scim_api_key);
    let headers = [
        ("authorization", auth.as_str()),
        ("content-type", "application/scim+json"),
    ];
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "phoneNumbers", "value": numbers}]});
    let sent = send(
        &world.sandbox,
        "PATCH",
        &target,
        &headers,
        &body.to_string(),
    )
    .await;
    assert_eq!(sent.status, 200, "{}", sent.text);

    let change = json!({"user_id": JANE_DIRECTORY_USER, "phone": "+1 202 555 0101"});
    assert_eq!(
        world.result("update_directory_user", change).await["status"],
        "applied"
    );
    let kept = |world: &World| -> Vec<String> {
        let numbers = stored(world, JANE_DIRECTORY_USER)["phoneNumbers"].clone();
        numbers
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(kept(&world), ["+1 202 555 0101", "+1 202 555 0199"]);
    let clear = json!({"user_id": JANE_DIRECTORY_USER, "clear": ["phone"]});
    let plan = world.result("update_directory_user", clear.clone()).await;
    assert!(
        plan["losses"][0]
            .as_str()
            .unwrap()
            .contains("+1 202 555 0101"),
        "{plan}"
    );
    let done = world
        .result("update_directory_user", with_token(&plan, clear))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(kept(&world), ["+1 202 555 0199"]);
}
