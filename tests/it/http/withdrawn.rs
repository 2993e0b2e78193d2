//! A token that is revoked or ends takes along what was opened with it, within seconds.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, known};

use super::identity_provider::{Key, Provider};
use super::office::{Office, client};

const SOON: Duration = Duration::from_secs(6);
const ALL: &[Scope] = &[Scope::Read, Scope::Write, Scope::Remove];

/// The stream on which a session's server speaks first.
async fn session_stream(office: &Office, token: &str) -> (String, reqwest::Response) {
    let opened = office.session(Some(token)).await;
    let id = opened.header("mcp-session-id").to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    office.in_session(Some(token), &id, &ready).await;
    let stream = client()
        .get(format!("{}/mcp", office.url))
        .bearer_auth(token)
        .header("accept", "text/event-stream")
        .header("mcp-session-id", &id)
        .send();
    let stream = stream.await.unwrap();
    assert_eq!(stream.status(), 200);
    (id, stream)
}

/// The stream on which a client of 2026-07-28 listens, after its first event.
async fn listening(office: &Office, token: &str) -> reqwest::Response {
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}});
    let wants = json!({"resourceSubscriptions": ["roster://snapshots/team"]});
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": {"notifications": wants, "_meta": meta}});
    let stream = client()
        .post(format!("{}/mcp", office.url))
        .bearer_auth(token)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "subscriptions/listen")
        .body(body.to_string())
        .send();
    let mut stream = stream.await.unwrap();
    assert_eq!(stream.status(), 200);
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(&first).contains("acknowledged"),
        "{first:?}"
    );
    stream
}

/// Reads a stream to its end, which must come soon.
async fn ends(stream: reqwest::Response) {
    let read = tokio::time::timeout(SOON, stream.bytes());
    let ended = read.await;
    assert!(ended.is_ok(), "the stream is still open");
}

/// Whether a stream is still open after what ends others has ended them.
async fn is_open(stream: &mut reqwest::Response) -> bool {
    let wait = Duration::from_millis(300);
    loop {
        match tokio::time::timeout(wait, stream.chunk()).await {
            Err(_) => return true,
            Ok(Ok(Some(_))) => {}
            Ok(_) => return false,
        }
    }
}

#[tokio::test]
async fn a_revoked_token_takes_its_session_and_its_streams_along_and_no_others() {
    let office = Office::with_tokens().await;
    let ann = office.token("ann", ALL).await;
    let bob = office.token("bob", ALL).await;
    let (id, session) = session_stream(&office, &ann).await;
    let listens = listening(&office, &ann).await;
    let (bobs_id, mut bobs_session) = session_stream(&office, &bob).await;
    let mut bobs = listening(&office, &bob).await;
    office.tokens().revoke("ann").unwrap();
    ends(session).await;
    ends(listens).await;
    assert!(is_open(&mut bobs_session).await && is_open(&mut bobs).await);
    // A new token of the same name is the same caller; the old session is gone all the same.
    let again = office.token("ann", ALL).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let reply = office.in_session(Some(&again), &id, &list).await;
    assert_eq!(reply.status, 404, "{reply:?}");
    let reply = office.in_session(Some(&bob), &bobs_id, &list).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn a_session_that_goes_on_with_a_new_token_outlives_the_old_one() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let mut claims = provider.claims("roster.read");
    let new = key.sign(&claims);
    claims["exp"] = json!(Clock::system().now().as_second() - 27);
    let old = key.sign(&claims);
    let (id, stream) = session_stream(&office, &old).await;
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    assert_eq!(office.in_session(Some(&new), &id, &list).await.status, 200);
    ends(stream).await;
    assert_eq!(office.in_session(Some(&old), &id, &list).await.status, 401);
    assert_eq!(office.in_session(Some(&new), &id, &list).await.status, 200);
}

#[tokio::test]
async fn a_token_that_ends_closes_what_it_opened() {
    let office = Office::with_tokens().await;
    let lives_on = office.token("bob", ALL).await;
    let mut file: Value =
        serde_json::from_slice(&std::fs::read(office.token_path()).unwrap()).unwrap();
    let end = Clock::system().now() + Duration::from_millis(2_500);
    let short = json!({"name": "short", "hash": hex::encode(Sha256::digest("srt_short")), "scopes": ["read"], "created": "2026-01-01T00:00:00Z", "expires": end});
    file["tokens"].as_array_mut().unwrap().push(short);
    std::fs::write(office.token_path(), file.to_string()).unwrap();
    let mut status = 401;
    while status == 401 {
        Clock::system().sleep(Duration::from_millis(50)).await;
        status = office.get("/mcp", Some("srt_short")).await.status;
    }
    let stream = listening(&office, "srt_short").await;
    let mut other = listening(&office, &lives_on).await;
    ends(stream).await;
    assert!(is_open(&mut other).await);
}

#[tokio::test]
async fn a_providers_token_that_ends_closes_what_it_opened() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    // Thirty seconds of difference between clocks are forgiven: this one is good for three more.
    let mut claims = provider.claims("roster.read");
    claims["exp"] = json!(Clock::system().now().as_second() - 27);
    let stream = listening(&office, &key.sign(&claims)).await;
    let mut other = listening(&office, &key.sign(&provider.claims("roster.read"))).await;
    ends(stream).await;
    assert!(is_open(&mut other).await);
}

#[tokio::test]
async fn a_change_that_runs_under_a_revoked_token_stops_between_two_steps() {
    let make = crate::tools::world::Make {
        sandbox: status_roster::sandbox::Settings {
            viewers: 30,
            ..crate::tools::world::Make::default().sandbox
        },
        more: "[http]\ntokens_file = \"state/tokens.json\"".to_owned(),
        ..crate::tools::world::Make::default()
    };
    let office = Office::around(make).await;
    let ann = office.token("ann", ALL).await;
    let wanted = json!({"page_id": known::AUDIENCE_PAGE, "desired": [{"email": known::JANE}], "removal_cap": 500});
    let plan = office.call(Some(&ann), "sync_page_viewers", wanted.clone());
    let plan = plan.await["structuredContent"].clone();
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let mut confirmed = wanted;
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    let mut faults = Faults {
        slow_ms: 400,
        ..Faults::next(Fault::Slow, "DELETE", "/page_access_users")
    };
    faults.next[0].times = 100;
    office.world.sandbox.faults(faults);
    let revoke = async {
        while office.world.writes().len() < 2 {
            Clock::system().sleep(Duration::from_millis(10)).await;
        }
        office.tokens().revoke("ann").unwrap();
    };
    let call = office.call(Some(&ann), "sync_page_viewers", confirmed);
    let (told, ()) = tokio::join!(call, revoke);
    let report = &told["structuredContent"];
    assert_eq!(report["status"], "partial", "{told}");
    let made = office.world.writes().len();
    assert!(made < 15, "it went on for {made} steps");
    let audit = office.world.audit();
    let kind = |kind: &str| audit.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!((kind("intent"), kind("outcome")), (made, made));
}

#[tokio::test]
async fn a_token_file_that_comes_after_the_start_counts_without_a_restart() {
    let office = Office::with_tokens().await;
    assert!(!office.token_path().exists());
    assert_eq!(office.get("/mcp", None).await.status, 401);
    assert_eq!(office.get("/mcp", Some("srt_any")).await.status, 401);
    let token = office.token("first", &[Scope::Read]).await;
    assert!(!office.shown(Some(&token), &[]).await.is_empty());

    // Beside an identity provider no file needs to be named.
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    assert!(!office.token_path().exists());
    assert_eq!(office.get("/mcp", Some("srt_any")).await.status, 401);
    let token = office.token("first", &[Scope::Read]).await;
    assert!(!office.shown(Some(&token), &[]).await.is_empty());
    let by_provider = key.sign(&provider.claims("roster.read"));
    assert!(!office.shown(Some(&by_provider), &[]).await.is_empty());
}

#[tokio::test]
async fn a_start_without_authentication_stays_what_it_is() {
    let office = Office::open().await;
    assert!(!office.shown(None, &[]).await.is_empty());
    let new = status_roster::transport::http::NewToken {
        name: "late".to_owned(),
        scopes: [Scope::Read].into(),
        lifetime: status_roster::transport::http::lifetime("1d").unwrap(),
    };
    office.tokens().make(new, Clock::system().now()).unwrap();
    assert!(office.token_path().exists());
    Clock::system().sleep(Duration::from_millis(1_200)).await;
    assert!(
        !office.shown(None, &[]).await.is_empty(),
        "who starts a server without authentication finds it so until it is started again"
    );
}
