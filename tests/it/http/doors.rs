//! Who does not get in: foreign names, foreign pages, bodies and headers without end.

use std::time::Duration;

use serde_json::json;
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::transport::http::{HttpError, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::office::Office;

/// Sends bytes and reads what comes back until the server closes.
async fn raw(office: &Office, bytes: &str) -> String {
    let address = office.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_name_that_was_rebound_to_this_machine_is_refused() {
    let office = Office::open().await;
    for path in ["/mcp", "/metrics"] {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "user@localhost",
            "127.0.0.1.nip.io:80",
            "",
        ] {
            let answer = raw(
                &office,
                &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            )
            .await;
            assert!(
                answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 400"),
                "{host}: {answer}"
            );
        }
    }
    for host in ["localhost", "LOCALHOST:9", "127.0.0.1", "[::1]:1"] {
        let answer = raw(
            &office,
            &format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    assert!(office.world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn of_two_hosts_neither_is_believed() {
    let office = Office::open().await;
    for hosts in [["localhost", "evil.example"], ["localhost", "localhost"]] {
        let hosts = hosts.map(|host| format!("Host: {host}\r\n")).concat();
        let asked = format!("GET /mcp HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let answer = raw(&office, &asked).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
}

#[tokio::test]
async fn the_endpoint_is_found_with_a_slash_and_nothing_else_is_there() {
    let office = Office::with_tokens().await;
    let token = office.token("ann", &[Scope::Read]).await;
    let at = format!("{}/mcp/", office.url);
    let ask = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "older", "version": "1"},
    }});
    let answer = super::office::client()
        .post(at)
        .bearer_auth(&token)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .body(ask.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    for path in [
        "/",
        "/mcp/other",
        "/sse",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource/other",
    ] {
        let answer = office.get(path, None).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
        assert!(answer.body.contains("`/mcp`"), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_is_refused_and_one_from_here_is_not() {
    let office = Office::with(
        "[http]\nallowed_origins = [\"https://app.example.com\"]",
        |_| {},
    )
    .await;
    let params = json!({});
    for (origin, status) in [
        ("https://evil.example", 403),
        ("https://app.example.com.evil.example", 403),
        ("http://app.example.com", 403),
        ("https://app.example.com:444", 403),
        ("null", 403),
        ("https://app.example.com", 200),
        ("http://localhost:6274", 200),
    ] {
        let reply = office
            .ask(None, "tools/list", params.clone(), &[("origin", origin)])
            .await;
        assert_eq!(reply.status, status, "{origin}: {reply:?}");
    }
    assert_eq!(
        office
            .metric("status_roster_http_refusals_total{reason=\"origin\"}")
            .await,
        5.0
    );
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused_announced_or_not() {
    let office = Office::with("", |settings| settings.max_body = 20_000).await;
    let long = "x".repeat(20_001);
    let announced = office.post(&[], long.clone()).await;
    assert_eq!(announced.status, 413, "{announced:?}");
    assert!(announced.body.contains("Nothing was changed."));
    let pieces = format!("fa0\r\n{}\r\n", "x".repeat(4_000)).repeat(6);
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let unannounced = raw(&office, &format!("{head}{pieces}0\r\n\r\n")).await;
    assert!(unannounced.starts_with("HTTP/1.1 413"), "{unannounced}");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_parse_error_and_not_a_media_type() {
    let office = Office::open().await;
    let reply = office.post(&[], "{nope").await;
    assert_eq!(
        (reply.status, &reply.messages()[0]["error"]["code"]),
        (400, &json!(-32_700))
    );
}

#[tokio::test]
async fn clients_that_say_nothing_are_let_go_and_hold_nobody_up() {
    let office = Office::with("", |settings| {
        settings.patience = Duration::from_millis(300);
        settings.max_connections = 20;
    })
    .await;
    let half = [
        "",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Half: ",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    ];
    // Twice as many as fit: the last ones are served because the first are let go.
    let held: Vec<_> = (0..40).map(|at| raw(&office, half[at % 3])).collect();
    let (answers, list) = tokio::join!(futures::future::join_all(held), office.shown(None, &[]));
    assert!(list.contains(&"list_org_users".to_owned()));
    let late = answers
        .iter()
        .filter(|it| it.starts_with("HTTP/1.1 408"))
        .count();
    assert!(late >= 13, "each half body is answered: {late}");
}

#[tokio::test]
async fn connections_that_are_held_open_shut_nobody_out() {
    let office = Office::with("", |settings| settings.max_connections = 8).await;
    let address = office.url.strip_prefix("http://").unwrap();
    let half = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n";
    let mut under_way = TcpStream::connect(address).await.unwrap();
    under_way.write_all(half.as_bytes()).await.unwrap();
    let mut byte = [0; 400];
    let begun = under_way.read(&mut byte).await.unwrap();
    assert!(byte[..begun].starts_with(b"HTTP/1.1 100"));
    let silent = (0..12).map(|_| TcpStream::connect(address));
    let silent = futures::future::join_all(silent).await;
    let began = Clock::system().monotonic();
    for _ in 0..3 {
        let list = office.shown(None, &[]).await;
        assert!(list.contains(&"list_org_users".to_owned()));
    }
    // Patience is a minute.
    let took = Clock::system().monotonic() - began;
    assert!(took < Duration::from_secs(20), "{took:?}");
    // What has begun is not ended for others.
    let more = tokio::time::timeout(Duration::from_millis(100), under_way.read(&mut byte));
    assert!(more.await.is_err(), "a request under way was cut off");
    drop(silent);
}

#[tokio::test]
async fn nobody_listens_to_other_machines_without_asking_who_calls() {
    let office = Office::open().await;
    let facts = status_roster::transport::http::Facts {
        access: office.world.app.access.clone(),
        catalogue: office.world.app.catalogue.clone(),
        last_words: Duration::ZERO,
    };
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let settings = status_roster::app::http(&office.world.config);
        let handler = office.world.app.handler();
        let refused =
            Server::bind(address.parse().unwrap(), settings, handler, facts.clone()).await;
        let error = refused.err().unwrap();
        assert!(matches!(error, HttpError::NotLoopback(_)));
        let words = error.to_string();
        assert!(
            words.contains("token new") && words.contains("http.oauth.issuer"),
            "{words}"
        );
    }
}
