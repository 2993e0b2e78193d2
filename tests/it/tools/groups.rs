//! Page access groups: listed with counts or ids, changed by merging, and removed with the names of who loses what.

use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::world::{Make, World};

const EU: &str = "groupeurope1";

fn group(world: &World, id: &str) -> Value {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let groups = page["groups"].as_array().unwrap();
    let found = groups.iter().find(|group| group["id"] == id);
    found.cloned().unwrap_or_default()
}

fn members(world: &World, id: &str) -> Vec<String> {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    viewers
        .iter()
        .filter(|viewer| viewer["group_ids"].as_array().unwrap().contains(&json!(id)))
        .map(|viewer| viewer["id"].as_str().unwrap().to_owned())
        .collect()
}

fn ask(more: &Value) -> Value {
    let mut arguments = json!({"page_id": known::AUDIENCE_PAGE});
    for (key, value) in more.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    arguments
}

async fn confirmed(world: &World, tool: &str, mut arguments: Value) -> (Value, Value) {
    let plan = world.result(tool, arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    (plan, world.result(tool, arguments).await)
}

async fn small() -> World {
    let mut make = Make::default();
    make.sandbox.viewers = 60;
    make.world().await
}

#[tokio::test]
async fn groups_show_numbers_and_ids_only_where_asked() {
    let world = World::new().await;
    let list = world
        .result("list_page_access_groups", ask(&json!({})))
        .await;
    assert_eq!(
        (&list["matched"], &list["complete"]),
        (&json!(8), &json!(true))
    );
    let eu = &list["records"][0];
    assert_eq!(eu["members"], members(&world, EU).len());
    assert!(eu.get("member_ids").is_none());
    let one = world
        .result(
            "list_page_access_groups",
            ask(&json!({"name": "enterprise eu", "detail": "components"})),
        )
        .await;
    assert_eq!(one["matched"], 1);
    assert_eq!(
        one["records"][0]["component_ids"],
        group(&world, EU)["component_ids"]
    );
    assert!(one["records"][0].get("member_ids").is_none(), "{one}");
}

#[tokio::test]
async fn a_group_of_hundreds_shows_some_ids_and_says_so() {
    let mut make = Make::default();
    make.sandbox.viewers = 3_000;
    let world = make.world().await;
    let one = world
        .result(
            "list_page_access_groups",
            ask(&json!({"group_id": EU, "detail": "members"})),
        )
        .await;
    let row = &one["records"][0];
    assert_eq!(row["members"], members(&world, EU).len());
    assert_eq!(row["member_ids"].as_array().unwrap().len(), 200);
    assert!(
        one["warnings"][0].as_str().unwrap().contains("first 200"),
        "{one}"
    );
}

#[tokio::test]
async fn components_and_metrics_are_one_list_and_headings_are_marked() {
    let world = World::new().await;
    let list = world.result("list_components", ask(&json!({}))).await;
    let rows = list["records"].as_array().unwrap();
    let count = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
    assert_eq!(
        (
            count("component"),
            count("component_group"),
            count("metric")
        ),
        (36, 4, 6)
    );
    assert_eq!(
        (&list["complete"], &list["matched"]),
        (&json!(true), &json!(46))
    );
    let some = world
        .result("list_components", ask(&json!({"name": "UPTIME"})))
        .await;
    assert_eq!(some["records"][0]["id"], known::METRIC);
}

#[tokio::test]
async fn a_new_group_is_made_once() {
    let world = small().await;
    let new = ask(
        &json!({"name": "Pilots", "add_member_ids": [known::JANE_VIEWER], "add_component_ids": [known::COMPONENT]}),
    );
    let done = world.result("save_page_access_group", new.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let again = world.result("save_page_access_group", new).await;
    assert_eq!(again["status"], "already", "{again}");
    let other = ask(&json!({"name": "Pilots", "add_metric_ids": [known::METRIC]}));
    let words = world.refusal("save_page_access_group", other).await;
    assert!(words.contains("a group with this name already"), "{words}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn on_a_page_that_is_not_audience_specific_a_new_group_is_no_effect() {
    let world = small().await;
    let new = json!({"page_id": known::PUBLIC_PAGE, "name": "Pilots"});
    let done = world.result("save_page_access_group", new).await;
    assert_eq!(done["status"], "no_effect", "{done}");
}

#[tokio::test]
async fn adding_to_a_group_keeps_everything_that_it_has() {
    let world = small().await;
    let before = (group(&world, EU), members(&world, EU));
    let add =
        ask(&json!({"group_id": EU, "name": "Europe", "add_component_ids": [known::COMPONENT]}));
    let done = world.result("save_page_access_group", add).await;
    assert_eq!(
        (&done["status"], &done["losses"]),
        (&json!("applied"), &json!([])),
        "{done}"
    );
    let after = group(&world, EU);
    assert_eq!(after["name"], "Europe");
    assert_eq!(after["metric_ids"], before.0["metric_ids"]);
    let held = after["component_ids"].as_array().unwrap();
    for id in before.0["component_ids"].as_array().unwrap() {
        assert!(held.contains(id));
    }
    assert_eq!(members(&world, EU), before.1);
}

#[tokio::test]
async fn taking_somebody_out_names_them_and_what_they_lose() {
    let world = small().await;
    let before = members(&world, EU);
    let take = ask(&json!({"group_id": EU, "remove_member_ids": [known::JANE_VIEWER]}));
    let (plan, done) = confirmed(&world, "save_page_access_group", take).await;
    let losses = plan["losses"].to_string();
    assert!(
        losses.contains(known::JANE) && losses.contains("out of the group"),
        "{losses}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let mut wanted = before;
    wanted.retain(|id| id != known::JANE_VIEWER);
    assert_eq!(members(&world, EU), wanted);
}

#[tokio::test]
async fn what_a_group_stops_giving_is_said_for_every_member() {
    let world = small().await;
    let ids = group(&world, EU)["component_ids"].clone();
    let first = ids[0].as_str().unwrap();
    let take = ask(&json!({"group_id": EU, "remove_component_ids": [first]}));
    let (plan, done) = confirmed(&world, "save_page_access_group", take).await;
    let losses = plan["losses"].to_string();
    assert!(losses.contains("no longer gives") && losses.contains(first));
    for id in members(&world, EU) {
        assert!(losses.contains(&id), "{id} is not named: {losses}");
    }
    assert_eq!(done["status"], "applied");
    let left = group(&world, EU)["component_ids"].as_array().unwrap().len();
    assert_eq!(left, ids.as_array().unwrap().len() - 1);
}

#[tokio::test]
async fn a_protected_member_keeps_a_group_from_being_removed() {
    let mut make = Make {
        more: format!("[policy]\nprotected_people = [\"{}\"]", known::JANE),
        ..Make::default()
    };
    make.sandbox.viewers = 300;
    let world = make.world().await;
    let words = world
        .refusal("remove_page_access_group", ask(&json!({"group_id": EU})))
        .await;
    assert!(
        words.contains("protected") && words.ends_with("Nothing was changed."),
        "{words}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_removed_group_is_looked_for_and_its_members_too() {
    let world = World::new().await;
    let before = members(&world, EU);
    let (plan, done) = confirmed(
        &world,
        "remove_page_access_group",
        ask(&json!({"group_id": EU})),
    )
    .await;
    let losses = plan["losses"].to_string();
    assert!(losses.contains(known::JANE), "{losses}");
    assert!(
        plan.to_string().len() < 20_000,
        "{}",
        plan.to_string().len()
    );
    assert_eq!(done["status"], "applied", "{done}");
    let detail = done["steps"][0]["detail"].as_str().unwrap();
    assert!(
        detail.contains(&format!(
            "of {} members 5 were looked at: 5 are still",
            before.len()
        )),
        "{detail}"
    );
    assert_eq!(group(&world, EU), Value::Null);
    assert_eq!(members(&world, EU), [""; 0]);
    let viewers = world.stored_page(known::AUDIENCE_PAGE)["viewers"].clone();
    assert_eq!(viewers.as_array().unwrap().len(), 1_234);
    let again = world
        .result("remove_page_access_group", ask(&json!({"group_id": EU})))
        .await;
    assert_eq!(again["status"], "already");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_stranger_is_not_put_into_a_group() {
    let world = small().await;
    let add = ask(&json!({"group_id": EU, "add_member_ids": ["nosuchviewer"]}));
    let words = world.refusal("save_page_access_group", add).await;
    assert!(
        words.contains("nosuchviewer") && words.ends_with("Nothing was changed."),
        "{words}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn an_external_id_is_given_at_once_and_another_one_is_confirmed() {
    let world = small().await;
    let new = ask(&json!({"name": "From the identity provider", "external_id": "grp-eu-1"}));
    let made = world.result("save_page_access_group", new.clone()).await;
    assert_eq!(made["status"], "applied", "{made}");
    let post = world
        .sandbox
        .requests()
        .into_iter()
        .find(|it| it.method == "POST")
        .unwrap();
    let body: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(body["page_access_group"]["external_identifier"], "grp-eu-1");
    assert_eq!(
        world.result("save_page_access_group", new).await["status"],
        "already"
    );
    let id = made["steps"][0]["after"]["id"].clone();

    let plain = ask(&json!({"name": "Without one"}));
    let plain =
        world.result("save_page_access_group", plain).await["steps"][0]["after"]["id"].clone();
    let plain = plain.as_str().unwrap();
    let given = ask(&json!({"group_id": plain, "external_id": "grp-eu-2"}));
    let given = world.result("save_page_access_group", given).await;
    assert_eq!(
        given["status"], "applied",
        "where there was none, nothing is replaced: {given}"
    );
    assert_eq!(group(&world, plain)["external_identifier"], "grp-eu-2");
    let writes = world.writes().len();
    let other = ask(&json!({"group_id": plain, "external_id": "grp-eu-3"}));
    let (plan, done) = confirmed(&world, "save_page_access_group", other).await;
    assert!(
        plan.to_string()
            .contains("no longer known to the identity provider as grp-eu-2"),
        "{plan}"
    );
    assert_eq!(
        (&done["status"], world.writes().len()),
        (&json!("applied"), writes + 1)
    );
    let put = world
        .sandbox
        .requests()
        .into_iter()
        .rfind(|it| it.method == "PUT")
        .unwrap();
    let body: Value = serde_json::from_str(&put.body).unwrap();
    assert_eq!(
        body,
        json!({"page_access_group": {"external_identifier": "grp-eu-3"}})
    );

    let taken = ask(&json!({"group_id": plain, "external_id": "grp-eu-1"}));
    let words = world.refusal("save_page_access_group", taken).await;
    assert!(
        words.contains(id.as_str().unwrap()) && words.ends_with("Nothing was changed."),
        "{words}"
    );
}
