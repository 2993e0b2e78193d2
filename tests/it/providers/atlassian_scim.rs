//! Atlassian's user directory: read by the number of rows that it tells, changed by naming what changes.

mod whole;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::providers::ProviderError;
use status_roster::providers::atlassian_scim::{
    AtlassianScim, NewDirectoryUser, UserChange, UserFilter,
};
use status_roster::roster::{
    Clearable, DirectoryId, DirectoryUserId, Email, GroupId, Kind, Level, Status, System,
};
use status_roster::secret::Secret;
use status_roster::upstream::{Credential, Stopped};

use super::played::{KEY, Played, fixture};

struct Stage {
    played: Played,
    directory: AtlassianScim,
}

const JANE: &str = "635cdb2f-e72c-4122-bfd8-3aa900000001";

impl Stage {
    async fn new() -> Self {
        let played = Played::new().await;
        let client = played.client("atlassian_scim", Credential::Bearer(Secret::new(KEY)));
        let directory = DirectoryId::parse("d-1").unwrap();
        let directory = AtlassianScim::new(client, directory, Clock::system());
        Self { played, directory }
    }

    async fn sent(&self) -> Vec<String> {
        let key = format!("Bearer {KEY}");
        self.played.sent("authorization", &key).await
    }
}

fn jane() -> DirectoryUserId {
    DirectoryUserId::parse(JANE).unwrap()
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn rows(from: usize, count: usize, total: usize) -> Value {
    let rows: Vec<Value> = (from..from + count)
        .map(|n| json!({"id": format!("u{n}"), "userName": format!("u{n}@example.com")}))
        .collect();
    json!({"totalResults": total, "startIndex": from, "itemsPerPage": count, "Resources": rows})
}

#[tokio::test]
async fn a_person_is_read_with_what_is_there_and_nothing_else() {
    let stage = Stage::new().await;
    let users = fixture("atlassian_scim/users");
    stage.played.answers("GET", "/d-1/Users", 200, &users).await;
    let mut scan = stage.directory.users(None);
    let people = scan.rest(&stage.played.cx).await.unwrap();
    assert!(scan.progress().complete);
    assert_eq!(
        stage.sent().await,
        ["GET /d-1/Users?startIndex=1&count=100"]
    );

    let [jane, ops, mallory] = &people[..] else {
        panic!("three people")
    };
    let record = &jane.record;
    assert_eq!(
        (record.system, record.kind),
        (System::AtlassianScim, Kind::DirectoryUser)
    );
    assert_eq!(record.directory_user_id().unwrap().as_str(), JANE);
    assert_eq!(
        record.email.as_ref().unwrap().as_str(),
        "Jane.Doe@example.com"
    );
    assert_eq!(jane.other_emails, [email("jane@old.example.com")]);
    assert_eq!(record.status, Some(Status::Active));
    assert_eq!(
        record.active_date.unwrap().to_string(),
        "2023-02-11T08:15:30.123Z"
    );
    assert_eq!(
        record.updated_at.unwrap().to_string(),
        "2024-05-01T08:00:00Z"
    );
    assert_eq!(
        (
            record.scope.level,
            record.scope.id.as_ref().unwrap().as_str()
        ),
        (Level::Directory, "d-1")
    );
    assert_eq!(record.groups.as_ref().unwrap().len(), 1);
    assert_eq!(record.external_id.as_deref(), Some("00u1"));
    assert_eq!(jane.atlassian_account_id.as_deref(), Some("712020:abc"));
    assert!(jane.answers_to(&email("JANE@old.example.com")));

    assert_eq!(
        ops.record.email,
        Some(email("ops@example.com")),
        "the user name is an address"
    );
    assert_eq!(
        (ops.record.status, &ops.record.groups),
        (Some(Status::Inactive), &None)
    );
    assert_eq!(mallory.record.email, None);
    assert!(mallory.record.text_altered && mallory.record.status.is_none());
    assert_eq!(mallory.user_name.as_deref(), Some("mallory"));
}

#[tokio::test]
async fn a_filter_holds_quotes_and_backslashes_as_text() {
    let stage = Stage::new().await;
    stage
        .played
        .answers("GET", "/d-1/Users", 200, &rows(1, 0, 0))
        .await;
    for filter in [
        UserFilter::UserName(r#"a" or userName pr or "\"#.to_owned()),
        UserFilter::ExternalId("00u1".to_owned()),
    ] {
        let found = stage
            .directory
            .users(Some(&filter))
            .rest(&stage.played.cx)
            .await;
        assert_eq!(found.unwrap().len(), 0);
    }
    let asked: Vec<String> = stage
        .sent()
        .await
        .iter()
        .map(|line| {
            let url: url::Url = format!("http://x{}", line.trim_start_matches("GET "))
                .parse()
                .unwrap();
            let mut pairs = url.query_pairs();
            pairs
                .find(|(name, _)| name == "filter")
                .unwrap()
                .1
                .into_owned()
        })
        .collect();
    assert_eq!(
        asked,
        [
            r#"userName eq "a\" or userName pr or \"\\""#,
            r#"externalId eq "00u1""#
        ]
    );
}

#[tokio::test]
async fn pages_that_are_shorter_than_asked_are_not_the_end() {
    let stage = Stage::new().await;
    for (start, count) in [(1, 50), (51, 50), (101, 20)] {
        let page = ("startIndex", start.to_string());
        let page = (page.0, page.1.as_str());
        stage
            .played
            .page("/d-1/Users", page, &rows(start, count, 120))
            .await;
    }
    let mut scan = stage.directory.users(None);
    let people = scan.rest(&stage.played.cx).await.unwrap();
    assert_eq!((people.len(), scan.progress().pages_fetched), (120, 3));
    assert!(scan.progress().complete);
}

#[tokio::test]
async fn fewer_rows_than_the_directory_tells_of_are_not_the_whole() {
    let stage = Stage::new().await;
    stage
        .played
        .page("/d-1/Users", ("startIndex", "1"), &rows(1, 100, 150))
        .await;
    stage
        .played
        .page(
            "/d-1/Users",
            ("startIndex", "101"),
            &json!({"totalResults": 150, "Resources": []}),
        )
        .await;
    let mut scan = stage.directory.users(None);
    scan.rest(&stage.played.cx).await.unwrap();
    let told = Stopped::Fewer {
        told: 150,
        given: 100,
    };
    assert_eq!(scan.progress().stopped, Some(told));
    assert!(!scan.progress().complete);
}

#[tokio::test]
async fn a_directory_that_gives_the_first_page_again_is_noticed() {
    let stage = Stage::new().await;
    stage
        .played
        .answers("GET", "/d-1/Users", 200, &rows(1, 100, 250))
        .await;
    let mut scan = stage.directory.users(None);
    let people = scan.rest(&stage.played.cx).await.unwrap();
    assert_eq!((people.len(), scan.progress().pages_fetched), (100, 2));
    assert_eq!(scan.progress().stopped, Some(Stopped::ServerIgnoredPage));
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_unreadable_and_not_empty() {
    for body in [
        json!([]),
        json!({"Resources": null, "totalResults": 7}),
        json!({"error": "x"}),
    ] {
        let stage = Stage::new().await;
        stage.played.answers("GET", "/d-1/Users", 200, &body).await;
        let read = stage.directory.users(None).rest(&stage.played.cx).await;
        assert!(read.is_err(), "{body}");
    }
}

#[tokio::test]
async fn only_what_is_named_is_changed() {
    let stage = Stage::new().await;
    let at = format!("/d-1/Users/{JANE}");
    stage
        .played
        .answers("PATCH", &at, 200, &json!({"id": JANE}))
        .await;
    let change = UserChange {
        texts: [(Clearable::LastName, "Roe".to_owned())].into(),
        active: Some(false),
        ..UserChange::default()
    };
    let intent = stage.played.intent().await;
    let changed = stage
        .directory
        .change_user(&stage.played.cx, &intent, &jane(), &change)
        .await;
    changed.unwrap();
    assert_eq!(
        stage.played.only_body().await,
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {"op": "replace", "path": "name.familyName", "value": "Roe"},
                {"op": "replace", "path": "active", "value": false},
            ],
        })
    );
}

#[tokio::test]
async fn who_is_there_already_is_told_apart_from_a_failure() {
    let stage = Stage::new().await;
    let conflict = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "409", "scimType": "uniqueness", "detail": "User already exists.",
    });
    stage
        .played
        .answers("POST", "/d-1/Users", 409, &conflict)
        .await;
    let person = NewDirectoryUser {
        email: email("jane@example.com"),
        user_name: None,
        first_name: Some("Jane".to_owned()),
        last_name: None,
        display_name: None,
        external_id: None,
    };
    let intent = stage.played.intent().await;
    let made = stage
        .directory
        .create_user(&stage.played.cx, &intent, &person)
        .await;
    assert!(matches!(made, Err(ProviderError::AlreadyExists { .. })));
    let body = stage.played.only_body().await;
    assert_eq!(body["userName"], "jane@example.com");
    assert_eq!(
        body["emails"],
        json!([{"value": "jane@example.com", "type": "work", "primary": true}])
    );
    assert_eq!(body["name"], json!({"givenName": "Jane"}));
    assert!(body.get("displayName").is_none() && body.get("externalId").is_none());
}

#[tokio::test]
async fn members_come_and_go_by_name_in_one_request() {
    let stage = Stage::new().await;
    let group = fixture("atlassian_scim/group");
    let id = GroupId::parse("6c4fc5ff-4c4a-4e1d-93ee-9d1a00000001").unwrap();
    let at = format!("/d-1/Groups/{id}");
    stage.played.answers("GET", &at, 200, &group).await;
    stage.played.answers("PATCH", &at, 200, &group).await;
    let read = stage.directory.group(&stage.played.cx, &id).await.unwrap();
    assert_eq!(
        (read.member_count, read.name.as_deref()),
        (Some(2), Some("engineering"))
    );
    let (come, go) = (DirectoryUserId::parse("u9").unwrap(), jane());
    let intent = stage.played.intent().await;
    let changed = stage
        .directory
        .change_group(&stage.played.cx, &intent, &id, &[come], &[go])
        .await;
    changed.unwrap();
    let sent = stage.sent().await;
    let body: Value = serde_json::from_str(
        sent[1]
            .split_once(' ')
            .unwrap()
            .1
            .split_once(' ')
            .unwrap()
            .1,
    )
    .unwrap();
    assert_eq!(
        body["Operations"],
        json!([
            {"op": "add", "path": "members", "value": [{"value": "u9"}]},
            {"op": "remove", "path": format!("members[value eq \"{JANE}\"]")},
        ])
    );
}

#[tokio::test]
async fn a_refused_key_is_told_with_its_one_year_and_a_missing_directory_with_its_setting() {
    let failure = json!({"error": "You are not authorized to call the API.", "traceId": "t"});
    let gone = json!({"status": "404", "detail": "Directory not found."});
    for (status, body, part) in [
        (401, &failure, "one year"),
        (403, &failure, "one year"),
        (404, &gone, "atlassian_scim.directory_id"),
    ] {
        let stage = Stage::new().await;
        stage
            .played
            .answers("GET", "/d-1/Users", status, body)
            .await;
        let read = stage.directory.users(None).rest(&stage.played.cx).await;
        let told = read.unwrap_err().to_string();
        assert!(told.contains(part) && !told.contains(KEY), "{told}");
    }
    let stage = Stage::new().await;
    let at = format!("/d-1/Users/{JANE}");
    stage.played.answers("GET", &at, 404, &gone).await;
    let missing = stage
        .directory
        .user(&stage.played.cx, &jane())
        .await
        .unwrap_err();
    assert!(missing.is_not_found());
}

#[tokio::test]
async fn what_the_directory_can_do_is_read_at_check() {
    let stage = Stage::new().await;
    let config =
        json!({"patch": {"supported": true}, "filter": {"supported": false}, "bulk": null});
    stage
        .played
        .answers("GET", "/d-1/ServiceProviderConfig", 200, &config)
        .await;
    let schemas = json!({"totalResults": 1, "Resources": [{"id": "urn:x:User", "name": "User"}]});
    stage
        .played
        .answers("GET", "/d-1/Schemas", 200, &schemas)
        .await;
    let features = stage.directory.features(&stage.played.cx).await.unwrap();
    assert_eq!((features.patch, features.filter), (Some(true), Some(false)));
    assert_eq!(features.schemas, ["User"]);
}
