//! Lines that are no messages: each has its answer at once, with the request's id wherever that can be read.

use serde_json::{Value, json};

use super::wire::Wire;
use crate::tools::world::World;

/// A request whose parameters are this text.
fn with_params(params: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{params}}}")
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_answered_with_the_id_that_can() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let long = "x".repeat(4 * 1024 * 1024);
    let lines: Vec<(String, i64, Value)> = vec![
        (with_params(r#"{"name":"\ud800"}"#), -32700, json!(7)),
        (with_params(r#"{"name":"\udc00\ud800"}"#), -32700, json!(7)),
        (with_params(r#"{"limit":1e999}"#), -32700, json!(7)),
        (with_params(&nested), -32700, json!(7)),
        (with_params("[]"), -32600, json!(7)),
        (with_params("{\"_meta\":5}"), -32600, json!(7)),
        (with_params("{"), -32700, json!(7)),
        // The id at the end, as the TypeScript client writes it.
        (
            r#"{"method":"ping","params":{"a":"\ud800","id":1},"jsonrpc":"2.0","id":"seven"}"#
                .to_owned(),
            -32700,
            json!("seven"),
        ),
        (
            format!(r#"{{"method":"{long}","params":{{"id":1}},"jsonrpc":"2.0","id":7}}"#),
            -32600,
            json!(7),
        ),
        (
            r#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#.to_owned(),
            -32600,
            Value::Null,
        ),
        ("[]".to_owned(), -32600, Value::Null),
        ("7".to_owned(), -32600, Value::Null),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.to_owned(),
            -32600,
            Value::Null,
        ),
        (r#"{"jsonrpc":"2.0","id":7}"#.to_owned(), -32600, json!(7)),
        (
            r#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#.to_owned(),
            -32600,
            json!(7),
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":5}"#.to_owned(),
            -32600,
            json!(7),
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}"#.to_owned(),
            -32600,
            json!(7),
        ),
        // An answer to something that was never asked: the id is not the client's.
        (
            r#"{"jsonrpc":"2.0","id":7,"result":{},"error":{}}"#.to_owned(),
            -32600,
            Value::Null,
        ),
    ];
    for (line, code, id) in lines {
        let shown: String = line.chars().take(90).collect();
        wire.line(&line).await;
        let answer = wire.next().await;
        assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
        assert_eq!(answer["id"], id, "{shown}: {answer}");
        let words = answer["error"]["message"].as_str().unwrap();
        assert!(words.ends_with("Nothing was changed."), "{shown}: {words}");
        let alive = wire.ask("ping", json!({})).await;
        assert!(alive["result"].is_object(), "after {shown}: {alive}");
    }
}

#[tokio::test]
async fn a_batch_is_named_as_what_it_is() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    wire.line(r#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#)
        .await;
    let answer = wire.next().await;
    let words = answer["error"]["message"].as_str().unwrap();
    assert!(words.contains("no batches"), "{words}");
}

#[tokio::test]
async fn whole_lines_behind_a_bad_one_do_not_wait_for_more() {
    let world = World::new().await;
    let long = "x".repeat(5 << 20);
    for bad in [b"\xff\xfe".as_slice(), b"{", long.as_bytes()] {
        let mut wire = Wire::open(world.app.handler()).await;
        let mut written = bad.to_vec();
        for id in 11..14 {
            let ping = json!({"jsonrpc": "2.0", "id": id, "method": "ping"});
            written.push(b'\n');
            written.extend_from_slice(ping.to_string().as_bytes());
        }
        written.push(b'\n');
        wire.bytes(&written).await;
        let mut answered = Vec::new();
        for _ in 0..4 {
            answered.push(wire.next().await["id"].clone());
        }
        assert_eq!(answered.remove(0), Value::Null);
        answered.sort_by_key(Value::as_i64);
        assert_eq!(answered, [json!(11), json!(12), json!(13)]);
    }
}

#[tokio::test]
async fn an_introduction_names_what_it_lacks_and_may_be_made_again() {
    let world = World::new().await;
    let mut wire = Wire::silent(world.app.handler());
    // Nobody waits for an answer to these; the conversation goes on.
    wire.notify("notifications/initialized", json!({})).await;
    wire.line(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).await;
    let me = json!({"name": "wire", "version": "1"});
    let lacking = [
        (
            json!({"protocolVersion": "2025-06-18", "clientInfo": me}),
            "`capabilities`",
            "`clientInfo`",
        ),
        (
            json!({"protocolVersion": "2025-06-18", "capabilities": {}}),
            "`clientInfo`",
            "`capabilities`",
        ),
        (
            json!({"capabilities": {}, "clientInfo": me}),
            "`protocolVersion`",
            "`clientInfo`",
        ),
    ];
    for (hello, lacks, has) in lacking {
        let answer = wire.ask("initialize", hello).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        let words = answer["error"]["message"].as_str().unwrap();
        assert!(words.contains(lacks) && !words.contains(has), "{words}");
        assert!(words.ends_with("Nothing was changed."), "{words}");
    }
    let early = wire.ask("tools/list", json!({})).await;
    assert_eq!(early["error"]["code"], -32602, "{early}");
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": me});
    let answer = wire.ask("initialize", hello).await;
    assert_eq!(answer["result"]["serverInfo"]["name"], "status-roster");
}

#[tokio::test]
async fn an_id_that_is_under_way_is_not_taken_twice_and_a_flood_is_refused_by_name() {
    let world = World::new().await;
    let mut wire = Wire::open(super::faulty(&world, 4)).await;
    let call = |id: u64| json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": "never", "arguments": {}}});
    wire.line(&call(5_000).to_string()).await;
    wire.line(&call(5_000).to_string()).await;
    let answer = wire.next().await;
    assert_eq!(
        answer["id"],
        Value::Null,
        "the other's answer is still to come"
    );
    assert_eq!(answer["error"]["code"], -32600);
    for id in 5_001..6_000 {
        wire.line(&call(id).to_string()).await;
    }
    wire.line(&call(9_999).to_string()).await;
    let answer = wire.next().await;
    assert_eq!(answer["id"], 9_999, "{answer}");
    assert_eq!(answer["error"]["code"], -31429, "{answer}");
}
