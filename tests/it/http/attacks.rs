//! What one client can do to the others: each attack is under way while somebody else is served.

use std::time::Duration;

use serde_json::json;
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::identity_provider::{Key, Provider};
use super::office::{Office, Reply};

const ALL: &str = "openid roster.read roster.write roster.remove";

/// What `work` gives, and how long it took.
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let clock = Clock::system();
    let began = clock.monotonic();
    let done = work.await;
    (done, clock.monotonic().saturating_sub(began))
}

async fn tools(office: &Office, token: &str) -> Reply {
    office.ask(Some(token), "tools/list", json!({}), &[]).await
}

/// Sends these bytes of a request and then nothing, on a connection that stays open.
async fn begun(office: &Office, bytes: &[u8]) -> TcpStream {
    let address = office.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // What the server does not read stays behind.
    let _ = tokio::time::timeout(Duration::from_millis(200), stream.write_all(bytes)).await;
    stream
}

#[tokio::test]
async fn a_request_that_breaks_off_does_not_take_the_keys_along() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    provider.take(Duration::from_secs(1));
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let token = key.sign(&provider.claims(ALL));
    let asked = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
    );
    drop(begun(&office, asked.as_bytes()).await);
    let (reply, took) = timed(tools(&office, &token)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(took < Duration::from_secs(4), "{took:?}");
    assert_eq!(
        provider.asked(),
        1,
        "the fetch went on without whoever began it"
    );
}

#[tokio::test]
async fn made_up_keys_and_a_slow_provider_hold_up_nobody_whose_key_is_known() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let good = provider.claims(ALL);
    let token = key.sign(&good);
    assert_eq!(tools(&office, &token).await.status, 200);
    provider.take(Duration::from_secs(3));
    let guesses: Vec<String> = (0..30)
        .map(|at| Key::new(&format!("made-up-{at}")).sign(&good))
        .collect();
    let attack = futures::future::join_all(guesses.iter().map(|guess| tools(&office, guess)));
    let others = async {
        for _ in 0..10 {
            let (reply, took) = timed(tools(&office, &token)).await;
            assert_eq!(reply.status, 200);
            assert!(took < Duration::from_secs(1), "{took:?}");
            Clock::system().sleep(Duration::from_millis(50)).await;
        }
    };
    let (answers, ()) = tokio::join!(attack, others);
    assert!(
        answers
            .iter()
            .all(|reply| reply.status == 401 || reply.status == 503)
    );
    assert!(provider.asked() <= 3, "{} fetches", provider.asked());
}

#[tokio::test]
async fn bodies_that_stop_in_the_middle_are_bounded_and_hold_up_nobody() {
    let office = Office::with_tokens().await;
    let (eve, ann) = (
        office.token("eve", &[Scope::Read]).await,
        office.token("ann", &[Scope::Read]).await,
    );
    let length = 4 * 1024 * 1024;
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {eve}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut bytes = head.into_bytes();
    bytes.resize(bytes.len() + length - 1, b' ');
    let attack = (0..50).map(|_| begun(&office, &bytes));
    let held = futures::future::join_all(attack).await;
    let taken = office
        .metric("status_roster_memory_bytes{of=\"bodies\"}")
        .await;
    assert!(taken <= length as f64, "one caller's share: {taken}");
    let people: Vec<String> = (0..3_000).map(|at| format!("p{at}@example.com")).collect();
    let long = json!({"profile": "hygiene", "identities": people});
    for arguments in [json!({}), long] {
        let tool = if arguments.get("profile").is_some() {
            "review_access"
        } else {
            "server_status"
        };
        let (answer, took) = timed(office.call(Some(&ann), tool, arguments)).await;
        assert_eq!(answer["isError"], false, "{answer}");
        assert!(took < Duration::from_secs(5), "{tool}: {took:?}");
    }
    let refused = office.metric("status_roster_http_refusals_total{reason=\"no_room_for_body\"}");
    assert!(refused.await >= 40.0, "the others are told to come again");
    drop(held);
    for _ in 0..100 {
        if office
            .metric("status_roster_memory_bytes{of=\"bodies\"}")
            .await
            == 0.0
        {
            return;
        }
        Clock::system().sleep(Duration::from_millis(50)).await;
    }
    panic!("the room was not given back");
}

#[tokio::test]
async fn a_long_body_is_for_the_tools_that_take_thousands_of_rows() {
    let office = Office::open().await;
    let filler = "x".repeat(200 * 1024);
    let call = |tool: &str| json!({"name": tool, "arguments": {"note": filler}});
    let long = office
        .ask(None, "tools/call", call("list_pages"), &[])
        .await;
    assert_eq!(long.status, 413, "{long:?}");
    let other = office.ask(None, "tools/list", json!({"note": filler}), &[]);
    assert_eq!(other.await.status, 413);
    let review = office.ask(None, "tools/call", call("review_access"), &[]);
    assert_eq!(review.await.status, 200, "refused by its arguments alone");
}
