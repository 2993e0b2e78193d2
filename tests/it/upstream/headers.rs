//! What every request carries, seen by somebody else's server.

use serde_json::json;
use status_roster::clock::Clock;
use status_roster::secret::Secret;
use status_roster::store::Store;
use status_roster::upstream::{Client, Credential, Error, Write};
use wiremock::matchers::{any, body_json, header, header_exists, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{CANARY, Thing, intent, interactive, settings, thing, things};

type Kind = fn(Secret) -> Credential;

async fn explaining(server: &MockServer) {
    let explain = |request: &Request| {
        let said = format!(
            "unexpected: {} {} {:?}",
            request.method, request.url, request.headers
        );
        ResponseTemplate::new(400).set_body_json(json!({ "error": said }))
    };
    Mock::given(any())
        .respond_with(explain)
        .with_priority(250)
        .mount(server)
        .await;
}

async fn client_with(server: &MockServer, credential: Kind) -> Client {
    let clock = Clock::system();
    let mut settings = settings(&server.uri());
    settings.credential = credential(Secret::new(CANARY));
    Client::new(settings, &Store::memory(clock), clock).unwrap()
}

#[tokio::test]
async fn the_key_goes_in_the_header_that_the_upstream_wants_and_nowhere_else() {
    let kinds: [(Kind, &str, String); 3] = [
        (
            Credential::OAuth,
            "authorization",
            format!("OAuth {CANARY}"),
        ),
        (
            Credential::Bearer,
            "authorization",
            format!("Bearer {CANARY}"),
        ),
        (Credential::ApiKey, "x-api-key", CANARY.to_owned()),
    ];
    for (credential, name, value) in kinds {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/things/t1"))
            .and(header(name, value.as_str()))
            .and(header("accept", "application/json"))
            .and(header(
                "user-agent",
                concat!("status-roster/", env!("CARGO_PKG_VERSION")),
            ))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "t1"})))
            .mount(&server)
            .await;
        explaining(&server).await;
        client_with(&server, credential)
            .await
            .get::<Thing>(&interactive(), thing())
            .await
            .unwrap();
        let seen = server.received_requests().await.unwrap();
        assert_eq!(seen.len(), 1);
        assert!(
            seen.iter()
                .all(|request| !request.url.as_str().contains(CANARY))
        );
    }
}

#[tokio::test]
async fn a_body_is_json_and_says_so_and_a_delete_has_none() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(header("content-type", "application/json"))
        .and(body_json(json!({"thing": {"name": "é"}})))
        .respond_with(ResponseTemplate::new(201))
        .mount(&server)
        .await;
    Mock::given(method("DELETE"))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    explaining(&server).await;
    let client = client_with(&server, Credential::OAuth).await;
    let (intent, _kept) = intent(Clock::system()).await;
    let post = Write::post(things(), json!({"thing": {"name": "é"}}));
    let answer = client.write(&interactive(), &intent, post).await.unwrap();
    assert_eq!((answer.status, answer.body), (201, None));
    let delete = Write::delete(thing()).query("skip_notification", "true");
    assert_eq!(
        client
            .write(&interactive(), &intent, delete)
            .await
            .unwrap()
            .status,
        204
    );
    let seen = server.received_requests().await.unwrap();
    let delete = seen.last().unwrap();
    assert!(delete.body.is_empty());
    assert!(!delete.headers.contains_key("content-type"));
    assert_eq!(delete.url.query(), Some("skip_notification=true"));
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_key_goes_nowhere() {
    let elsewhere = MockServer::start().await;
    let server = MockServer::start().await;
    let to = format!("{}/login?next=secret", elsewhere.uri());
    Mock::given(header_exists("authorization"))
        .respond_with(ResponseTemplate::new(302).insert_header("location", to.as_str()))
        .mount(&server)
        .await;
    explaining(&server).await;
    let client = client_with(&server, Credential::OAuth).await;
    let error = client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`statuspage` redirects to `127.0.0.1` (status 302), which is never followed: correct its base address"
    );
    assert!(matches!(error, Error::Redirected { status: 302, .. }));
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_that_the_upstream_repeats_is_blanked_in_hosts_and_behind_invisible_characters() {
    let host = format!("https://{CANARY}.example.com/login");
    let halves = CANARY.split_at(6);
    let hidden = format!("no key {}\u{200b}{}", halves.0, halves.1);
    let cut = format!("{}{CANARY}", "x".repeat(300 - CANARY.len() / 2));
    for answer in [
        ResponseTemplate::new(302).insert_header("location", host.as_str()),
        ResponseTemplate::new(422).set_body_json(json!({"error": hidden})),
        ResponseTemplate::new(422).set_body_json(json!({"error": cut})),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let client = client_with(&server, Credential::OAuth).await;
        let error = client
            .get::<Thing>(&interactive(), thing())
            .await
            .unwrap_err();
        let words = error.to_string().to_lowercase();
        assert!(!words.contains(&halves.0.to_lowercase()), "{words}");
        assert!(!words.contains(&halves.1.to_lowercase()), "{words}");
    }
}

#[tokio::test]
async fn an_answer_longer_than_the_cap_is_not_read_to_its_end() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("x".repeat(2_000_000)))
        .mount(&server)
        .await;
    let clock = Clock::system();
    let mut settings = settings(&server.uri());
    settings.max_body = 1000;
    let client = Client::new(settings, &Store::memory(clock), clock).unwrap();
    let error = client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer of `statuspage` cannot be read at `.`: expected at most 1000 bytes"
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_system_certificates_are_enough_for_https() {
    let clock = Clock::system();
    let mut settings = settings("https://127.0.0.1:1/");
    settings.retries = 0;
    let client = Client::new(settings, &Store::memory(clock), clock).unwrap();
    let error = client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotReached { .. }), "{error}");
    assert!(
        !error.to_string().contains("things"),
        "no address in errors: {error}"
    );
}
