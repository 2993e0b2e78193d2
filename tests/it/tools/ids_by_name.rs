//! Wherever a tool takes an id, the unique name does; one that several have is refused with what tells them apart.

use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::world::{Make, World};
use crate::sandbox::wire::ask as raw;

fn page_name(world: &World, id: &str) -> Value {
    world.stored_page(id)["name"].clone()
}

/// A component whose name no other has.
fn lone_component(world: &World) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let rows = page["components"].as_array().unwrap();
    let alone = |row: &&Value| {
        rows.iter().filter(|it| it["name"] == row["name"]).count() == 1 && row["group"] == false
    };
    rows.iter().find(alone).cloned().unwrap()
}

fn component(world: &World) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let rows = page["components"].as_array().unwrap();
    rows.iter()
        .find(|row| row["id"] == known::COMPONENT)
        .cloned()
        .unwrap()
}

#[tokio::test]
async fn a_page_a_group_a_component_and_a_metric_are_named_in_one_call() {
    let world = World::new().await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let metric = page["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == known::METRIC)
        .unwrap()["name"]
        .clone();
    let new = json!({
        "page_id": page["name"], "email": "new.customer@example.org", "group_ids": ["enterprise eu"],
        "component_ids": [lone_component(&world)["name"]], "metric_ids": [metric],
    });
    let done = world.result("add_page_viewer", new).await;
    assert_eq!(done["status"], "applied", "{done}");
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let made = page["viewers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["email"] == "new.customer@example.org")
        .unwrap();
    assert_eq!(made["group_ids"], json!([known::GROUPS[0].0]));
    assert_eq!(made["component_ids"], json!([lone_component(&world)["id"]]));
    assert_eq!(made["metric_ids"], json!([known::METRIC]));
}

#[tokio::test]
async fn a_name_as_a_completion_writes_it_is_taken_and_the_plan_is_the_one_of_the_id() {
    let world = World::new().await;
    let by_name = json!({"page_id": format!("{} ({})", page_name(&world, known::AUDIENCE_PAGE).as_str().unwrap(), known::AUDIENCE_PAGE), "group_id": "Retired resellers"});
    let plan = world.result("remove_page_access_group", by_name).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert!(
        plan["steps"][0]["target"]
            .as_str()
            .unwrap()
            .contains("groupnobody1"),
        "{plan}"
    );
    let by_id = json!({"page_id": known::AUDIENCE_PAGE, "group_id": "groupnobody1", "confirmation_token": plan["confirmation_token"]});
    let done = world.result("remove_page_access_group", by_id).await;
    assert_eq!(done["status"], "applied", "the two calls are one: {done}");
}

#[tokio::test]
async fn a_name_that_several_have_is_refused_with_what_tells_them_apart() {
    let world = World::new().await;
    let name = component(&world)["name"].clone();
    let second = made(&world, json!({"name": name, "status": "major_outage"})).await;
    let before = world.writes().len();
    let ask = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "revoke_component_ids": [name]});
    let words = world.refusal("change_viewer_access", ask).await;
    for part in [
        known::COMPONENT,
        second.as_str(),
        "major_outage",
        "Give the id of the one",
        "Nothing was changed.",
    ] {
        assert!(words.contains(part), "{part} in: {words}");
    }
    assert_eq!(world.writes().len(), before);
}

/// Makes a component of the audience-specific page.
async fn made(world: &World, component: Value) -> String {
    let body = Some(json!({"component": component}));
    let path = "/v1/pages/customerpage/components";
    let made = raw(&world.sandbox, "POST", path, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_of_one_name_heading_and_status_are_told_apart_by_what_the_page_says_of_them() {
    let world = World::new().await;
    for words in ["for customers in Asia", "for customers in Africa"] {
        let one = json!({"name": "Gateway", "status": "operational", "description": words});
        made(&world, one).await;
    }
    let ask = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "grant_component_ids": ["Gateway"]});
    let words = world.refusal("change_viewer_access", ask).await;
    for part in ["customers in Asia", "customers in Africa", "position "] {
        assert!(words.contains(part), "{part} in: {words}");
    }
}

#[tokio::test]
async fn a_name_that_is_written_as_an_id_is_the_name_unless_it_is_an_id() {
    let world = World::new().await;
    let id = made(&world, json!({"name": "databasehost"})).await;
    let rename = Some(json!({"page": {"name": "statusof2026"}}));
    let path = "/v1/pages/customerpage";
    let renamed = raw(&world.sandbox, "PATCH", path, rename).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let grant = json!({"page_id": "statusof2026", "email": known::JANE, "grant_component_ids": ["databasehost"]});
    let done = world.result("change_viewer_access", grant).await;
    assert_eq!(done["status"], "applied", "{done}");
    let held = json!({"page_id": "statusof2026", "email": known::JANE, "detail": true});
    let list = world.result("list_page_access_users", held).await;
    assert!(list.to_string().contains(&id), "{list}");
    // The name of one that is the id of another stands for the other.
    made(&world, json!({"name": id})).await;
    let grant =
        json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "grant_component_ids": [id]});
    let done = world.result("change_viewer_access", grant).await;
    assert_eq!(done["status"], "already", "{done}");
}

#[tokio::test]
async fn an_incident_and_what_is_removed_may_have_a_name_that_is_written_as_an_id() {
    let make = Make {
        more: "[toolsets]\nenabled = [\"access\", \"operations\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let id = made(&world, json!({"name": "eu1databases"})).await;
    let gone = json!({"page_id": known::AUDIENCE_PAGE, "component_id": "eu1databases"});
    let plan = world.result("remove_component", gone).await;
    assert!(plan["steps"].to_string().contains(&id), "{plan}");
    let body = Some(json!({"incident": {"name": "coolingfails", "status": "investigating"}}));
    let path = "/v1/pages/customerpage/incidents";
    let opened = raw(&world.sandbox, "POST", path, body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let more = json!({"page_id": known::AUDIENCE_PAGE, "incident_id": "coolingfails", "body": "It is being repaired.", "deliver_notifications": false});
    let plan = world.result("update_incident", more).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_refused_and_never_taken_for_what_is_gone() {
    let world = World::new().await;
    for (tool, arguments) in [
        (
            "remove_page_access_group",
            json!({"page_id": known::AUDIENCE_PAGE, "group_id": "No such group"}),
        ),
        ("list_page_access_users", json!({"page_id": "No such page"})),
    ] {
        let words = world.refusal(tool, arguments).await;
        assert!(
            words.contains("was not found") && words.contains("shows what there is"),
            "{words}"
        );
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn an_id_costs_no_look_up_and_a_page_outside_the_rules_has_no_name() {
    let world = World::new().await;
    world
        .result("list_components", json!({"page_id": known::PUBLIC_PAGE}))
        .await;
    assert!(
        world
            .sandbox
            .requests()
            .iter()
            .all(|it| it.target != "/v1/pages")
    );
    let name = page_name(&world, known::AUDIENCE_PAGE);
    let more = format!("[policy]\npages = [\"{}\"]\n", known::PUBLIC_PAGE);
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let words = world
        .refusal("list_components", json!({"page_id": name}))
        .await;
    assert!(
        words.contains("was not found") && !words.contains(known::AUDIENCE_PAGE),
        "{words}"
    );
}

#[tokio::test]
async fn an_incident_is_named_where_incidents_are_on() {
    let make = Make {
        more: "[toolsets]\nenabled = [\"access\", \"operations\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let one = json!({"page_id": page_name(&world, known::PUBLIC_PAGE), "incident_id": "api errors in europe"});
    let list = world.result("list_incidents", one).await;
    assert_eq!(list["records"][0]["id"], known::OPEN_INCIDENT, "{list}");
    let status = json!({"page_id": known::PUBLIC_PAGE, "components": [{"component_id": "Partner gateway", "status": "degraded_performance"}]});
    let plan = world.result("set_component_status", status).await;
    assert!(plan.to_string().contains(known::LONELY_COMPONENT), "{plan}");
}

#[tokio::test]
async fn what_looks_like_a_path_is_looked_up_as_a_name_and_never_sent() {
    let world = World::new().await;
    for name in ["a/b", "50% a", "a?b=c", "a#b"] {
        let words = world
            .refusal("list_components", json!({"page_id": name}))
            .await;
        assert!(words.contains("was not found"), "{words}");
    }
    let asked = world.sandbox.requests();
    assert!(asked.iter().all(|it| it.target == "/v1/pages"), "{asked:?}");
}
