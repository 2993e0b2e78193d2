//! Adding a viewer: once, seen afterwards, and not reported where it does nothing.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, Next, known};

use super::world::World;

const NEW: &str = "new.customer+west@example.org";

fn new_viewer() -> Value {
    json!({"page_id": known::AUDIENCE_PAGE, "email": NEW, "group_ids": [known::GROUPS[0].0]})
}

fn stored(world: &World) -> usize {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    viewers
        .iter()
        .filter(|viewer| viewer["email"] == NEW)
        .count()
}

#[tokio::test]
async fn a_new_viewer_is_added_and_seen() {
    let world = World::new().await;
    let done = world.result("add_page_viewer", new_viewer()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let seen = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": NEW}),
        )
        .await;
    assert_eq!(seen["records"][0]["groups"], json!([known::GROUPS[0].0]));
    assert_eq!(
        world.result("add_page_viewer", new_viewer()).await["status"],
        "already"
    );
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_page_that_is_not_audience_specific_is_told_as_no_effect() {
    let world = World::new().await;
    let done = world
        .result(
            "add_page_viewer",
            json!({"page_id": known::PUBLIC_PAGE, "email": NEW}),
        )
        .await;
    assert_eq!(done["status"], "no_effect");
    assert!(
        done["steps"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("not audience-specific"),
        "{done}"
    );
    assert!(
        done["summary"].as_str().unwrap().starts_with("No effect"),
        "{done}"
    );
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_looking_and_never_by_adding_twice() {
    let world = World::new().await;
    let lost = Next {
        fault: Fault::LostAnswer,
        method: Some("POST".to_owned()),
        after: 0,
        path: None,
        times: 1,
    };
    world.sandbox.faults(Faults {
        next: vec![lost],
        ..Faults::default()
    });
    assert_eq!(
        world.result("add_page_viewer", new_viewer()).await["status"],
        "applied"
    );
    assert_eq!((stored(&world), world.writes().len()), (1, 1));
}

#[tokio::test]
async fn a_request_that_never_arrived_is_seen_not_to_be_made_and_is_not_sent_again() {
    let world = World::new().await;
    let reset = Next {
        fault: Fault::Reset,
        method: Some("POST".to_owned()),
        after: 0,
        path: None,
        times: 1,
    };
    world.sandbox.faults(Faults {
        next: vec![reset],
        ..Faults::default()
    });
    let told = world.result("add_page_viewer", new_viewer()).await;
    assert_eq!(told["status"], "failed", "{told}");
    assert!(
        told["steps"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("shows that nothing changed"),
        "{told}"
    );
    assert_eq!(
        (stored(&world), world.writes().len()),
        (0, 1),
        "not sent again blindly"
    );
    assert_eq!(
        world.result("add_page_viewer", new_viewer()).await["status"],
        "applied"
    );
    assert_eq!(stored(&world), 1);
}

#[tokio::test]
async fn somebody_who_is_there_keeps_their_groups_and_gets_the_missing_ones() {
    let world = World::new().await;
    let before = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE}),
        )
        .await;
    let held: Vec<Value> = before["records"][0]["groups"].as_array().unwrap().clone();
    let more = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "group_ids": [known::GROUPS[7].0]});
    assert_eq!(
        world.result("add_page_viewer", more).await["status"],
        "applied"
    );
    let after = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE}),
        )
        .await;
    let now = after["records"][0]["groups"].as_array().unwrap();
    assert!(
        held.iter().all(|group| now.contains(group)) && now.len() == held.len() + 1,
        "{held:?} {now:?}"
    );
}

#[tokio::test]
async fn a_new_viewer_is_given_components_and_metrics_and_the_answer_says_what_they_see() {
    let world = World::new().await;
    let new = json!({"page_id": known::AUDIENCE_PAGE, "email": NEW, "component_ids": [known::COMPONENT], "metric_ids": [known::METRIC]});
    let done = world.result("add_page_viewer", new.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(done["steps"].as_array().unwrap().len(), 3);
    assert_eq!(done["access"]["components"][0]["id"], known::COMPONENT);
    assert_eq!(done["access"]["metrics"][0]["direct"], true);
    let again = world.result("add_page_viewer", new).await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(world.writes().len(), 3);
}

#[tokio::test]
async fn what_the_page_does_not_have_is_refused_before_anybody_is_added() {
    let world = World::new().await;
    let new =
        json!({"page_id": known::AUDIENCE_PAGE, "email": NEW, "component_ids": ["nosuchthing1"]});
    let words = world.refusal("add_page_viewer", new).await;
    assert!(
        words.contains("`list_components` shows") && words.ends_with("Nothing was changed."),
        "{words}"
    );
    assert_eq!((stored(&world), world.writes()), (0, Vec::new()));
}
