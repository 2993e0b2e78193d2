//! Components: their status, of which webhooks hear; made and changed by merging; what is ignored is said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    LONELY_COMPONENT, LONELY_GROUP, PUBLIC_COMPONENT, PUBLIC_PAGE,
};

use super::world::{confirmed, last_write, stored, world};

fn ask(more: &Value) -> Value {
    let mut arguments = json!({"page_id": PUBLIC_PAGE});
    arguments
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    arguments
}

#[tokio::test]
async fn webhooks_hear_of_a_status_and_mail_does_not() {
    let world = world().await;
    let up = ask(
        &json!({"components": [{"component_id": PUBLIC_COMPONENT, "status": "operational"}, {"component_id": LONELY_COMPONENT, "status": "operational"}]}),
    );
    let (plan, done) = confirmed(&world, "set_component_status", up.clone()).await;
    assert_eq!(
        plan["steps"].as_array().unwrap().len(),
        1,
        "one is so already: {plan}"
    );
    let told = plan["publication"]["told"].as_array().unwrap();
    assert_eq!(
        (told.len(), &told[0]["channel"]),
        (1, &json!("webhook")),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let report = world.sandbox.report();
    assert_eq!(report.mails, []);
    assert_eq!(told[0]["at_most"], report.notifications.len(), "{plan}");
    assert_eq!(
        world.result("set_component_status", up).await["status"],
        "already"
    );
    let group =
        ask(&json!({"components": [{"component_id": LONELY_GROUP, "status": "operational"}]}));
    let words = world.refusal("set_component_status", group).await;
    assert!(words.contains("component group"), "{words}");
}

#[tokio::test]
async fn a_new_component_is_made_once_and_says_who_is_subscribed() {
    let world = world().await;
    let new = ask(
        &json!({"name": "Ledger", "description": "Bookings", "group_id": LONELY_GROUP, "showcase": true}),
    );
    let done = world.result("save_component", new.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert!(
        done["warnings"][0]
            .as_str()
            .unwrap()
            .contains("never chose components are subscribed"),
        "{done}"
    );
    assert_eq!(
        last_write(&world).2,
        json!({"component": {"name": "Ledger", "description": "Bookings", "group_id": LONELY_GROUP, "showcase": true}})
    );
    let words = world.refusal("save_component", new).await;
    assert!(
        words.contains("has a component of this name already"),
        "{words}"
    );
}

#[tokio::test]
async fn taking_the_last_one_out_of_its_group_is_confirmed_because_the_group_vanishes() {
    let world = world().await;
    let out = ask(&json!({"component_id": LONELY_COMPONENT, "group_id": "none"}));
    let (plan, done) = confirmed(&world, "save_component", out).await;
    assert!(
        plan["losses"].to_string().contains("Partner systems"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        last_write(&world).2["component"],
        json!({"group_id": "null"})
    );
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", LONELY_GROUP),
        Value::Null
    );
}

#[tokio::test]
async fn what_the_page_ignores_is_no_effect() {
    let world = world().await;
    let hide = ask(&json!({"component_id": PUBLIC_COMPONENT, "only_show_if_degraded": true}));
    let done = world.result("save_component", hide).await;
    assert_eq!(done["status"], "no_effect", "{done}");
}

#[tokio::test]
async fn a_component_group_is_made_with_its_components_and_never_empty() {
    let world = world().await;
    let empty = ask(&json!({"kind": "component_group", "name": "Core"}));
    let words = world.refusal("save_component", empty).await;
    assert!(words.contains("cannot be empty"), "{words}");
    let new = ask(
        &json!({"kind": "component_group", "name": "Core", "description": "The heart", "component_ids": [PUBLIC_COMPONENT]}),
    );
    let done = world.result("save_component", new).await;
    assert_eq!(done["status"], "applied", "{done}");
    let moved = ask(
        &json!({"component_id": LONELY_GROUP, "component_ids": [LONELY_COMPONENT, PUBLIC_COMPONENT]}),
    );
    let plan = world.result("save_component", moved).await;
    assert_eq!(
        plan["status"], "confirmation_required",
        "the other group would be empty: {plan}"
    );
    assert!(plan["losses"].to_string().contains("Core"), "{plan}");
}

#[tokio::test]
async fn the_automation_address_is_never_shown() {
    let world = world().await;
    let rename = ask(&json!({"component_id": PUBLIC_COMPONENT, "name": "API, Europe"}));
    let done = world.result("save_component", rename).await;
    assert_eq!(done["status"], "applied", "{done}");
    let audit = world
        .audit()
        .iter()
        .map(ToString::to_string)
        .collect::<String>();
    assert!(
        !done.to_string().contains("notifications.statuspage")
            && !audit.contains("notifications.statuspage")
    );
}

#[tokio::test]
async fn a_description_is_taken_away_only_where_that_is_said() {
    let world = world().await;
    let about = ask(&json!({"component_id": PUBLIC_COMPONENT, "description": "What it does"}));
    assert_eq!(
        world.result("save_component", about).await["status"],
        "applied"
    );
    let both = ask(
        &json!({"component_id": PUBLIC_COMPONENT, "description": "Else", "clear": ["description"]}),
    );
    let words = world.refusal("save_component", both).await;
    assert!(words.contains("also in `clear`"), "{words}");
    let clear = ask(&json!({"component_id": PUBLIC_COMPONENT, "clear": ["description"]}));
    let done = world.result("save_component", clear.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let (method, path, body) = last_write(&world);
    assert_eq!(
        (method.as_str(), path),
        (
            "PUT",
            format!("/pages/{PUBLIC_PAGE}/components/{PUBLIC_COMPONENT}")
        )
    );
    assert_eq!(body, json!({"component": {"description": ""}}));
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", PUBLIC_COMPONENT)["description"],
        Value::Null
    );
    assert_eq!(
        world.result("save_component", clear).await["status"],
        "already"
    );
}

#[tokio::test]
async fn a_change_is_shown_in_names_with_what_was_before() {
    let world = world().await;
    let out = json!({"page_id": PUBLIC_PAGE, "component_id": LONELY_COMPONENT, "name": "Partner API", "group_id": "none"});
    let plan = world.result("save_component", out).await;
    let action = plan["steps"][0]["action"].as_str().unwrap();
    assert!(
        action.contains("component group: none (before: Partner systems"),
        "{action}"
    );
    assert!(
        action.contains("name: \"Partner API\" (before: \"Partner gateway\")"),
        "{action}"
    );
}
