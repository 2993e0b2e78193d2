//! A plain read is answered without the protocol library, and with what the library would have answered.

use serde_json::{Value, json};
use status_roster::caller::Scope;

use super::office::{Office, Reply};

const LIBRARY: (&str, &str) = (
    "accept",
    "application/json, text/event-stream, application/xml",
);

/// Answers have the fields in the order of the text, whichever way they are given.
fn in_order(reply: &Reply) -> bool {
    let text = reply.result()["content"][0]["text"].clone();
    let fields = format!("\"structuredContent\":{}", text.as_str().unwrap());
    reply.body.contains(&fields)
}

fn without_times(reply: &Reply) -> Value {
    let mut message = reply.messages().pop().unwrap();
    if message["result"]["structuredContent"].is_object() {
        let text = message["result"]["content"][0]["text"].clone();
        let text: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        let result = message["result"]["structuredContent"].clone();
        assert_eq!(text, result, "the text is the result");
        message["result"]["content"][0]["text"] = Value::Null;
        for passing in ["as_of", "rate"] {
            message["result"]["structuredContent"][passing] = Value::Null;
        }
    }
    message
}

/// How many answers the library had no part in.
async fn directly(office: &Office) -> String {
    let name = "status_roster_http_direct_answers_total";
    office.metric(name).await.to_string()
}

#[tokio::test]
async fn both_ways_answer_alike() {
    let office = Office::open().await;
    let questions = [
        ("list_org_users", json!({"limit": 3})),
        ("list_pages", json!({})),
        (
            "find_person",
            json!({"email": "Quoted \"Name\"\\\u{7}@nowhere.example"}),
        ),
        ("list_org_users", json!({"limit": 0})),
        ("list_org_users", json!({"no_such_argument": 1})),
        ("list_page_access_users", json!({"page_id": "nowhere"})),
        ("get_permissions", json!({"user_id": "nobody"})),
    ];
    for (tool, arguments) in questions {
        let params = json!({"name": tool, "arguments": arguments});
        // What the first call reads is at hand for both that follow.
        office.ask(None, "tools/call", params.clone(), &[]).await;
        let direct = office.ask(None, "tools/call", params.clone(), &[]).await;
        let before = directly(&office).await;
        let library = office
            .ask(None, "tools/call", params.clone(), &[LIBRARY])
            .await;
        assert_eq!(directly(&office).await, before, "{params}");
        assert_eq!(direct.status, 200);
        assert_eq!(without_times(&direct), without_times(&library), "{params}");
        let names = ["content-type", "content-length"];
        assert_eq!(names.map(|it| direct.headers.contains_key(it)), [true; 2]);
        assert_eq!(
            direct.header("content-type"),
            library.header("content-type")
        );
        let refused = direct.result()["isError"] == true;
        assert!(refused || in_order(&direct), "{}", direct.body);
        assert!(refused || in_order(&library), "{}", library.body);
    }
}

#[tokio::test]
async fn whatever_is_in_doubt_is_left_to_the_library() {
    let office = Office::open().await;
    let params = |more: Value| {
        let mut params = json!({"name": "server_status", "arguments": {}});
        let more = more.as_object().cloned().unwrap_or_default();
        params.as_object_mut().unwrap().extend(more);
        params
    };
    let tasks = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
    let odd: [(Value, &[(&str, &str)]); 6] = [
        (json!({"_meta": {"progressToken": "p"}}), &[]),
        (json!({"_meta": {"traceparent": "00-1-2-00"}}), &[]),
        (
            json!({"_meta": {"io.modelcontextprotocol/clientCapabilities": tasks}}),
            &[],
        ),
        (json!({"requestState": "x"}), &[]),
        (
            json!({}),
            &[("accept", "text/event-stream;q=1, application/json")],
        ),
        (json!({}), &[("mcp-param-page", "x")]),
    ];
    assert!(in_order(
        &office.ask(None, "tools/call", params(json!({})), &[]).await
    ));
    assert_eq!(directly(&office).await, "1");
    for (more, headers) in odd {
        let reply = office
            .ask(None, "tools/call", params(more.clone()), headers)
            .await;
        assert_eq!(reply.status, 200, "{more}: {reply:?}");
        assert!(in_order(&reply), "{more} {headers:?}");
    }
    assert_eq!(directly(&office).await, "1");
}

#[tokio::test]
async fn what_the_protocol_forbids_is_refused_as_before() {
    let office = Office::open().await;
    let params = json!({"name": "server_status", "arguments": {}});
    let wrong: [&[(&str, &str)]; 2] = [
        &[("mcp-name", "list_pages")],
        &[("mcp-method", "tools/list")],
    ];
    for headers in wrong {
        let reply = office
            .ask(None, "tools/call", params.clone(), headers)
            .await;
        assert_eq!(reply.status, 400, "{headers:?}: {reply:?}");
    }
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "c", "version": "1"},
    });
    let unnamed = json!(["2026-07-28", {}, {"name": "c", "version": "1"}]);
    for broken in [
        json!(["2.0", 1, "tools/call", {"name": "server_status", "arguments": {}, "_meta": meta}]),
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["server_status", {}, meta]}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "server_status", "_meta": unnamed}}),
        json!({"jsonrpc": "1.0", "id": 1, "method": "tools/call", "params": params}),
        json!({"jsonrpc": "2.0", "id": {}, "method": "tools/call", "params": params}),
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}),
    ] {
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "server_status"),
        ];
        let reply = office.post(&headers, broken.to_string()).await;
        assert!((400..500).contains(&reply.status), "{broken}: {reply:?}");
    }
}

#[tokio::test]
async fn who_may_not_or_wants_less_is_told_so() {
    let office = Office::with_tokens().await;
    let reader = office.token("reader", &[Scope::Read]).await;
    let params = json!({"name": "list_pages", "arguments": {}});
    let only = [("x-roster-tools", "find_person")];
    let narrowed = office
        .ask(Some(&reader), "tools/call", params.clone(), &only)
        .await;
    assert_eq!(narrowed.result()["isError"], true, "{narrowed:?}");
    let nobody = office
        .ask(Some("wrong"), "tools/call", params.clone(), &[])
        .await;
    assert_eq!(nobody.status, 401);
    assert!(in_order(
        &office.ask(Some(&reader), "tools/call", params, &[]).await
    ));
}

#[tokio::test]
async fn a_list_that_is_asked_for_again_is_answered_from_what_is_written_and_says_the_same() {
    let office = Office::open().await;
    let page = status_roster::sandbox::known::AUDIENCE_PAGE;
    let jane = status_roster::sandbox::known::JANE;
    let questions = [
        ("list_org_users", json!({"limit": 2})),
        ("list_org_users", json!({})),
        (
            "list_org_users",
            json!({"domain": "example.com", "limit": 2}),
        ),
        (
            "list_page_access_users",
            json!({"page_id": page, "email": jane}),
        ),
        (
            "list_page_access_users",
            json!({"page_id": page, "email": jane, "detail": true}),
        ),
        (
            "list_page_access_users",
            json!({"page_id": page, "limit": 2}),
        ),
        ("list_components", json!({"page_id": page})),
        ("list_subscribers", json!({"page_id": page})),
    ];
    let ask = async |tool: &str, arguments: &Value, way: &[(&str, &str)]| {
        let params = json!({"name": tool, "arguments": arguments});
        let reply = office.ask(None, "tools/call", params, way).await;
        assert_eq!(reply.result()["isError"], false, "{reply:?}");
        without_times(&reply)
    };
    let mut first = Vec::new();
    for (tool, arguments) in &questions {
        first.push(ask(tool, arguments, &[LIBRARY]).await);
    }
    // More pieces than a read keeps.
    for limit in 1..=40 {
        ask("list_org_users", &json!({"limit": limit}), &[]).await;
    }
    for _ in 0..2 {
        for ((tool, arguments), first) in questions.iter().zip(&first) {
            let mut again = ask(tool, arguments, &[]).await;
            let mut first = first.clone();
            for reply in [&mut again, &mut first] {
                // Each cursor is sealed anew.
                let cursor = &mut reply["result"]["structuredContent"]["next_cursor"];
                *cursor = Value::Bool(cursor.is_string());
            }
            assert_eq!(again, first, "{tool} {arguments}");
        }
    }
    let rows = first[0]["result"]["structuredContent"]["records"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
}
