//! What a viewer signs in with: another address or external login is the loss of the old one, and an external login alone is enough
//! for an account that is listed, found, changed and removed like any other.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, Next, known};

use super::world::{Make, World};

const NEW: &str = "jane.roe@example.org";
const LOGIN: &str = "uid=jroe&org=northwind";

fn stored(world: &World, id: &str) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    let found = viewers.iter().find(|viewer| viewer["id"] == id);
    found.cloned().unwrap_or_default()
}

/// A viewer whom the identity provider alone knows.
fn without_address(world: &World) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    let found = viewers.iter().find(|viewer| viewer["email"].is_null());
    found.cloned().unwrap()
}

async fn confirmed(world: &World, tool: &str, arguments: &Value) -> (Value, Value) {
    let plan = world.result(tool, arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let mut again = arguments.clone();
    again["confirmation_token"] = plan["confirmation_token"].clone();
    (plan, world.result(tool, again).await)
}

#[tokio::test]
async fn another_address_is_the_loss_of_the_old_one_and_confirmed() {
    let world = World::new().await;
    let before = stored(&world, known::JANE_VIEWER);
    let change = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "new_email": NEW});
    let (plan, done) = confirmed(&world, "change_viewer_access", &change).await;
    let loss = plan["losses"][0].as_str().unwrap();
    assert!(
        loss.contains("no longer signs in") && loss.contains(known::JANE),
        "{loss}"
    );
    let step = plan["steps"][0]["action"].as_str().unwrap();
    assert!(step.contains(known::JANE) && step.contains(NEW), "{step}");
    assert_eq!(done["status"], "applied", "{done}");
    let write = world
        .sandbox
        .requests()
        .into_iter()
        .find(|it| it.method != "GET")
        .unwrap();
    assert_eq!(
        (write.method.as_str(), write.target.as_str()),
        (
            "PUT",
            "/v1/pages/customerpage/page_access_users/janedoeview1"
        )
    );
    let body: Value = serde_json::from_str(&write.body).unwrap();
    assert_eq!(
        body,
        json!({"page_access_user": {"email": NEW}}),
        "nothing else is sent"
    );
    let after = stored(&world, known::JANE_VIEWER);
    assert_eq!(after["email"], NEW);
    assert_eq!(after["group_ids"], before["group_ids"]);
    assert_eq!(world.writes().len(), 1);
    let again =
        json!({"page_id": known::AUDIENCE_PAGE, "user_id": known::JANE_VIEWER, "new_email": NEW});
    assert_eq!(
        world.result("change_viewer_access", again).await["status"],
        "already"
    );
}

#[tokio::test]
async fn an_external_login_where_there_was_none_takes_nothing_and_another_one_does() {
    let world = World::new().await;
    let mut change =
        json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "external_login": LOGIN});
    let done = world.result("change_viewer_access", change.clone()).await;
    assert_eq!(
        (&done["status"], &done["losses"]),
        (&json!("applied"), &json!([])),
        "{done}"
    );
    assert_eq!(stored(&world, known::JANE_VIEWER)["external_login"], LOGIN);
    change["external_login"] = json!("uid=other");
    let (plan, done) = confirmed(&world, "change_viewer_access", &change).await;
    assert!(
        plan["losses"][0].as_str().unwrap().contains(LOGIN),
        "{plan}"
    );
    assert_eq!(done["status"], "applied");
}

#[tokio::test]
async fn what_somebody_else_signs_in_with_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let taken =
        json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "new_email": known::LEAVER});
    let words = world.refusal("change_viewer_access", taken).await;
    assert!(
        words.contains(known::LEAVER_VIEWER) && words.ends_with("Nothing was changed."),
        "{words}"
    );
    let login = without_address(&world)["external_login"].clone();
    let taken =
        json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "external_login": login});
    let words = world.refusal("change_viewer_access", taken).await;
    assert!(
        words.contains("already, and two accounts cannot share it"),
        "{words}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn an_address_outside_the_allowed_domains_is_refused_as_a_new_one_too() {
    let more = "[policy]\nemail_domains = [\"example.com\"]\n".to_owned();
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let change = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "new_email": NEW});
    let words = world.refusal("change_viewer_access", change).await;
    assert!(words.contains("policy.email_domains"), "{words}");
    let add = json!({"page_id": known::AUDIENCE_PAGE, "external_login": LOGIN});
    let words = world.refusal("add_page_viewer", add).await;
    assert!(words.contains("give `email` too"), "{words}");
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_change_of_sign_in_whose_answer_is_lost_is_settled_by_looking() {
    let world = World::new().await;
    world.sandbox.faults(Faults {
        next: vec![Next {
            fault: Fault::LostAnswer,
            method: Some("PUT".to_owned()),
            after: 0,
            path: None,
            times: 1,
        }],
        ..Faults::default()
    });
    let change = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "new_email": NEW, "grant_group_ids": [known::GROUPS[7].0]});
    let (_, done) = confirmed(&world, "change_viewer_access", &change).await;
    assert_eq!(done["status"], "applied", "{done}");
    let after = stored(&world, known::JANE_VIEWER);
    assert_eq!(after["email"], NEW);
    assert!(
        after["group_ids"]
            .as_array()
            .unwrap()
            .contains(&json!(known::GROUPS[7].0))
    );
}

#[tokio::test]
async fn an_external_login_alone_makes_a_viewer_who_is_given_everything() {
    let world = World::new().await;
    let new = json!({"page_id": known::AUDIENCE_PAGE, "external_login": LOGIN, "group_ids": [known::GROUPS[0].0], "component_ids": [known::COMPONENT]});
    let done = world.result("add_page_viewer", new.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let post = world
        .sandbox
        .requests()
        .into_iter()
        .find(|it| it.method == "POST")
        .unwrap();
    let body: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(
        body,
        json!({"page_access_user": {"external_login": LOGIN, "page_access_group_ids": [known::GROUPS[0].0]}})
    );
    let direct = done["access"]["components"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == known::COMPONENT);
    assert_eq!(direct.unwrap()["direct"], true, "{done}");
    let writes = world.writes().len();
    assert_eq!(
        world.result("add_page_viewer", new).await["status"],
        "already"
    );
    assert_eq!(world.writes().len(), writes);
}

#[tokio::test]
async fn a_lost_answer_to_a_viewer_without_address_is_settled_by_the_list() {
    let world = World::new().await;
    world.sandbox.faults(Faults {
        next: vec![Next {
            fault: Fault::LostAnswer,
            method: Some("POST".to_owned()),
            after: 0,
            path: None,
            times: 1,
        }],
        ..Faults::default()
    });
    let new = json!({"page_id": known::AUDIENCE_PAGE, "external_login": LOGIN});
    assert_eq!(
        world.result("add_page_viewer", new).await["status"],
        "applied"
    );
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let made = page["viewers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["external_login"] == LOGIN)
        .count();
    assert_eq!((made, world.writes().len()), (1, 1));
}

#[tokio::test]
async fn a_viewer_without_address_is_listed_shown_changed_and_removed_by_its_id() {
    let world = World::new().await;
    let viewer = without_address(&world);
    let id = viewer["id"].clone();
    let one = json!({"page_id": known::AUDIENCE_PAGE, "user_id": id, "detail": true});
    let seen = world.result("list_page_access_users", one).await;
    assert_eq!(
        (&seen["matched"], &seen["complete"]),
        (&json!(1), &json!(true)),
        "{seen}"
    );
    assert_eq!(seen["records"][0]["external_id"], viewer["external_login"]);
    assert!(seen["records"][0]["access"].is_object(), "{seen}");
    let mut change = json!({"page_id": known::AUDIENCE_PAGE, "user_id": id, "grant_component_ids": [known::COMPONENT]});
    assert_eq!(
        world.result("change_viewer_access", change.clone()).await["status"],
        "applied"
    );
    change = json!({"page_id": known::AUDIENCE_PAGE, "user_id": id, "new_email": NEW});
    let done = world.result("change_viewer_access", change).await;
    assert_eq!(
        done["status"], "applied",
        "an address where there was none takes nothing: {done}"
    );
    let remove =
        json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "user_id": id});
    let (plan, done) = confirmed(&world, "remove_user", &remove).await;
    let login = viewer["external_login"].as_str().unwrap();
    assert!(plan["losses"].to_string().contains(login), "{plan}");
    assert_eq!(done["status"], "applied");
}

#[tokio::test]
async fn nobody_with_an_id_is_an_empty_list_that_says_so() {
    let world = World::new().await;
    let one = json!({"page_id": known::AUDIENCE_PAGE, "user_id": "nosuchviewer", "detail": true});
    let seen = world.result("list_page_access_users", one).await;
    assert_eq!(
        (&seen["records"], &seen["complete"]),
        (&json!([]), &json!(true)),
        "{seen}"
    );
    assert_eq!(world.sandbox.requests().len(), 1, "one request");
}
