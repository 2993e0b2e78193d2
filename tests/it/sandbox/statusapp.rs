//! The StatusApp team: what each role may do, and what nobody may.

use serde_json::{Value, json};
use status_roster::sandbox::{Running, Settings, StatusApp, TeamLists, known, start};

use super::wire::{Reply, roomy, send};

const OWNER: &str = "sandbox-statusapp-owner-key";
const ADMIN: &str = "sandbox-statusapp-admin-key";
const VIEWER: &str = "sandbox-statusapp-viewer-key";

async fn as_(key: &str, to: &Running, method: &str, path: &str, body: Option<Value>) -> Reply {
    let headers = [("x-api-key", key), ("content-type", "application/json")];
    let target = format!("/statusapp/api/v1{path}");
    send(
        to,
        method,
        &target,
        &headers,
        &body.map_or_else(String::new, |body| body.to_string()),
    )
    .await
}

fn said(reply: &Reply) -> (u16, String) {
    (
        reply.status,
        reply.json()["code"].as_str().unwrap_or_default().to_owned(),
    )
}

fn owner_of(members: &Value, but: &str) -> String {
    let owners = members["members"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|member| member["role"] == "OWNER");
    owners
        .map(|member| member["id"].as_str().unwrap().to_owned())
        .find(|id| id != but)
        .unwrap()
}

#[tokio::test]
async fn each_role_may_do_what_the_matrix_says() {
    let new = || Some(json!({ "email": "new@example.com", "role": "MEMBER" }));
    let promoted = || Some(json!({ "role": "ADMIN" }));
    let jane = format!("/team/members/{}", known::JANE_MEMBER);
    for (key, list, invite, set_role, remove) in [
        (OWNER, 200, 201, 200, 200),
        (ADMIN, 200, 201, 403, 200),
        (VIEWER, 200, 403, 403, 403),
    ] {
        let sandbox = roomy().await;
        assert_eq!(
            as_(key, &sandbox, "GET", "/team/members", None)
                .await
                .status,
            list,
            "{key}"
        );
        assert_eq!(
            as_(key, &sandbox, "GET", "/team/invitations", None)
                .await
                .status,
            list,
            "{key}"
        );
        assert_eq!(
            as_(key, &sandbox, "POST", "/team/members", new())
                .await
                .status,
            invite,
            "{key}"
        );
        assert_eq!(
            as_(key, &sandbox, "PUT", &jane, promoted()).await.status,
            set_role,
            "{key}"
        );
        assert_eq!(
            as_(key, &sandbox, "DELETE", &jane, None).await.status,
            remove,
            "{key}"
        );
    }
}

#[tokio::test]
async fn there_is_always_an_owner() {
    let sandbox = roomy().await;
    let members = as_(OWNER, &sandbox, "GET", "/team/members", None)
        .await
        .json();
    let second = format!("/team/members/{}", owner_of(&members, known::OWNER_MEMBER));
    let first = format!("/team/members/{}", known::OWNER_MEMBER);
    assert_eq!(
        said(&as_(ADMIN, &sandbox, "DELETE", &second, None).await),
        (403, "FORBIDDEN".to_owned())
    );
    let demoted = as_(
        OWNER,
        &sandbox,
        "PUT",
        &second,
        Some(json!({ "role": "VIEWER" })),
    )
    .await;
    assert_eq!(demoted.json()["member"]["role"], "VIEWER");
    assert_eq!(
        said(
            &as_(
                OWNER,
                &sandbox,
                "PUT",
                &first,
                Some(json!({ "role": "ADMIN" }))
            )
            .await
        ),
        (400, "BAD_REQUEST".to_owned())
    );
    assert_eq!(
        said(&as_(OWNER, &sandbox, "DELETE", &first, None).await),
        (400, "BAD_REQUEST".to_owned())
    );
    let writes = sandbox.report().writes;
    assert_eq!((writes["member_role_set"], writes.len()), (1, 1));
}

#[tokio::test]
async fn an_invitation_is_sent_once_and_takes_a_seat() {
    let settings = StatusApp {
        seats: 21,
        ..Settings::default().statusapp
    };
    let sandbox = start(Settings {
        statusapp: settings,
        ..Settings::default()
    })
    .await
    .unwrap();
    let invite = |email: &str| Some(json!({ "email": email, "name": "New", "role": "VIEWER" }));
    let sent = as_(
        OWNER,
        &sandbox,
        "POST",
        "/team/members",
        invite("a@example.com"),
    )
    .await;
    assert_eq!(
        (sent.status, sent.json()["invitation"]["status"].clone()),
        (201, json!("PENDING"))
    );
    assert_eq!(
        as_(
            OWNER,
            &sandbox,
            "POST",
            "/team/members",
            invite("A@example.com")
        )
        .await
        .status,
        400
    );
    assert_eq!(
        as_(
            OWNER,
            &sandbox,
            "POST",
            "/team/members",
            invite(known::JANE)
        )
        .await
        .status,
        400
    );
    assert_eq!(
        said(
            &as_(
                OWNER,
                &sandbox,
                "POST",
                "/team/members",
                invite("b@example.com")
            )
            .await
        ),
        (403, "FORBIDDEN".to_owned())
    );
    let mails: Vec<_> = sandbox
        .report()
        .mails
        .iter()
        .map(|mail| mail.to.clone())
        .collect();
    assert_eq!(mails, ["a@example.com"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_a_list() {
    let sandbox = roomy().await;
    for (body, path) in [
        (json!({ "role": "MEMBER" }), "email"),
        (json!({ "email": "nowhere", "role": "MEMBER" }), "email"),
        (json!({ "email": "a@example.com" }), "role"),
        (json!({ "email": "a@example.com", "role": "KING" }), "role"),
    ] {
        let refused = as_(OWNER, &sandbox, "POST", "/team/members", Some(body)).await;
        assert_eq!(
            (refused.status, &refused.json()["error"][0]["path"][0]),
            (400, &json!(path))
        );
    }
    let owner = Some(json!({ "email": "a@example.com", "role": "OWNER" }));
    assert_eq!(
        as_(ADMIN, &sandbox, "POST", "/team/members", owner)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn every_answer_tells_the_limit_and_the_hour_ends_it() {
    let settings = StatusApp {
        requests_per_hour: 2,
        ..Settings::default().statusapp
    };
    let sandbox = start(Settings {
        statusapp: settings,
        ..Settings::default()
    })
    .await
    .unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let reply = as_(OWNER, &sandbox, "GET", "/team/members/nobody", None).await;
        assert!(
            reply
                .header("x-ratelimit-reset")
                .unwrap()
                .parse::<i64>()
                .unwrap()
                > 0
        );
        assert_eq!(reply.header("retry-after"), None);
        seen.push((
            said(&reply).1,
            reply.header("x-ratelimit-remaining").unwrap(),
        ));
    }
    let seen: Vec<_> = seen
        .iter()
        .map(|(code, left)| (code.as_str(), left.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("NOT_FOUND", "1"),
            ("NOT_FOUND", "0"),
            ("RATE_LIMIT_EXCEEDED", "0")
        ]
    );
    assert_eq!(
        (sandbox.report().rejected, sandbox.report().most_in_window),
        (1, 0)
    );
}

#[tokio::test]
async fn invitations_that_nobody_cleaned_up_are_listed_with_their_state() {
    let sandbox = roomy().await;
    let rows = as_(OWNER, &sandbox, "GET", "/team/invitations", None)
        .await
        .json();
    let states: Vec<_> = rows["invitations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].clone())
        .collect();
    assert_eq!(
        states,
        ["PENDING", "PENDING", "EXPIRED", "EXPIRED", "REVOKED"]
    );
}

#[tokio::test]
async fn the_list_can_be_cut_into_pages() {
    let settings = StatusApp {
        members: 60,
        lists: TeamLists::Paged,
        ..Settings::default().statusapp
    };
    let sandbox = start(Settings {
        statusapp: settings,
        ..Settings::default()
    })
    .await
    .unwrap();
    let first = as_(OWNER, &sandbox, "GET", "/team/members", None)
        .await
        .json();
    let second = as_(OWNER, &sandbox, "GET", "/team/members?page=2", None)
        .await
        .json();
    let count = |page: &Value| page["members"].as_array().unwrap().len();
    assert_eq!(
        (
            count(&first),
            count(&second),
            &first["pagination"]["totalPages"]
        ),
        (50, 10, &json!(2))
    );
}

#[tokio::test]
async fn each_system_knows_its_own_key_only() {
    let sandbox = roomy().await;
    assert_eq!(
        said(&as_(&sandbox.api_key, &sandbox, "GET", "/team/members", None).await),
        (401, "UNAUTHORIZED".to_owned())
    );
    let bearer = format!("Bearer {OWNER}");
    let reply = send(
        &sandbox,
        "GET",
        "/statusapp/api/v1/team/members",
        &[("authorization", &bearer)],
        "",
    )
    .await;
    assert_eq!(reply.status, 200);
    let theirs = send(
        &sandbox,
        "GET",
        "/v1/pages",
        &[("authorization", &format!("OAuth {OWNER}"))],
        "",
    )
    .await;
    assert_eq!(theirs.status, 401);
    let by_system = sandbox.report().by_system;
    assert_eq!((by_system["statusapp"], by_system["statuspage"]), (2, 1));
}
