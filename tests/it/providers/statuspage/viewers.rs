//! Page access users: listed, found by address, made, changed, deleted.

use serde_json::json;
use status_roster::{
    providers::{
        ProviderError,
        statuspage::{NewViewer, SignIn, ViewerChange},
    },
    roster::{Email, GroupId, Kind, ViewerId},
};

use super::super::support::{Stage, fixture, page};

const VIEWERS: &str = "/pages/pgalpha00001/page_access_users";

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn group(id: &str) -> GroupId {
    GroupId::parse(id).unwrap()
}

fn viewer() -> ViewerId {
    ViewerId::parse("vw1abc").unwrap()
}

fn person() -> NewViewer {
    NewViewer {
        sign_in: SignIn {
            email: Some(email("new+1@client.example")),
            external_login: None,
        },
        group_ids: vec![],
        subscribe: false,
    }
}

#[tokio::test]
async fn groups_are_read_in_every_form_and_not_said_is_not_none() {
    let stage = Stage::new().await;
    stage
        .answers("GET", VIEWERS, 200, &fixture("viewers"))
        .await;
    let viewers = stage
        .statuspage
        .viewers(&page())
        .rest(&stage.cx)
        .await
        .unwrap();
    let groups: Vec<_> = viewers.iter().map(|viewer| viewer.groups.clone()).collect();
    let expected = [
        Some(vec![group("grpgold"), group("grpsilver")]),
        Some(vec![]),
        Some(vec![group("grpgold")]),
        None,
        None,
        // Only the leftover that names one group of several: that is not the list.
        None,
    ];
    assert_eq!(groups, expected);
    let first = &viewers[0];
    assert_eq!(first.kind, Kind::PageAccessUser);
    assert_eq!(first.page_id(), Some(page()));
    assert_eq!(first.external_id.as_deref(), Some("uid-77"));
    assert_eq!(
        first.updated_at.unwrap().to_string(),
        "2024-01-02T10:04:05.678901Z"
    );
    assert_eq!(viewers[5].email, None);
    assert_eq!(
        stage.sent().await,
        [format!("GET {VIEWERS}?page=1&per_page=100")]
    );
}

#[tokio::test]
async fn an_address_is_searched_encoded_and_compared_again() {
    let stage = Stage::new().await;
    stage
        .answers("GET", VIEWERS, 200, &fixture("viewers"))
        .await;
    let asked = email("customer+one@CLIENT.example");
    let mut scan = stage.statuspage.viewers_by(&page(), &asked, asked.as_str());
    let found = scan.rest(&stage.cx).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].viewer_id(), Some(viewer()));
    assert_eq!(scan.progress().rows, 6, "what was left out is counted");
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].contains("email=customer%2Bone%40CLIENT.example"),
        "{sent:?}"
    );
    assert!(sent[0].ends_with("page=1&per_page=100"), "{sent:?}");
}

#[tokio::test]
async fn a_new_viewer_is_sent_with_what_was_given_only() {
    let stage = Stage::new().await;
    stage.answers_nothing("POST", VIEWERS, 200).await;
    let intent = stage.intent().await;
    stage
        .statuspage
        .create_viewer(&stage.cx, &intent, &page(), &person())
        .await
        .unwrap();
    assert_eq!(
        stage.only_body().await,
        json!({ "page_access_user": { "email": "new+1@client.example" } })
    );

    let stage = Stage::new().await;
    stage
        .answers("POST", VIEWERS, 201, &json!({ "id": "unreadable/id" }))
        .await;
    let intent = stage.intent().await;
    let whole = NewViewer {
        sign_in: SignIn {
            external_login: Some("uid".to_owned()),
            ..person().sign_in
        },
        group_ids: vec![group("grpgold")],
        subscribe: true,
    };
    stage
        .statuspage
        .create_viewer(&stage.cx, &intent, &page(), &whole)
        .await
        .unwrap();
    let expected = json!({ "page_access_user": {
        "email": "new+1@client.example", "external_login": "uid", "page_access_group_ids": ["grpgold"],
        "subscribe_to_components": true,
    } });
    assert_eq!(stage.only_body().await, expected);
}

#[tokio::test]
async fn a_viewer_who_is_there_is_told_apart_from_what_is_invalid() {
    let stage = Stage::new().await;
    stage
        .answers("POST", VIEWERS, 409, &json!({ "error": "conflict" }))
        .await;
    let intent = stage.intent().await;
    let error = stage
        .statuspage
        .create_viewer(&stage.cx, &intent, &page(), &person())
        .await
        .unwrap_err();
    assert_eq!(
        error,
        ProviderError::AlreadyExists {
            what: "page access user",
            name: person().sign_in.to_string()
        }
    );

    let stage = Stage::new().await;
    stage
        .answers(
            "POST",
            VIEWERS,
            422,
            &json!({ "error": { "external_login": ["has already been taken"] } }),
        )
        .await;
    let intent = stage.intent().await;
    let error = stage
        .statuspage
        .create_viewer(&stage.cx, &intent, &page(), &person())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::Upstream(_)),
        "another person has that login: {error}"
    );
    assert_eq!(stage.sent().await.len(), 1);
}

#[tokio::test]
async fn a_change_sends_what_changes_and_an_empty_list_clears() {
    let stage = Stage::new().await;
    stage
        .answers("PUT", &format!("{VIEWERS}/vw1abc"), 200, &json!({}))
        .await;
    let intent = stage.intent().await;
    let change = ViewerChange {
        group_ids: Some(vec![]),
        ..ViewerChange::default()
    };
    stage
        .statuspage
        .update_viewer(&stage.cx, &intent, &page(), &viewer(), &change)
        .await
        .unwrap();
    assert_eq!(
        stage.only_body().await,
        json!({ "page_access_user": { "page_access_group_ids": [] } })
    );
}

#[tokio::test]
async fn a_viewer_is_deleted_by_id_and_a_second_time_is_not_found() {
    let stage = Stage::new().await;
    stage
        .answers_nothing("DELETE", &format!("{VIEWERS}/vw1abc"), 204)
        .await;
    let intent = stage.intent().await;
    stage
        .statuspage
        .delete_viewer(&stage.cx, &intent, &page(), &viewer())
        .await
        .unwrap();
    let gone = ViewerId::parse("gone").unwrap();
    let error = stage
        .statuspage
        .delete_viewer(&stage.cx, &intent, &page(), &gone)
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        stage.sent().await,
        [
            format!("DELETE {VIEWERS}/vw1abc"),
            format!("DELETE {VIEWERS}/gone")
        ]
    );
}

#[tokio::test]
async fn one_viewer_is_asked_for_by_id() {
    let stage = Stage::new().await;
    stage
        .answers(
            "GET",
            &format!("{VIEWERS}/vw1abc"),
            200,
            &fixture("viewers")[0],
        )
        .await;
    let record = stage
        .statuspage
        .viewer(&stage.cx, &page(), &viewer())
        .await
        .unwrap();
    assert!(record.has_email(&email("customer+one@client.example")));
}
