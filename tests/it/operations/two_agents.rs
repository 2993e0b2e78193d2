//! Two agents at work on one incident: what was agreed to is not sent over what the other one said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{OPEN_INCIDENT, PUBLIC_COMPONENT, PUBLIC_PAGE};

use super::world::{confirmed, stored, world};

fn says(words: &str) -> Value {
    json!({"page_id": PUBLIC_PAGE, "incident_id": OPEN_INCIDENT, "status": "monitoring", "body": words})
}

#[tokio::test]
async fn a_plan_that_another_one_overtook_is_refused_with_what_changed() {
    let world = world().await;
    let first = world
        .ask_as("anna", "update_incident", says("Anna's words."))
        .await
        .structured()
        .unwrap();
    let (_, done) = confirmed(&world, "update_incident", says("Ben's words.")).await;
    assert_eq!(done["status"], "applied", "{done}");
    let mut late = says("Anna's words.");
    late["confirmation_token"] = first["confirmation_token"].clone();
    let refused = world
        .ask_as("anna", "update_incident", late)
        .await
        .structured()
        .unwrap();
    assert_eq!(refused["refused"], "state_changed", "{refused}");
    assert!(
        refused["difference"].to_string().contains("newest_update"),
        "{refused}"
    );
    let updates = stored(&world, PUBLIC_PAGE, "incidents", OPEN_INCIDENT)["updates"].clone();
    assert_eq!(
        (
            updates[0]["body"].as_str(),
            updates.as_array().unwrap().len()
        ),
        (Some("Ben's words."), 3)
    );
}

#[tokio::test]
async fn who_hears_of_it_is_said_where_the_affected_components_change() {
    let world = world().await;
    let page = world.stored_page(PUBLIC_PAGE);
    let other = page["components"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .find(|it| it["group"] == false)
        .unwrap()["id"]
        .clone();
    let change =
        json!({"page_id": PUBLIC_PAGE, "incident_id": OPEN_INCIDENT, "component_ids": [other]});
    let (plan, done) = confirmed(&world, "update_incident", change).await;
    assert!(
        plan["publication"]["readers_see"]
            .to_string()
            .contains("affected components from now on"),
        "{plan}"
    );
    assert_eq!(plan["publication"]["told"], json!([]));
    assert_eq!(done["status"], "applied", "{done}");
    let now = stored(&world, PUBLIC_PAGE, "incidents", OPEN_INCIDENT);
    assert_eq!(now["component_ids"], json!([other]));
    assert_ne!(other, PUBLIC_COMPONENT);
    assert_eq!(
        now["updates"].as_array().unwrap().len(),
        2,
        "a list of components is no update"
    );
}
