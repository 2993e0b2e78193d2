//! A refused call on team members: a bad key is one thing, an organization on Atlassian accounts another.

use serde_json::json;
use status_roster::{
    providers::{ProviderError, statuspage::NewTeamMember},
    roster::{Email, UserId},
    upstream::Error,
};

use super::super::support::{KEY, Stage};

const USERS: &str = "/organizations/org7w2kd9/users";

fn user() -> UserId {
    UserId::parse("4mxq0rt81zpk").unwrap()
}

fn person() -> NewTeamMember {
    NewTeamMember {
        email: Email::parse("jane@example.com").unwrap(),
        first_name: None,
        last_name: None,
    }
}

#[tokio::test]
async fn a_refusal_with_a_working_key_names_the_right_surface_and_admits_what_is_unclear() {
    for status in [401, 403, 404, 422] {
        let stage = Stage::new().await;
        stage
            .answers("POST", USERS, status, &json!({ "error": "nope" }))
            .await;
        stage.answers("GET", "/pages", 200, &json!([])).await;
        let intent = stage.intent().await;
        let error = stage
            .statuspage
            .create_team_member(&stage.cx, &intent, &person())
            .await
            .unwrap_err();
        let ProviderError::AtlassianAccounts(refusal) = &error else {
            panic!("{error}")
        };
        assert!(!refusal.certain);
        let words = error.to_string();
        assert!(words.contains("admin.atlassian.com"), "{words}");
        assert!(words.contains("so it is a working key"), "{words}");
        assert!(words.contains("does not tell the cause"), "{words}");
        assert!(!words.contains(KEY));
        assert_eq!(stage.sent().await.len(), 2, "one probe, and the POST once");
        assert_eq!(stage.sent().await[1], "GET /pages");
    }
}

#[tokio::test]
async fn an_answer_that_names_atlassian_accounts_is_certain() {
    let stage = Stage::new().await;
    let says = json!({ "error": "Not available for organizations using Atlassian accounts" });
    stage
        .answers(
            "DELETE",
            "/organizations/org7w2kd9/users/4mxq0rt81zpk",
            422,
            &says,
        )
        .await;
    stage.answers("GET", "/pages", 200, &json!([])).await;
    let intent = stage.intent().await;
    let error = stage
        .statuspage
        .delete_team_member(&stage.cx, &intent, &user())
        .await
        .unwrap_err();
    let ProviderError::AtlassianAccounts(refusal) = &error else {
        panic!("{error}")
    };
    assert!(refusal.certain);
    assert!(
        error
            .to_string()
            .contains("The organization uses Atlassian accounts"),
        "{error}"
    );
}

#[tokio::test]
async fn a_bad_key_stays_a_bad_key() {
    let stage = Stage::new().await;
    let body = json!({ "error": "Could not authenticate" });
    stage.answers("GET", USERS, 401, &body).await;
    stage.answers("GET", "/pages", 401, &body).await;
    let error = stage
        .statuspage
        .team_members()
        .next(&stage.cx)
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::Upstream(Error::BadCredential { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn a_probe_that_fails_for_another_reason_proves_nothing() {
    let stage = Stage::new().await;
    stage
        .answers("GET", USERS, 403, &json!({ "error": "no" }))
        .await;
    stage.answers_nothing("GET", "/pages", 503).await;
    let error = stage
        .statuspage
        .team_members()
        .next(&stage.cx)
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::Upstream(Error::Forbidden { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn page_roles_are_sent_to_statuspages_own_team_page() {
    let stage = Stage::new().await;
    stage
        .answers(
            "GET",
            "/organizations/org7w2kd9/permissions/4mxq0rt81zpk",
            403,
            &json!({}),
        )
        .await;
    stage.answers("GET", "/pages", 200, &json!([])).await;
    let error = stage
        .statuspage
        .permissions(&stage.cx, &user())
        .await
        .unwrap_err();
    let ProviderError::AtlassianAccounts(refusal) = &error else {
        panic!("{error}")
    };
    assert!(refusal.surface.contains("Team members"), "{error}");
    assert!(!refusal.surface.contains("admin.atlassian.com"), "{error}");
}

#[tokio::test]
async fn what_has_its_everyday_meaning_is_not_probed() {
    let stage = Stage::new().await;
    stage
        .answers(
            "POST",
            USERS,
            422,
            &json!({ "error": { "first_name": ["is too long"] } }),
        )
        .await;
    let intent = stage.intent().await;
    let error = stage
        .statuspage
        .create_team_member(&stage.cx, &intent, &person())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::Upstream(Error::Invalid { .. })),
        "{error}"
    );
    let error = stage
        .statuspage
        .permissions(&stage.cx, &user())
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert!(
        stage
            .sent()
            .await
            .iter()
            .all(|sent| !sent.contains("/pages"))
    );
}
