//! A component is taken off a page that three groups and 200 viewers see.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_INCIDENT, AUDIENCE_PAGE, COMPONENT, JANE, LONELY_COMPONENT, LONELY_GROUP, METRIC,
    PUBLIC_PAGE,
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
    // A group that gives nothing else: whoever is in it alone sees nothing afterwards, and is named.
    let group =
        json!({"page_id": AUDIENCE_PAGE, "name": "One thing", "add_component_ids": [COMPONENT]});
    world.result("save_page_access_group", group).await;
    for email in ["by.group@example.org", "by.both@example.org"] {
        let new = json!({"page_id": AUDIENCE_PAGE, "email": email, "group_ids": ["One thing"]});
        world.result("add_page_viewer", new).await;
    }
    let more = json!({"page_id": AUDIENCE_PAGE, "email": "by.both@example.org", "grant_metric_ids": [METRIC]});
    world.result("change_viewer_access", more).await;
    let other = world.stored_page(AUDIENCE_PAGE)["components"][9]["id"].clone();
    for (email, components) in [
        ("chose.it@example.org", json!([COMPONENT])),
        ("chose.two@example.org", json!([COMPONENT, other])),
        ("chose.another@example.org", json!([other])),
    ] {
        let new = json!({"page_id": AUDIENCE_PAGE, "email": email, "component_ids": components});
        world.result("add_subscriber", new).await;
    }
    let page = world.stored_page(AUDIENCE_PAGE);
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
    let one = |part: &str| {
        let all = plan["losses"].as_array().unwrap().iter();
        let mut these = all.filter_map(|it| it.as_str().filter(|it| it.contains(part)));
        let one = these.next().unwrap_or_else(|| panic!("{part}: {losses}"));
        assert_eq!(these.next(), None, "{part}");
        one.to_owned()
    };
    let nothing = one("nothing at all of this page then");
    assert!(nothing.contains("only.this@example.org"), "{nothing}");
    assert!(nothing.contains("by.group@example.org"), "{nothing}");
    assert!(!nothing.contains("by.both@example.org"), "{nothing}");
    let group = one("group One thing");
    assert!(
        group.contains("2 members no longer gives it, and nothing else"),
        "{group}"
    );
    assert!(group.contains("by.group@example.org") && group.contains("by.both@example.org"));
    assert!(
        one("chose it alone").contains("chose.it@example.org"),
        "{losses}"
    );
    let among = one("chose it among others");
    assert!(among.contains("chose.two@example.org"), "{among}");
    assert!(!losses.contains("chose.another@example.org"), "{losses}");
    // Everybody in the three groups is named, up to a hundred in one sentence.
    for (id, name) in [
        (three[0], "group Enterprise EU"),
        (three[1], "group Enterprise Americas"),
        (three[2], "group Enterprise Asia-Pacific"),
    ] {
        let words = one(name);
        let viewers = page["viewers"].as_array().unwrap().iter();
        let inside = viewers.filter(|it| it["group_ids"].as_array().unwrap().contains(&json!(id)));
        let inside: Vec<_> = inside.map(|it| it["id"].as_str().unwrap()).collect();
        assert!(inside.len() > 10, "{name}");
        assert!(inside.iter().all(|id| words.contains(id)), "{words}");
    }
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

#[tokio::test]
async fn who_loses_sight_of_a_metric_is_named_and_who_then_sees_nothing() {
    let world = world().await;
    let group = json!({"page_id": AUDIENCE_PAGE, "name": "Graph only", "add_metric_ids": [METRIC]});
    world.result("save_page_access_group", group).await;
    for (email, groups, metrics) in [
        ("graph.group@example.org", json!(["Graph only"]), json!([])),
        ("graph.direct@example.org", json!([]), json!([METRIC])),
        (
            "graph.more@example.org",
            json!(["Graph only", "Partners"]),
            json!([METRIC]),
        ),
        ("no.graph@example.org", json!([]), json!(["Latency"])),
    ] {
        let new = json!({"page_id": AUDIENCE_PAGE, "email": email, "group_ids": groups, "metric_ids": metrics});
        let made = world.result("add_page_viewer", new).await;
        assert_eq!(made["status"], "applied", "{made}");
    }
    let gone = json!({"page_id": AUDIENCE_PAGE, "metric_id": METRIC});
    let (plan, done) = confirmed(&world, "remove_metric", gone).await;
    let losses: Vec<&str> = plan["losses"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let one = |part: &str| {
        *losses
            .iter()
            .find(|it| it.contains(part))
            .unwrap_or_else(|| panic!("{part}: {losses:#?}"))
    };
    let group = one("group Graph only");
    assert!(group.contains("graph.group@example.org") && group.contains("graph.more@example.org"));
    let direct = one("given directly, no longer seeing it");
    for email in ["graph.direct@example.org", "graph.more@example.org", JANE] {
        assert!(direct.contains(email), "{direct}");
    }
    let nothing = one("nothing at all of this page then");
    assert!(nothing.contains("graph.group@example.org"), "{nothing}");
    assert!(nothing.contains("graph.direct@example.org"), "{nothing}");
    assert!(!nothing.contains("graph.more@example.org") && !nothing.contains(JANE));
    assert!(!plan["losses"].to_string().contains("no.graph@example.org"));
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        stored(&world, AUDIENCE_PAGE, "metrics", METRIC),
        Value::Null
    );
}
