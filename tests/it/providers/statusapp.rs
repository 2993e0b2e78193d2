//! StatusApp's team API, of which half is not documented: read in every shape that it may have.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::providers::ProviderError;
use status_roster::providers::statusapp::{NewMember, Seats, StatusApp};
use status_roster::roster::{Email, Kind, Level, MemberId, Status, System, TeamRole};
use status_roster::secret::Secret;
use status_roster::upstream::{Credential, Error, Stopped};
use wiremock::ResponseTemplate;

use super::played::{KEY, Played, fixture};

struct Stage {
    played: Played,
    statusapp: StatusApp,
}

impl Stage {
    async fn new() -> Self {
        let played = Played::new().await;
        let client = played.client("statusapp", Credential::ApiKey(Secret::new(KEY)));
        let statusapp = StatusApp::new(client, Clock::system());
        Self { played, statusapp }
    }

    async fn sent(&self) -> Vec<String> {
        self.played.sent("x-api-key", KEY).await
    }
}

fn members(count: usize, pagination: Option<Value>) -> Value {
    let rows: Vec<Value> = (0..count)
        .map(|n| json!({"id": format!("tm_{n}"), "email": format!("u{n}@example.com"), "role": "MEMBER"}))
        .collect();
    let mut body = json!({"members": rows});
    if let Some(pagination) = pagination {
        body["pagination"] = pagination;
    }
    body
}

#[tokio::test]
async fn a_member_is_read_with_what_is_there_and_nothing_else() {
    let stage = Stage::new().await;
    stage
        .played
        .answers("GET", "/team/members", 200, &fixture("statusapp/members"))
        .await;
    let mut scan = stage.statusapp.members();
    let team = scan.rest(&stage.played.cx).await.unwrap();
    assert!(scan.progress().complete);
    assert_eq!(stage.sent().await, ["GET /team/members?page=1&limit=100"]);
    let [olivia, new, odd] = &team[..] else {
        panic!("three members")
    };
    assert_eq!(
        (olivia.system, olivia.kind),
        (System::Statusapp, Kind::TeamMember)
    );
    assert_eq!(
        (olivia.team_role(), olivia.status),
        (Some(TeamRole::Owner), Some(Status::Active))
    );
    assert_eq!(
        olivia.active_date.unwrap().to_string(),
        "2024-01-15T10:30:00Z"
    );
    assert_eq!((olivia.scope.level, &olivia.scope.id), (Level::Team, &None));
    assert_eq!(olivia.display_name.as_deref(), Some("Olivia Owner"));
    assert_eq!(
        (new.status, &new.display_name),
        (Some(Status::Invited), &None)
    );
    assert_eq!(
        odd.roles.as_deref(),
        Some(&["INCIDENT_LEAD".into()][..]),
        "a role of the customer's own"
    );
    assert_eq!((odd.team_role(), odd.status), (None, None));
    assert!(odd.email.is_none() && odd.email_invalid.is_some() && odd.text_altered);
}

#[tokio::test]
async fn invitations_are_read_in_their_four_states() {
    let stage = Stage::new().await;
    stage
        .played
        .answers(
            "GET",
            "/team/invitations",
            200,
            &fixture("statusapp/invitations"),
        )
        .await;
    let all = stage
        .statusapp
        .invitations()
        .rest(&stage.played.cx)
        .await
        .unwrap();
    let states: Vec<_> = all.iter().map(|it| it.record.status.unwrap()).collect();
    assert_eq!(
        states,
        [
            Status::Invited,
            Status::Active,
            Status::Expired,
            Status::Revoked
        ]
    );
    assert_eq!(
        all[0].invited_at.unwrap().to_string(),
        "2026-01-01T00:00:00Z"
    );
    assert_eq!(
        all[0].expires_at.unwrap().to_string(),
        "2026-01-08T00:00:00Z"
    );
    assert!(
        all.iter()
            .all(|it| it.record.kind == Kind::Invitation && it.record.member_id().is_none())
    );
}

/// Whether the team has pages is not documented: (rows on the first page, what `pagination` says, requests, whole).
#[tokio::test]
async fn a_list_that_may_have_pages_is_read_whole_or_said_not_to_be() {
    for (count, pagination, requests, complete) in [
        (18, None, 1, true),
        (50, None, 1, true),
        (250, None, 1, true),
        (
            50,
            Some(json!({"total": 50, "page": 1, "limit": 50, "totalPages": 1})),
            1,
            true,
        ),
        // A hundred may be all, or the first page of a server that ignores which page is asked for.
        (100, None, 2, false),
        (
            50,
            Some(json!({"total": 120, "page": 1, "limit": 50, "totalPages": 3})),
            2,
            false,
        ),
    ] {
        let stage = Stage::new().await;
        let body = members(count, pagination.clone());
        stage
            .played
            .answers("GET", "/team/members", 200, &body)
            .await;
        let mut scan = stage.statusapp.members();
        let team = scan.rest(&stage.played.cx).await.unwrap();
        assert_eq!(team.len(), count);
        assert_eq!(stage.sent().await.len(), requests, "{count} {pagination:?}");
        assert_eq!(scan.progress().complete, complete, "{count} {pagination:?}");
        if !complete {
            assert_eq!(scan.progress().stopped, Some(Stopped::ServerIgnoredPage));
        }
    }
}

#[tokio::test]
async fn one_member_is_read_wrapped_or_bare() {
    let row = json!({"id": "tm_1", "email": "a@example.com", "role": "ADMIN"});
    for body in [row.clone(), json!({"member": row})] {
        let stage = Stage::new().await;
        stage
            .played
            .answers("GET", "/team/members/tm_1", 200, &body)
            .await;
        let id = MemberId::parse("tm_1").unwrap();
        let member = stage.statusapp.member(&stage.played.cx, &id).await.unwrap();
        assert_eq!(member.team_role(), Some(TeamRole::Admin));
    }
}

#[tokio::test]
async fn roles_travel_in_statusapps_own_words() {
    let stage = Stage::new().await;
    stage
        .played
        .answers("PUT", "/team/members/tm_1", 200, &json!({}))
        .await;
    let intent = stage.played.intent().await;
    let id = MemberId::parse("tm_1").unwrap();
    let set = stage
        .statusapp
        .set_role(&stage.played.cx, &intent, &id, TeamRole::Admin)
        .await;
    set.unwrap();
    assert_eq!(
        stage.sent().await,
        [r#"PUT /team/members/tm_1 {"role":"ADMIN"}"#]
    );
}

#[tokio::test]
async fn who_is_there_or_invited_already_is_told_apart_from_a_failure() {
    let person = NewMember {
        email: Email::parse("a@example.com").unwrap(),
        name: None,
        role: TeamRole::Viewer,
    };
    let zod =
        json!({"error": [{"code": "invalid_type", "path": ["email"], "message": "Invalid email"}]});
    for (status, body, exists) in [
        (
            400,
            json!({"error": "This user has already been invited", "code": "BAD_REQUEST"}),
            true,
        ),
        (409, json!({"error": "Conflict"}), true),
        (400, zod, false),
        (
            403,
            json!({"error": "Forbidden", "code": "FORBIDDEN"}),
            false,
        ),
    ] {
        let stage = Stage::new().await;
        stage
            .played
            .answers("POST", "/team/members", status, &body)
            .await;
        let intent = stage.played.intent().await;
        let sent = stage
            .statusapp
            .invite(&stage.played.cx, &intent, &person)
            .await
            .unwrap_err();
        let told = matches!(sent, ProviderError::AlreadyExists { .. });
        assert_eq!(told, exists, "{body}: {sent}");
        if status == 403 {
            assert!(sent.to_string().contains("no seat left"), "{sent}");
        }
        assert_eq!(
            stage.played.only_body().await,
            json!({"email": "a@example.com", "role": "VIEWER"})
        );
    }
}

#[tokio::test]
async fn seats_are_read_where_they_can_be_understood() {
    let some = |used, limit| Some(Seats { used, limit });
    for (body, expected) in [
        (
            json!({"usage": {"teamMembers": {"used": 3, "limit": 5}}}),
            some(3, Some(5)),
        ),
        (
            json!({"team_members": {"current": 3, "limit": null}}),
            some(3, None),
        ),
        (json!({"monitors": {"used": 9, "limit": 10}}), None),
        (json!([]), None),
    ] {
        let stage = Stage::new().await;
        stage
            .played
            .answers("GET", "/account/usage", 200, &body)
            .await;
        let seats = stage.statusapp.seats(&stage.played.cx).await.unwrap();
        assert_eq!(seats, expected, "{body}");
    }
}

#[tokio::test]
async fn the_hourly_limit_is_followed_from_the_headers() {
    let stage = Stage::new().await;
    let reset = Clock::system().now().as_second() + 1_800;
    let answer = ResponseTemplate::new(200)
        .set_body_json(members(1, None))
        .insert_header("x-ratelimit-limit", "1000")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", reset.to_string());
    stage.played.mount("GET", "/team/members", answer).await;
    stage
        .statusapp
        .members()
        .rest(&stage.played.cx)
        .await
        .unwrap();
    let usage = stage.statusapp.client().usage().await.unwrap();
    assert_eq!((usage.used, usage.limit), (1_000, 1_000));
    let refused = stage
        .statusapp
        .members()
        .rest(&stage.played.cx)
        .await
        .unwrap_err();
    assert!(
        matches!(refused.upstream(), Some(Error::RateLimited { .. })),
        "{refused}"
    );
    assert_eq!(
        stage.sent().await.len(),
        1,
        "nothing is sent while nothing is left"
    );
}
