//! Organization users, and who is let in.

use serde_json::json;
use status_roster::sandbox::{Accounts, Settings, known, start};

use super::wire::{ask, roomy, send, walk};

const USERS: &str = "/v1/organizations/exampleorg01/users";

fn somebody(email: &str) -> serde_json::Value {
    json!({ "user": { "email": email, "password": "a long one", "first_name": "New", "last_name": "Person" } })
}

#[tokio::test]
async fn the_team_is_the_same_for_the_same_seed() {
    let (one, other) = (roomy().await, roomy().await);
    let team = walk(&one, USERS).await;
    assert_eq!(team.len(), 250);
    assert_eq!(team, walk(&other, USERS).await);
    assert_eq!(
        team.iter()
            .filter(|user| user["email"] == known::JANE)
            .count(),
        1
    );
    assert!(team.iter().any(|user| user["first_name"].is_null()));
}

#[tokio::test]
async fn a_team_member_is_created_once_and_deleted_once() {
    let sandbox = roomy().await;
    let created = ask(&sandbox, "POST", USERS, Some(somebody("new@example.com"))).await;
    assert_eq!(
        (created.status, created.json()["email"].as_str()),
        (201, Some("new@example.com"))
    );
    let again = ask(&sandbox, "POST", USERS, Some(somebody("NEW@example.com"))).await;
    assert_eq!(
        (again.status, again.json()),
        (
            422,
            json!({ "error": { "email": ["has already been taken"] } })
        )
    );
    let missing = ask(
        &sandbox,
        "POST",
        USERS,
        Some(json!({ "user": { "email": "x@example.com" } })),
    )
    .await;
    assert_eq!(missing.status, 422);
    let at = format!("{USERS}/{}.json", created.json()["id"].as_str().unwrap());
    let deleted = ask(&sandbox, "DELETE", &at, None).await;
    assert_eq!(
        (deleted.status, deleted.json()["email"].as_str()),
        (200, Some("new@example.com"))
    );
    assert_eq!(ask(&sandbox, "DELETE", &at, None).await.status, 404);
    let owner = ask(
        &sandbox,
        "DELETE",
        &format!("{USERS}/{}", known::OWNER_USER),
        None,
    )
    .await;
    assert_eq!(owner.status, 403);
    let writes = sandbox.report().writes;
    assert_eq!(
        (writes["user_created"], writes["user_deleted"], writes.len()),
        (1, 1, 2)
    );
}

#[tokio::test]
async fn a_form_does_what_json_does() {
    let sandbox = roomy().await;
    let auth = format!("oauth {}", sandbox.api_key);
    let headers = [
        ("authorization", auth.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let form = "user[email]=form%2Bed%40example.com&user[password]=p&user[first_name]=A+B&user%5Blast_name%5D=C";
    let created = send(&sandbox, "POST", USERS, &headers, form).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.json()["email"], "form+ed@example.com");
    assert_eq!(created.json()["first_name"], "A B");
    let mismatched = send(
        &sandbox,
        "POST",
        USERS,
        &[headers[0], ("content-type", "text/plain")],
        form,
    )
    .await;
    assert_eq!(mismatched.status, 400);
}

#[tokio::test]
async fn only_the_right_header_is_let_in() {
    let sandbox = roomy().await;
    let key = sandbox.api_key.clone();
    for (headers, target) in [
        (vec![], USERS.to_owned()),
        (
            vec![("authorization", format!("Bearer {key}"))],
            USERS.to_owned(),
        ),
        (
            vec![("authorization", "OAuth wrong".to_owned())],
            USERS.to_owned(),
        ),
        (vec![], format!("{USERS}?api_key={key}")),
        (
            vec![("authorization", format!("OAuth {key}"))],
            format!("{USERS}?api_key={key}"),
        ),
    ] {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let reply = send(&sandbox, "GET", &target, &headers, "").await;
        assert_eq!(
            (reply.status, reply.json()),
            (401, json!({ "error": "Could not authenticate" })),
            "{target}"
        );
    }
    assert_eq!(sandbox.report().unauthenticated, 5);
}

#[tokio::test]
async fn an_organization_on_atlassian_accounts_refuses_changes_and_may_refuse_the_list() {
    for (accounts, list) in [
        (Accounts::Atlassian, 200),
        (Accounts::AtlassianWithoutList, 403),
    ] {
        let sandbox = start(Settings {
            accounts,
            ..Settings::default()
        })
        .await
        .unwrap();
        assert_eq!(
            ask(
                &sandbox,
                "GET",
                &format!("{USERS}?page=1&per_page=100"),
                None
            )
            .await
            .status,
            list
        );
        assert_eq!(
            ask(&sandbox, "POST", USERS, Some(somebody("new@example.com")))
                .await
                .status,
            403
        );
        assert_eq!(
            ask(
                &sandbox,
                "DELETE",
                &format!("{USERS}/{}", known::JANE_USER),
                None
            )
            .await
            .status,
            403
        );
        assert_eq!(ask(&sandbox, "GET", "/v1/pages", None).await.status, 200);
        assert!(sandbox.report().writes.is_empty());
    }
}

#[tokio::test]
async fn a_full_team_takes_nobody_in() {
    let sandbox = start(Settings {
        seats: 250,
        ..Settings::default()
    })
    .await
    .unwrap();
    let reply = ask(&sandbox, "POST", USERS, Some(somebody("new@example.com"))).await;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("maximum number of team members"));
}
