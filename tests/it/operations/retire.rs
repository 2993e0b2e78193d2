//! A component is taken off a page that three groups and 200 viewers see.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_INCIDENT, AUDIENCE_PAGE, COMPONENT, JANE, LONELY_COMPONENT, LONELY_GROUP, PUBLIC_PAGE,
};

use super::world::{ON, confirmed, lose_the_next_answer, stored, world};
use crate::tools::world::Make;

#[tokio::test]
async fn everybody_who_loses_it_is_named_and_the_lost_answer_is_settled() {
    let mut make = Make {
        more: ON.to_owned(),
        ..Make::default()
    };
    make.sandbox.viewers = 200;
    let world = make.world().await;
    let three = ["groupeurope1", "groupamerica", "groupasiapac"];
    for group in three {
        let give =
            json!({"page_id": AUDIENCE_PAGE, "group_id": group, "add_component_ids": [COMPONENT]});
        world.result("save_page_access_group", give).await;
    }
    let only = json!({"page_id": AUDIENCE_PAGE, "email": "only.this@example.org", "component_ids": [COMPONENT]});
    world.result("add_page_viewer", only).await;
    lose_the_next_answer(&world, "DELETE");
    let (plan, done) = confirmed(
        &world,
        "remove_component",
        json!({"page_id": AUDIENCE_PAGE, "component_id": COMPONENT}),
    )
    .await;
    let losses = plan["losses"].to_string();
    for name in [
        "Enterprise EU",
        "Enterprise Americas",
        "Enterprise Asia-Pacific",
    ] {
        assert!(losses.contains(name), "{name}: {losses}");
    }
    assert!(
        losses.contains("Payments are slow") && losses.contains(AUDIENCE_INCIDENT),
        "{losses}"
    );
    assert!(
        losses.contains("given directly, no longer seeing it") && losses.contains(JANE),
        "{losses}"
    );
    assert!(
        losses.contains("nothing at all of this page then")
            && losses.contains("only.this@example.org"),
        "who sees nothing afterwards is named: {losses}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let page = world.stored_page(AUDIENCE_PAGE).to_string();
    assert!(!page.contains(COMPONENT));
}

#[tokio::test]
async fn the_group_that_would_be_empty_vanishes_and_is_named() {
    let world = world().await;
    let (plan, done) = confirmed(
        &world,
        "remove_component",
        json!({"page_id": PUBLIC_PAGE, "component_id": LONELY_COMPONENT}),
    )
    .await;
    assert!(
        plan["losses"].to_string().contains("Partner systems"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", LONELY_GROUP),
        Value::Null
    );
    let again = world
        .result(
            "remove_component",
            json!({"page_id": PUBLIC_PAGE, "component_id": LONELY_COMPONENT}),
        )
        .await;
    assert_eq!(again["status"], "already", "{again}");
}

#[tokio::test]
async fn of_a_deleted_group_the_components_stay() {
    let world = world().await;
    let (plan, done) = confirmed(
        &world,
        "remove_component",
        json!({"page_id": PUBLIC_PAGE, "component_id": LONELY_GROUP}),
    )
    .await;
    assert!(
        plan["losses"].to_string().contains("Partner gateway"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", LONELY_COMPONENT)["group_id"],
        Value::Null
    );
}
