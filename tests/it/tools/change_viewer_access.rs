//! What a viewer is given changes by merging; what is taken is confirmed, and said in names.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, Next, known};

use super::world::World;

fn jane(world: &World) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    viewers
        .iter()
        .find(|viewer| viewer["id"] == known::JANE_VIEWER)
        .cloned()
        .unwrap_or_default()
}

/// A component that Jane is not given directly.
fn other_component(world: &World) -> String {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let rows = page["components"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["group"] == false && row["id"] != known::COMPONENT);
    row.unwrap()["id"].as_str().unwrap().to_owned()
}

fn ask(more: &Value) -> Value {
    let mut arguments = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE});
    for (key, value) in more.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    arguments
}

#[tokio::test]
async fn a_grant_is_made_at_once_and_keeps_the_rest() {
    let world = World::new().await;
    let (before, component) = (jane(&world), other_component(&world));
    let grant =
        ask(&json!({"grant_component_ids": [component], "grant_group_ids": [known::GROUPS[7].0]}));
    let done = world.result("change_viewer_access", grant.clone()).await;
    assert_eq!(
        (&done["status"], &done["losses"]),
        (&json!("applied"), &json!([])),
        "{done}"
    );
    let after = jane(&world);
    assert_eq!(after["component_ids"], json!([known::COMPONENT, component]));
    assert_eq!(after["metric_ids"], before["metric_ids"]);
    assert_eq!(
        after["group_ids"],
        json!(["groupeurope1", "groupnobody1", "grouppayment"])
    );
    let seen = done["access"]["components"].as_array().unwrap();
    let new = seen.iter().find(|row| row["id"] == component).unwrap();
    assert_eq!(new["direct"], true, "{done}");
    assert!(
        seen.iter()
            .any(|row| row["direct"] == false && row["by_groups"] != json!([])),
        "what groups give is marked: {done}"
    );
    let sent = world.writes().len();
    assert_eq!(
        world.result("change_viewer_access", grant).await["status"],
        "already"
    );
    assert_eq!(world.writes().len(), sent, "nothing is sent for it");
}

#[tokio::test]
async fn leaving_a_group_is_confirmed_and_says_what_goes_out_of_sight_and_what_stays() {
    let world = World::new().await;
    let before = jane(&world);
    let mut revoke = ask(&json!({"revoke_group_ids": ["groupeurope1"]}));
    let plan = world.result("change_viewer_access", revoke.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert_eq!(world.writes(), [""; 0]);
    let loss = plan["losses"][0].as_str().unwrap();
    assert!(
        loss.contains(known::JANE) && loss.contains("Enterprise EU (groupeurope1)"),
        "{loss}"
    );

    let page = world.stored_page(known::AUDIENCE_PAGE);
    let gives = |id: &str| -> Vec<String> {
        let groups = page["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["id"] == id).unwrap();
        let ids = [&group["component_ids"], &group["metric_ids"]];
        let ids = ids.iter().flat_map(|ids| ids.as_array().unwrap());
        ids.map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let mut kept = gives("grouppayment");
    kept.extend([known::COMPONENT.to_owned(), known::METRIC.to_owned()]);
    for id in gives("groupeurope1") {
        assert_eq!(loss.contains(&id), !kept.contains(&id), "{id} in: {loss}");
    }

    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("change_viewer_access", revoke).await;
    assert_eq!(done["status"], "applied", "{done}");
    let after = jane(&world);
    assert_eq!(after["group_ids"], json!(["grouppayment"]));
    assert_eq!(after["component_ids"], before["component_ids"]);
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn taking_one_component_names_it_in_the_path_and_never_sends_a_body() {
    let world = World::new().await;
    let mut revoke = ask(&json!({"revoke_component_ids": [known::COMPONENT]}));
    let plan = world.result("change_viewer_access", revoke.clone()).await;
    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("change_viewer_access", revoke).await["status"],
        "applied"
    );
    let deletes: Vec<_> = world
        .sandbox
        .requests()
        .into_iter()
        .filter(|request| request.method == "DELETE")
        .collect();
    assert_eq!(deletes.len(), 1);
    assert!(
        deletes[0]
            .target
            .ends_with(&format!("/components/{}", known::COMPONENT))
    );
    assert_eq!(deletes[0].body, "");
    assert_eq!(jane(&world)["metric_ids"], json!([known::METRIC]));
}

#[tokio::test]
async fn replacing_by_nothing_takes_all_of_that_kind_and_nothing_else() {
    let world = World::new().await;
    let before = jane(&world);
    let mut replace = ask(&json!({"replace_metric_ids": []}));
    let plan = world.result("change_viewer_access", replace.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    replace["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("change_viewer_access", replace).await["status"],
        "applied"
    );
    let after = jane(&world);
    assert_eq!(after["metric_ids"], json!([]));
    assert_eq!(after["component_ids"], before["component_ids"]);
    assert_eq!(after["group_ids"], before["group_ids"]);
}

#[tokio::test]
async fn what_contradicts_itself_or_does_not_exist_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let both =
        ask(&json!({"grant_group_ids": ["grouppartner"], "revoke_group_ids": ["grouppartner"]}));
    let words = world.refusal("change_viewer_access", both).await;
    assert!(words.contains("both added and taken away"), "{words}");
    let mixed = ask(&json!({"grant_metric_ids": [known::METRIC], "replace_metric_ids": []}));
    let words = world.refusal("change_viewer_access", mixed).await;
    assert!(words.contains("replaced is exactly that"), "{words}");
    for (key, place) in [
        ("grant_group_ids", "list_page_access_groups"),
        ("replace_component_ids", "list_components"),
    ] {
        let words = world
            .refusal("change_viewer_access", ask(&json!({key: ["nosuchthing1"]})))
            .await;
        assert!(
            words.contains("nosuchthing1") && words.contains(place),
            "{words}"
        );
    }
    let words = world.refusal("change_viewer_access", ask(&json!({}))).await;
    assert!(words.ends_with("Nothing was changed."), "{words}");
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_plan_is_void_when_a_group_gives_something_else_meanwhile() {
    let world = World::new().await;
    let mut revoke = ask(&json!({"revoke_group_ids": ["groupeurope1"]}));
    let plan = world.result("change_viewer_access", revoke.clone()).await;
    let group = json!({"page_id": known::AUDIENCE_PAGE, "group_id": "groupeurope1", "add_component_ids": [other_component(&world)], "add_metric_ids": [known::METRIC]});
    let changed = world.result("save_page_access_group", group).await;
    assert_eq!(changed["status"], "applied", "{changed}");
    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    let anew = world.result("change_viewer_access", revoke).await;
    assert_eq!(anew["refused"], "state_changed", "{anew}");
    assert_eq!(jane(&world)["group_ids"][0], "groupeurope1");
}

#[tokio::test]
async fn a_removal_that_stops_half_way_says_so_and_the_next_call_finishes_it() {
    let world = World::new().await;
    let component = other_component(&world);
    world
        .result(
            "change_viewer_access",
            ask(&json!({"grant_component_ids": [component]})),
        )
        .await;
    let fault = Next {
        fault: Fault::Forbidden,
        method: Some("DELETE".to_owned()),
        after: 1,
        path: None,
        times: 1,
    };
    world.sandbox.faults(Faults {
        next: vec![fault],
        ..Faults::default()
    });
    let mut revoke = ask(&json!({"replace_component_ids": []}));
    let plan = world.result("change_viewer_access", revoke.clone()).await;
    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    let half = world.result("change_viewer_access", revoke.clone()).await;
    assert_eq!(half["status"], "partial", "{half}");
    assert_eq!(jane(&world)["component_ids"].as_array().unwrap().len(), 1);
    revoke.as_object_mut().unwrap().remove("confirmation_token");
    let plan = world.result("change_viewer_access", revoke.clone()).await;
    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("change_viewer_access", revoke).await["status"],
        "applied"
    );
    assert_eq!(jane(&world)["component_ids"], json!([]));
}

#[tokio::test]
async fn one_viewer_shows_what_they_see() {
    let world = World::new().await;
    let list = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "detail": true}),
        )
        .await;
    let access = &list["records"][0]["access"];
    assert_eq!(access["groups"][0]["name"], "Enterprise EU");
    let metric = access["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == known::METRIC)
        .unwrap();
    assert_eq!(
        (&metric["direct"], &metric["name"]),
        (&json!(true), &json!("Uptime"))
    );
}
