//! What a viewer or a group sees: the verbs say one thing and do another, so each is pinned here.

use serde_json::json;
use status_roster::{
    providers::{Scan, statuspage::Holder},
    roster::{Component, ComponentId, GroupId, MetricId, ViewerId},
};

use super::super::support::{Stage, fixture, page};

const VIEWER: &str = "/pages/pgalpha00001/page_access_users/vw1abc";
const GROUP: &str = "/pages/pgalpha00001/page_access_groups/grpgold";

fn viewer() -> ViewerId {
    ViewerId::parse("vw1abc").unwrap()
}

fn holders() -> [(Holder, String); 2] {
    [
        (Holder::Viewer(viewer()), format!("{VIEWER}/components")),
        (
            Holder::Group(GroupId::parse("grpgold").unwrap()),
            format!("{GROUP}/components"),
        ),
    ]
}

fn component(id: &str) -> ComponentId {
    ComponentId::parse(id).unwrap()
}

#[tokio::test]
async fn adding_is_put_replacing_is_post_and_removing_names_one_in_the_path() {
    for (holder, path) in holders() {
        let stage = Stage::new().await;
        for verb in ["PUT", "POST"] {
            stage.answers(verb, &path, 201, &json!({})).await;
        }
        stage
            .answers("DELETE", &format!("{path}/c1"), 200, &json!({}))
            .await;
        let (intent, statuspage, cx) = (stage.intent().await, &stage.statuspage, &stage.cx);
        let (c1, c2) = (component("c1"), component("c2"));
        statuspage
            .add_components(cx, &intent, &page(), &holder, &[c1.clone(), c2.clone()])
            .await
            .unwrap();
        statuspage
            .replace_components(cx, &intent, &page(), &holder, &[c2])
            .await
            .unwrap();
        statuspage
            .replace_components(cx, &intent, &page(), &holder, &[])
            .await
            .unwrap();
        statuspage
            .remove_component(cx, &intent, &page(), &holder, &c1)
            .await
            .unwrap();
        let expected = [
            format!(r#"PUT {path} {{"component_ids":["c1","c2"]}}"#),
            format!(r#"POST {path} {{"component_ids":["c2"]}}"#),
            format!(r#"POST {path} {{"component_ids":[]}}"#),
            format!("DELETE {path}/c1"),
        ];
        assert_eq!(stage.sent().await, expected);
    }
}

#[tokio::test]
async fn metrics_follow_the_same_rules() {
    let stage = Stage::new().await;
    let path = format!("{VIEWER}/metrics");
    stage.answers("PUT", &path, 200, &json!({})).await;
    stage.answers("POST", &path, 201, &json!({})).await;
    stage
        .answers("DELETE", &format!("{path}/m1"), 200, &json!({}))
        .await;
    stage.answers("GET", &path, 200, &fixture("metrics")).await;
    let (intent, statuspage, cx, m1) = (
        stage.intent().await,
        &stage.statuspage,
        &stage.cx,
        MetricId::parse("m1").unwrap(),
    );
    let ids = [m1.clone()];
    statuspage
        .add_metrics(cx, &intent, &page(), &viewer(), &ids)
        .await
        .unwrap();
    statuspage
        .replace_metrics(cx, &intent, &page(), &viewer(), &ids)
        .await
        .unwrap();
    statuspage
        .remove_metric(cx, &intent, &page(), &viewer(), &m1)
        .await
        .unwrap();
    let metrics = statuspage
        .metrics_of(&page(), &viewer())
        .rest(cx)
        .await
        .unwrap();
    assert_eq!(
        (metrics[0].name.as_deref(), metrics[0].suffix.as_deref()),
        (Some("Latency"), Some("ms"))
    );
    assert_eq!(metrics[1].name, None);
    let expected = [
        format!(r#"PUT {path} {{"metric_ids":["m1"]}}"#),
        format!(r#"POST {path} {{"metric_ids":["m1"]}}"#),
        format!("DELETE {path}/m1"),
        format!("GET {path}?page=1&per_page=100"),
    ];
    assert_eq!(stage.sent().await, expected);
}

#[tokio::test]
async fn adding_nothing_sends_nothing() {
    let stage = Stage::new().await;
    let intent = stage.intent().await;
    let (holder, _) = &holders()[0];
    stage
        .statuspage
        .add_components(&stage.cx, &intent, &page(), holder, &[])
        .await
        .unwrap();
    stage
        .statuspage
        .add_metrics(&stage.cx, &intent, &page(), &viewer(), &[])
        .await
        .unwrap();
    assert_eq!(stage.sent().await, Vec::<String>::new());
}

#[tokio::test]
async fn components_are_listed_for_a_viewer_a_group_and_a_page_always_paged() {
    let stage = Stage::new().await;
    let whole = "/pages/pgalpha00001/components".to_owned();
    let [(viewer, of_viewer), (group, of_group)] = holders();
    for path in [&whole, &of_viewer, &of_group] {
        stage
            .answers("GET", path, 200, &fixture("components"))
            .await;
    }
    let components = stage
        .statuspage
        .components(&page())
        .rest(&stage.cx)
        .await
        .unwrap();
    assert!(components[0].is_group);
    assert_eq!(components[1].group_id, Some(component("cmpgrp")));
    assert_eq!(components[1].status.as_deref(), Some("major_outage"));
    assert_eq!(
        (&components[2].group_id, &components[2].status),
        (&None, &None)
    );
    for holder in [viewer, group] {
        assert_eq!(
            stage
                .statuspage
                .components_of(&page(), &holder)
                .rest(&stage.cx)
                .await
                .unwrap(),
            components
        );
    }
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 3);
    assert!(
        sent.iter()
            .all(|sent| sent.ends_with("?page=1&per_page=100")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn what_is_not_there_under_a_page_is_the_page_and_under_a_holder_is_not() {
    let stage = Stage::new().await;
    let whole = "/pages/pgalpha00001/components".to_owned();
    let [(viewer, of_viewer), (group, of_group)] = holders();
    let gone = json!({"error": "not found"});
    for path in [&whole, &of_viewer, &of_group] {
        stage.answers("GET", path, 404, &gone).await;
    }
    let words = async |mut list: Scan<Component>| {
        let error = list.rest(&stage.cx).await.unwrap_err();
        assert!(error.is_not_found());
        error.to_string()
    };
    let page_words = words(stage.statuspage.components(&page())).await;
    assert!(page_words.contains("`list_pages`"), "{page_words}");
    for holder in [viewer, group] {
        let its_words = words(stage.statuspage.components_of(&page(), &holder)).await;
        assert!(!its_words.contains("list_pages"), "{its_words}");
    }
}
