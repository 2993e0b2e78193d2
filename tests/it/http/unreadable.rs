//! Bodies that are no messages, and events that a client of an older revision cannot read.

use serde_json::{Value, json};

use super::office::Office;

#[tokio::test]
async fn a_body_that_is_too_long_is_answered_by_its_id() {
    let office = Office::open().await;
    for megabytes in [1, 5, 12] {
        let long = "x".repeat(megabytes << 20);
        let body = json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {
            "name": "list_org_users", "arguments": {"name": long}}});
        let reply = office.post(&[], body.to_string()).await;
        assert_eq!(reply.status, 413, "{megabytes}: {reply:?}");
        let answer: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(answer["id"], 7, "{megabytes}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.ends_with("Nothing was changed."), "{message}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_message_is_answered_by_what_is_wrong_with_it() {
    let office = Office::open().await;
    let me = json!({"name": "older", "version": "1"});
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let bodies: Vec<(String, i64, Value, &str)> = vec![
        ("{".to_owned(), -32700, Value::Null, "is not JSON"),
        (String::new(), -32700, Value::Null, "is not JSON"),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"\ud800"}}"#.to_owned(),
            -32700,
            json!(7),
            "JSON that cannot be read",
        ),
        (
            format!(r#"{{"jsonrpc":"2.0","id":7,"method":"ping","params":{nested}}}"#),
            -32700,
            json!(7),
            "JSON that cannot be read",
        ),
        (
            r#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#.to_owned(),
            -32600,
            Value::Null,
            "no batches",
        ),
        (r#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#.to_owned(), -32600, json!(7), "`jsonrpc`"),
        ("42".to_owned(), -32600, Value::Null, "a JSON object"),
        (
            json!({"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "clientInfo": me}}).to_string(),
            -32602,
            json!(7),
            "`capabilities`",
        ),
    ];
    for (body, code, id, words) in bodies {
        let reply = office.post(&[], body.clone()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.status, 400, "{shown}: {reply:?}");
        let answer: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
        assert_eq!(answer["id"], id, "{shown}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(words), "{shown}: {message}");
        assert!(message.ends_with("Nothing was changed."), "{message}");
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok();
        assert_eq!(
            message.contains("is not JSON"),
            !is_json,
            "{shown}: {message}"
        );
    }
}

/// Every event of a stream that carries data has to be a message; what has none is of 2025-11-25.
#[tokio::test]
async fn no_client_before_2025_11_25_is_sent_an_event_without_data() {
    let office = Office::open().await;
    for (version, primed) in [
        ("2024-11-05", false),
        ("2025-03-26", false),
        ("2025-06-18", false),
        ("2025-11-25", true),
    ] {
        let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "older", "version": "1"},
        }});
        let opened = office.post(&[], hello.to_string()).await;
        assert_eq!(opened.result()["protocolVersion"], version);
        let id = opened.header("mcp-session-id").to_owned();
        let headers = [
            ("mcp-session-id", id.as_str()),
            ("mcp-protocol-version", version),
        ];
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        let listed = office.post(&headers, list.to_string()).await;
        assert!(!listed.result()["tools"].as_array().unwrap().is_empty());
        let empty = |body: &str| body.lines().any(|line| line.trim_end() == "data:");
        assert!(!empty(&opened.body), "{version}: {}", opened.body);
        assert_eq!(
            empty(&listed.body),
            primed,
            "{version}: {:.200}",
            listed.body
        );
    }
}
