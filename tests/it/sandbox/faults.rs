//! Faults: which of them leave the world as it was, and which do not.

use serde_json::json;
use status_roster::sandbox::{Fault, Faults, Next, Running};

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::wire::{ask, raw, roomy, send};

const VIEWERS: &str = "/v1/pages/customerpage/page_access_users";

async fn create(on: &Running, email: &str) -> (Vec<u8>, bool) {
    let body = json!({ "page_access_user": { "email": email } }).to_string();
    raw(on.address(), post(on, &body).as_bytes()).await
}

fn post(on: &Running, body: &str) -> String {
    format!(
        "POST {VIEWERS} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\nauthorization: OAuth {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        on.api_key,
        body.len()
    )
}

async fn exists(on: &Running, email: &str) -> bool {
    let found = ask(
        on,
        "GET",
        &format!("{VIEWERS}?email={email}&page=1&per_page=100"),
        None,
    )
    .await;
    !found.rows().is_empty()
}

#[tokio::test]
async fn a_reset_changes_nothing_and_answers_nothing() {
    let sandbox = roomy().await;
    sandbox.faults(Faults::next(Fault::Reset, "POST", VIEWERS));
    let (bytes, broken) = create(&sandbox, "reset@northwind.example").await;
    assert_eq!((bytes.len(), broken), (0, true));
    assert!(!exists(&sandbox, "reset@northwind.example").await);
    assert!(sandbox.report().writes.is_empty());
    assert_eq!(sandbox.report().faults[&Fault::Reset], 1);
}

#[tokio::test]
async fn a_lost_answer_changes_everything_and_answers_nothing() {
    let sandbox = roomy().await;
    sandbox.faults(Faults::next(Fault::LostAnswer, "POST", VIEWERS));
    let (bytes, _) = create(&sandbox, "lost@northwind.example").await;
    assert_eq!(bytes.len(), 0);
    assert!(exists(&sandbox, "lost@northwind.example").await);
    assert_eq!(sandbox.requests()[0].status, None);
}

#[tokio::test]
async fn a_truncated_answer_promises_more_than_it_sends() {
    let sandbox = roomy().await;
    sandbox.faults(Faults::next(Fault::TruncatedBody, "POST", VIEWERS));
    let (bytes, _) = create(&sandbox, "cut@northwind.example").await;
    let answer = String::from_utf8(bytes).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(body.len(), promised / 2);
    assert!(exists(&sandbox, "cut@northwind.example").await);
}

#[tokio::test]
async fn a_failure_before_handling_changes_nothing_and_one_after_does() {
    let sandbox = roomy().await;
    for (fault, status, done) in [
        (Fault::Status500, 500, false),
        (Fault::Status502, 502, false),
        (Fault::Status503, 503, false),
        (Fault::HtmlErrorPage, 502, false),
        (Fault::RateLimited, 420, false),
        (Fault::Unauthenticated, 401, false),
        (Fault::Forbidden, 403, false),
        (Fault::FailedAfterHandling, 504, true),
    ] {
        sandbox.faults(Faults::next(fault, "POST", VIEWERS));
        let email = format!("{status}.{done}@northwind.example").to_lowercase();
        let body = json!({ "page_access_user": { "email": email } });
        let reply = ask(&sandbox, "POST", VIEWERS, Some(body)).await;
        let limited = fault == Fault::RateLimited && [420, 429].contains(&reply.status);
        assert!(
            reply.status == status || limited,
            "{fault:?}: {}",
            reply.status
        );
        assert_eq!(exists(&sandbox, &email).await, done, "{fault:?}");
    }
    assert_eq!(sandbox.report().writes["viewer_created"], 1);
}

#[tokio::test]
async fn a_list_can_ignore_the_page_it_is_asked_for() {
    let sandbox = roomy().await;
    let next = Next {
        fault: Fault::IgnorePage,
        times: 2,
        after: 1,
        method: None,
        path: None,
    };
    sandbox.faults(Faults {
        next: vec![next],
        ..Faults::default()
    });
    let mut firsts = Vec::new();
    for page in [1, 2, 3, 2] {
        let rows = ask(
            &sandbox,
            "GET",
            &format!("{VIEWERS}?page={page}&per_page=2"),
            None,
        )
        .await
        .rows();
        firsts.push(rows[0]["id"].clone());
    }
    assert_eq!(firsts[0], firsts[1]);
    assert_eq!(firsts[0], firsts[2]);
    assert_ne!(firsts[0], firsts[3]);
}

#[tokio::test]
async fn reads_can_be_behind_the_writes() {
    let sandbox = roomy().await;
    sandbox.faults(Faults {
        stale_reads_ms: 60_000,
        ..Faults::default()
    });
    create(&sandbox, "later@northwind.example").await;
    assert!(!exists(&sandbox, "later@northwind.example").await);
    sandbox.faults(Faults::default());
    assert!(exists(&sandbox, "later@northwind.example").await);
}

#[tokio::test]
async fn the_back_door_tells_switches_and_resets() {
    let sandbox = roomy().await;
    let switched = send(
        &sandbox,
        "PUT",
        "/__sandbox/faults",
        &[],
        r#"{"rates":{"status503":1.0},"seed":9}"#,
    )
    .await;
    assert_eq!(switched.status, 204);
    assert_eq!(ask(&sandbox, "GET", "/v1/pages", None).await.status, 503);
    let unknown = send(
        &sandbox,
        "PUT",
        "/__sandbox/faults",
        &[],
        r#"{"rates":{"meteor":1.0}}"#,
    )
    .await;
    assert_eq!(unknown.status, 400);
    let report = send(&sandbox, "GET", "/__sandbox/report", &[], "")
        .await
        .json();
    assert_eq!(
        (
            report["requests"].as_u64(),
            report["faults"]["status503"].as_u64()
        ),
        (Some(1), Some(1))
    );
    let about = send(&sandbox, "GET", "/__sandbox/", &[], "").await.json();
    assert_eq!(about["statuspage"]["base_url"], sandbox.statuspage_url());
    let log = send(&sandbox, "GET", "/__sandbox/requests", &[], "").await;
    assert_eq!(log.rows()[0]["target"], "/v1/pages");
    assert_eq!(
        send(&sandbox, "POST", "/__sandbox/reset", &[], "")
            .await
            .status,
        204
    );
    assert_eq!(ask(&sandbox, "GET", "/v1/pages", None).await.status, 200);
    assert_eq!(sandbox.report().requests, 1);
    assert!(!log.text.contains(&sandbox.api_key));
}

#[tokio::test]
async fn a_reset_can_change_the_settings_and_refuses_unknown_ones() {
    let sandbox = roomy().await;
    let changed = send(
        &sandbox,
        "POST",
        "/__sandbox/reset",
        &[],
        r#"{"viewers":20000,"rejection":"status420"}"#,
    )
    .await;
    assert_eq!((changed.status, changed.text.as_str()), (204, ""));
    let settings = send(&sandbox, "GET", "/__sandbox/settings", &[], "")
        .await
        .json();
    assert_eq!(
        (&settings["viewers"], &settings["requests_per_window"]),
        (&json!(20_000), &json!(10_000))
    );
    let last = ask(
        &sandbox,
        "GET",
        &format!("{VIEWERS}?page=200&per_page=100"),
        None,
    )
    .await;
    assert_eq!(last.rows().len(), 100);
    assert_eq!(
        send(&sandbox, "POST", "/__sandbox/reset", &[], r#"{"viewer":1}"#)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_slow_write_happens_although_the_client_has_gone() {
    let sandbox = roomy().await;
    let slow = Faults::next(Fault::Slow, "POST", VIEWERS);
    sandbox.faults(Faults {
        slow_ms: 50,
        ..slow
    });
    let body = json!({ "page_access_user": { "email": "slow@northwind.example" } }).to_string();
    let mut impatient = TcpStream::connect(sandbox.address()).await.unwrap();
    impatient
        .write_all(post(&sandbox, &body).as_bytes())
        .await
        .unwrap();
    drop(impatient);
    while !exists(&sandbox, "slow@northwind.example").await {}
}

#[tokio::test]
async fn an_answer_without_a_body_cannot_break_off_in_it() {
    let sandbox = roomy().await;
    sandbox.faults(Faults::next(Fault::TruncatedBody, "DELETE", VIEWERS));
    let deleted = ask(&sandbox, "DELETE", &format!("{VIEWERS}/janedoeview1"), None).await;
    assert_eq!(deleted.status, 204);
}

#[tokio::test]
async fn a_long_list_breaks_off_in_the_middle_too() {
    let sandbox = roomy().await;
    sandbox.faults(Faults::next(Fault::TruncatedBody, "GET", VIEWERS));
    let request = format!(
        "GET {VIEWERS}?page=1&per_page=100 HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\nauthorization: OAuth {}\r\n\r\n",
        sandbox.api_key
    );
    let (bytes, _) = raw(sandbox.address(), request.as_bytes()).await;
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(promised > 20_000 && body.len() <= promised / 2 && body.len() > promised / 4);
}
