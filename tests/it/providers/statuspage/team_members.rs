//! Team members: listed, made, deleted.

use serde_json::json;
use status_roster::{
    providers::{ProviderError, statuspage::NewTeamMember},
    roster::{Email, Level, System, UserId},
    upstream::Stopped,
};

use super::super::support::{Stage, fixture};

const USERS: &str = "/organizations/org7w2kd9/users";

fn jane() -> NewTeamMember {
    NewTeamMember {
        email: Email::parse("Jane.Doe@example.com").unwrap(),
        first_name: Some("Jane".to_owned()),
        last_name: None,
    }
}

#[tokio::test]
async fn a_team_member_is_read_with_what_is_there_and_nothing_else() {
    let stage = Stage::new().await;
    stage.answers("GET", USERS, 200, &fixture("users")).await;
    let mut scan = stage.statuspage.team_members();
    let batch = scan.next(&stage.cx).await.unwrap().unwrap();
    assert!(scan.next(&stage.cx).await.is_none());
    assert!(scan.progress().complete);
    assert_eq!(scan.progress().stopped, Some(Stopped::ShortPage));
    assert_eq!(
        stage.sent().await,
        [format!("GET {USERS}?page=1&per_page=100")]
    );

    let [jane, ops, mallory] = &batch.records[..] else {
        panic!("three people")
    };
    assert_eq!(jane.system, System::Statuspage);
    assert_eq!(jane.user_id().unwrap().as_str(), "4mxq0rt81zpk");
    assert_eq!(
        jane.email.as_ref().unwrap().as_str(),
        "Jane.Doe@example.com"
    );
    assert_eq!(
        jane.active_date.unwrap().to_string(),
        "2023-02-11T08:15:30.123Z"
    );
    assert_eq!(jane.updated_at.unwrap().to_string(), "2024-05-01T10:00:00Z");
    assert_eq!(
        (jane.scope.level, jane.scope.id.as_ref().unwrap().as_str()),
        (Level::Organization, "org7w2kd9")
    );
    assert!(
        jane.roles.is_none()
            && jane.groups.is_none()
            && jane.status.is_none()
            && !jane.text_altered
    );
    assert_eq!(jane.provenance.as_of, batch.as_of);

    assert_eq!((&ops.first_name, &ops.last_name), (&None, &None));
    assert_eq!(ops.active_date.unwrap().to_string(), "2021-07-04T00:00:00Z");
    assert_eq!(ops.updated_at, None, "`yesterday` is no time");

    assert_eq!(mallory.email, None);
    assert_eq!(
        mallory.email_invalid.as_deref(),
        Some("mallory@example.com")
    );
    assert_eq!(mallory.first_name.as_deref(), Some("Mallory"));
    assert_eq!(mallory.last_name.as_deref(), Some("42"));
    assert!(mallory.text_altered);
}

#[tokio::test]
async fn a_time_without_a_zone_is_no_time_and_a_date_begins_in_utc() {
    let stage = Stage::new().await;
    let row = json!([{
        "id": "u1", "email": "u1@x.com",
        "created_at": "2024-05-01T23:30:00", "updated_at": "2024-05-01"
    }]);
    stage.answers("GET", USERS, 200, &row).await;
    let mut scan = stage.statuspage.team_members();
    let people = scan.rest(&stage.cx).await.unwrap();
    assert_eq!(people[0].active_date, None);
    let updated = people[0].updated_at.unwrap().to_string();
    assert_eq!(updated, "2024-05-01T00:00:00Z");
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_counted_and_the_list_is_not_complete() {
    let stage = Stage::new().await;
    stage
        .answers("GET", USERS, 200, &fixture("users_with_broken_rows"))
        .await;
    let mut scan = stage.statuspage.team_members();
    let people = scan.rest(&stage.cx).await.unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(scan.progress().unreadable, 4);
    assert!(!scan.progress().complete);
    let described = scan.progress().unreadable_at.join("\n");
    assert!(!described.contains("slash@example.com"), "{described}");
}

#[tokio::test]
async fn an_unfinished_scan_goes_on_where_it_stopped() {
    let stage = Stage::new().await;
    let hundred: Vec<_> = (0..100)
        .map(|n| json!({ "id": format!("u{n}"), "email": format!("u{n}@x.com") }))
        .collect();
    stage.answers("GET", USERS, 200, &json!(hundred)).await;
    let mut scan = stage.statuspage.team_members();
    let first = scan.next(&stage.cx).await.unwrap().unwrap();
    assert_eq!(first.records.len(), 100);
    stage.cx.cancel.cancel();
    assert!(scan.next(&stage.cx).await.unwrap().is_err());
    assert!(!scan.progress().complete);
    let sent = stage.sent().await.len();
    let again = status_roster::upstream::Cx::bulk(tokio_util::sync::CancellationToken::new());
    scan.next(&again).await.unwrap().unwrap();
    let sent_then = stage.sent().await;
    assert_eq!(
        (sent, sent_then.len()),
        (1, 2),
        "nothing was sent after the cancellation, and no page twice"
    );
    assert!(sent_then[1].ends_with("page=2&per_page=100"));
    assert_eq!(scan.progress().stopped, Some(Stopped::ServerIgnoredPage));
}

#[tokio::test]
async fn a_new_team_member_gets_a_password_that_nobody_learns() {
    let stage = Stage::new().await;
    stage
        .answers("POST", USERS, 201, &json!({ "id": "new1" }))
        .await;
    let intent = stage.intent().await;
    stage
        .statuspage
        .create_team_member(&stage.cx, &intent, &jane())
        .await
        .unwrap();
    let body = stage.only_body().await;
    let password = body["user"]["password"].as_str().unwrap();
    assert_eq!(password.chars().count(), 32);
    assert!(
        password.chars().any(|c| c.is_ascii_digit())
            && password.chars().any(|c| c.is_ascii_uppercase())
    );
    assert_eq!(
        body,
        json!({ "user": { "email": "Jane.Doe@example.com", "first_name": "Jane", "password": password } }),
        "a name that is not given is not sent"
    );
}

#[tokio::test]
async fn no_two_passwords_are_the_same() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let stage = Stage::new().await;
        stage.answers_nothing("POST", USERS, 201).await;
        let intent = stage.intent().await;
        stage
            .statuspage
            .create_team_member(&stage.cx, &intent, &jane())
            .await
            .unwrap();
        seen.insert(stage.only_body().await["user"]["password"].to_string());
    }
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_apart_from_a_refusal() {
    for (status, body) in [
        (
            422,
            json!({ "error": { "email": ["has already been taken"] } }),
        ),
        (409, json!({ "error": "conflict" })),
        (422, json!({ "error": "Email has already been taken" })),
        (400, json!({ "error": { "user.email": "exists" } })),
    ] {
        let stage = Stage::new().await;
        stage.answers("POST", USERS, status, &body).await;
        let intent = stage.intent().await;
        let error = stage
            .statuspage
            .create_team_member(&stage.cx, &intent, &jane())
            .await
            .unwrap_err();
        assert_eq!(
            error,
            ProviderError::AlreadyExists {
                what: "team member",
                name: jane().email.to_string()
            },
            "{body}"
        );
        assert_eq!(
            stage.sent().await.len(),
            1,
            "nothing was probed and nothing sent again"
        );
    }
}

#[tokio::test]
async fn a_team_member_is_deleted_by_id_and_without_a_body() {
    let stage = Stage::new().await;
    stage
        .answers(
            "DELETE",
            "/organizations/org7w2kd9/users/4mxq0rt81zpk",
            200,
            &json!({ "id": "4mxq0rt81zpk" }),
        )
        .await;
    let intent = stage.intent().await;
    let user = UserId::parse("4mxq0rt81zpk").unwrap();
    stage
        .statuspage
        .delete_team_member(&stage.cx, &intent, &user)
        .await
        .unwrap();
    let gone = UserId::parse("gone").unwrap();
    let error = stage
        .statuspage
        .delete_team_member(&stage.cx, &intent, &gone)
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(
        stage.sent().await,
        [
            format!("DELETE {USERS}/4mxq0rt81zpk"),
            format!("DELETE {USERS}/gone")
        ]
    );
}
