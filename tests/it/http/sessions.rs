//! The older protocol's sessions: whose they are, how many, how long; and progress in both.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults};

use super::office::Office;

fn list(id: u32) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/list"})
}

fn slow_call() -> Value {
    json!({"name": "list_org_users", "arguments": {"limit": 1}, "_meta": {"progressToken": "p"}})
}

async fn eventually(mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if so().await {
            return;
        }
        Clock::system().sleep(Duration::from_millis(50)).await;
    }
    assert!(so().await, "not within 10 s");
}

#[tokio::test]
async fn both_eras_are_served_at_one_address() {
    let office = Office::open().await;
    let opened = office.session(None).await;
    assert_eq!(opened.result()["protocolVersion"], "2025-11-25");
    let id = opened.header("mcp-session-id").to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(office.in_session(None, &id, &ready).await.status, 202);
    let older = office.in_session(None, &id, &list(1)).await.result();
    let newer = office.ask(None, "tools/list", json!({}), &[]).await;
    assert_eq!(older["tools"], newer.result()["tools"]);
    assert_eq!(
        newer.header("mcp-session-id"),
        "",
        "2026-07-28 has no sessions"
    );
    let discovered = office
        .ask(None, "server/discover", json!({}), &[])
        .await
        .result();
    assert!(
        discovered["supportedVersions"]
            .to_string()
            .contains("2026-07-28")
    );
}

#[tokio::test]
async fn progress_comes_first_in_both_eras() {
    let office = Office::open().await;
    let newer = office.ask(None, "tools/call", slow_call(), &[]).await;
    let id = office
        .session(None)
        .await
        .header("mcp-session-id")
        .to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    office.in_session(None, &id, &ready).await;
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": slow_call()});
    let older = office.in_session(None, &id, &body).await;
    for reply in [newer, older] {
        let messages = reply.messages();
        assert_eq!(messages[0]["method"], "notifications/progress", "{reply:?}");
        assert_eq!(messages[0]["params"]["progressToken"], "p");
        assert!(messages.last().unwrap()["result"]["structuredContent"].is_object());
    }
}

/// Clients before 2025-11-25 take the empty text of an event without a message for a message that is broken.
#[tokio::test]
async fn an_event_without_a_message_is_sent_to_those_who_know_it() {
    let office = Office::open().await;
    for (version, knows) in [("2025-11-25", true), ("2025-06-18", false)] {
        let ask = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "older", "version": "1"},
        }});
        let opened = office.post(&[], ask.to_string()).await;
        let id = opened.header("mcp-session-id").to_owned();
        let headers = [("mcp-session-id", &*id), ("mcp-protocol-version", version)];
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        office.post(&headers, ready.to_string()).await;
        let tools = office.post(&headers, list(1).to_string()).await;
        let empty = |reply: &super::office::Reply| {
            let mut data = reply.body.lines().filter_map(|it| it.strip_prefix("data:"));
            data.any(|data| data.trim().is_empty())
                || reply.body.split("\n\n").any(|event| {
                    !event.trim().is_empty() && !event.contains("data:") && event.contains("id:")
                })
        };
        assert!(!empty(&opened), "{opened:?}");
        assert_eq!(empty(&tools), knows, "{version}: {tools:?}");
        assert!(tools.result()["tools"].is_array());
    }
}

#[tokio::test]
async fn a_session_is_its_openers_own() {
    let office = Office::with_tokens().await;
    let ann = office.token("ann", &[Scope::Read]).await;
    let bob = office.token("bob", &[Scope::Read]).await;
    let id = office
        .session(Some(&ann))
        .await
        .header("mcp-session-id")
        .to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(office.in_session(Some(&bob), &id, &ready).await.status, 404);
    let refused = office.in_session(Some(&bob), &id, &list(1)).await;
    assert_eq!(refused.status, 404);
    let words = &refused.messages()[0];
    assert_eq!(words["jsonrpc"], "2.0", "{words}");
    let why = words["error"]["message"].as_str().unwrap();
    assert!(why.contains("no such session") && why.ends_with("Nothing was changed."));
    assert_eq!(office.in_session(None, &id, &list(1)).await.status, 401);
    let client = super::office::client();
    let at = format!("{}/mcp", office.url);
    let with = |request: reqwest::RequestBuilder, token: &str| {
        let request = request.bearer_auth(token).header("mcp-session-id", &id);
        request
            .header("accept", "text/event-stream")
            .header("last-event-id", "0")
            .send()
    };
    let stream = with(client.get(&at), &bob).await.unwrap();
    assert_eq!(
        stream.status(),
        404,
        "what was answered to Ann is not sent again to Bob"
    );
    let refused = with(client.delete(&at), &bob).await.unwrap();
    assert_eq!(refused.status(), 404);
    let words: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(words["error"]["code"], -32_001, "{words}");
    office.in_session(Some(&ann), &id, &ready).await;
    assert_eq!(
        office.in_session(Some(&ann), &id, &list(2)).await.status,
        200,
        "Bob closed nothing"
    );
    let closed = with(client.delete(&at), &ann).await.unwrap();
    assert_eq!(closed.status(), 204);
    assert_eq!(
        office.in_session(Some(&ann), &id, &list(3)).await.status,
        404
    );
}

#[tokio::test]
async fn sessions_are_bounded_and_the_one_used_longest_ago_gives_way() {
    let office = Office::with_tokens().await;
    drop(office);
    let office = Office::with(
        "[http]\ntokens_file = \"state/tokens.json\"\nmetrics = \"open\"\nmax_sessions = 8",
        |_| {},
    )
    .await;
    let greedy = office.token("greedy", &[Scope::Read]).await;
    let mut opened = Vec::new();
    for _ in 0..5 {
        opened.push(
            office
                .session(Some(&greedy))
                .await
                .header("mcp-session-id")
                .to_owned(),
        );
    }
    assert_eq!(
        office.metric("status_roster_sessions").await,
        2.0,
        "a caller's share is a quarter"
    );
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(
        office
            .in_session(Some(&greedy), &opened[0], &ready)
            .await
            .status,
        404
    );
    assert_eq!(
        office
            .in_session(Some(&greedy), &opened[4], &ready)
            .await
            .status,
        202
    );
    for name in ["a", "b", "c"] {
        let token = office.token(name, &[Scope::Read]).await;
        for _ in 0..2 {
            assert_eq!(office.session(Some(&token)).await.status, 200);
        }
    }
    let late = office.token("late", &[Scope::Read]).await;
    let refused = office.session(Some(&late)).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, "60"),
        "{refused:?}"
    );
    assert!(
        !office.shown(Some(&late), &[]).await.is_empty(),
        "the newer protocol needs no session"
    );
}

#[tokio::test]
async fn a_thousand_abandoned_sessions_are_bounded_and_end() {
    let office = Office::with("", |settings| {
        settings.requests_per_minute = 100_000;
        settings.total_requests_per_minute = 100_000;
        settings.session_idle = Duration::from_secs(5);
    })
    .await;
    let before = resident();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let open = async || {
        let id = office
            .session(None)
            .await
            .header("mcp-session-id")
            .to_owned();
        office.in_session(None, &id, &ready).await
    };
    for _ in 0..20 {
        let replies = futures::future::join_all((0..50).map(|_| open())).await;
        assert!(replies.iter().all(|reply| reply.status == 202));
    }
    let kept = office.metric("status_roster_sessions").await;
    let bytes = office
        .metric("status_roster_memory_bytes{of=\"sessions\"}")
        .await;
    let bound = office.metric("status_roster_memory_limit_bytes").await;
    assert!(kept > 64.0 && bytes <= bound / 2.0, "{kept} take {bytes}");
    let grown = resident().saturating_sub(before);
    assert!(grown < 64 * 1024, "1,000 sessions take {grown} KiB");
    eventually(async || office.metric("status_roster_sessions").await == 0.0).await;
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_stream_that_breaks_is_taken_up_where_it_broke() {
    let office = Office::open().await;
    let opened = office.session(None).await;
    let id = opened.header("mcp-session-id").to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    office.in_session(None, &id, &ready).await;
    office.world.sandbox.faults(Faults {
        slow_ms: 700,
        ..Faults::next(Fault::Slow, "GET", "/users")
    });
    let call = json!({"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": slow_call()});
    let at = format!("{}/mcp", office.url);
    // Two clients, because the connection of the first one breaks.
    let mut first = super::office::client()
        .post(&at)
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-session-id", &id)
        .body(call.to_string())
        .send()
        .await
        .unwrap();
    let mut read = String::new();
    while !read.contains("notifications/progress") {
        let piece = first.chunk().await.unwrap().unwrap();
        read.push_str(std::str::from_utf8(&piece).unwrap());
    }
    drop(first);
    let mut ids = read.lines().filter_map(|line| line.strip_prefix("id:"));
    let last = ids.next_back().unwrap().trim().to_owned();
    let mut rest = super::office::client()
        .get(&at)
        .header("accept", "text/event-stream")
        .header("mcp-session-id", &id)
        .header("last-event-id", last)
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), 200);
    let mut read = String::new();
    while !read.contains("\"id\":9") {
        let piece = tokio::time::timeout(Duration::from_secs(10), rest.chunk());
        let piece = piece.await.unwrap().unwrap().unwrap();
        read.push_str(std::str::from_utf8(&piece).unwrap());
    }
    assert!(read.contains("structuredContent"), "{read}");
}
