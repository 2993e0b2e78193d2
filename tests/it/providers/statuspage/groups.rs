//! Page access groups.

use serde_json::json;
use status_roster::{
    providers::statuspage::{GroupChange, NewGroup},
    roster::{ComponentId, GroupId, ViewerId},
};

use super::super::support::{Stage, fixture, page};

const GROUPS: &str = "/pages/pgalpha00001/page_access_groups";

fn gold() -> GroupId {
    GroupId::parse("grpgold").unwrap()
}

#[tokio::test]
async fn a_group_is_read_with_its_members_and_not_said_is_not_none() {
    let stage = Stage::new().await;
    stage.answers("GET", GROUPS, 200, &fixture("groups")).await;
    stage
        .answers(
            "GET",
            &format!("{GROUPS}/grpgold"),
            200,
            &fixture("groups")[0],
        )
        .await;
    let groups = stage
        .statuspage
        .groups(&page())
        .rest(&stage.cx)
        .await
        .unwrap();
    let [gold_group, bare] = &groups[..] else {
        panic!("two groups")
    };
    assert_eq!(gold_group.name.as_deref(), Some("Gold customers"));
    assert!(gold_group.text_altered);
    assert_eq!(gold_group.member_ids.as_ref().unwrap().len(), 2);
    assert_eq!(
        gold_group.component_ids,
        Some(vec![ComponentId::parse("cmpapi").unwrap()])
    );
    assert_eq!(gold_group.metric_ids, Some(vec![]));
    assert_eq!(gold_group.external_id.as_deref(), Some("idp-gold"));
    assert_eq!((&bare.member_ids, &bare.component_ids), (&None, &None));
    assert_eq!(
        stage
            .statuspage
            .group(&stage.cx, &page(), &gold())
            .await
            .unwrap(),
        *gold_group
    );
}

#[tokio::test]
async fn a_group_is_made_whole_and_changed_in_part() {
    let stage = Stage::new().await;
    stage
        .answers("POST", GROUPS, 201, &json!({ "id": "grpnew" }))
        .await;
    stage
        .answers("PUT", &format!("{GROUPS}/grpgold"), 200, &json!({}))
        .await;
    stage
        .answers(
            "DELETE",
            &format!("{GROUPS}/grpgold"),
            200,
            &json!({ "id": "grpgold" }),
        )
        .await;
    let intent = stage.intent().await;
    let new = NewGroup {
        name: "New".to_owned(),
        ..NewGroup::default()
    };
    let id = stage
        .statuspage
        .create_group(&stage.cx, &intent, &page(), &new)
        .await
        .unwrap();
    assert_eq!(id, Some(GroupId::parse("grpnew").unwrap()));
    let change = GroupChange {
        member_ids: Some(vec![ViewerId::parse("vw1").unwrap()]),
        ..GroupChange::default()
    };
    stage
        .statuspage
        .update_group(&stage.cx, &intent, &page(), &gold(), &change)
        .await
        .unwrap();
    stage
        .statuspage
        .delete_group(&stage.cx, &intent, &page(), &gold())
        .await
        .unwrap();
    let expected = [
        format!(
            r#"POST {GROUPS} {{"page_access_group":{{"name":"New","page_access_user_ids":[],"component_ids":[],"metric_ids":[]}}}}"#
        ),
        format!(
            r#"PUT {GROUPS}/grpgold {{"page_access_group":{{"page_access_user_ids":["vw1"]}}}}"#
        ),
        format!("DELETE {GROUPS}/grpgold"),
    ];
    assert_eq!(stage.sent().await, expected);
}
