//! What is no proper request is answered by name, sends nothing upstream, and does not end the conversation.

use serde_json::{Value, json};
use status_roster::sandbox::{self, known};

use super::at;
use super::session::Session;

/// The words of a refusal, wherever the protocol puts them.
fn words(answer: &Value) -> &str {
    let error = answer["error"]["message"].as_str();
    let text = || {
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        answer["result"]["content"][0]["text"].as_str()
    };
    error.or_else(text).unwrap()
}

#[tokio::test]
async fn lines_that_are_no_requests_are_answered_each() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Session::open(at(&sandbox, folder.path())).await;
    let endless = [
        b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"".as_slice(),
        &[b'x'; 5 << 20],
        b"\"}",
    ];
    let lines: [(&[u8], i64); 10] = [
        (b"{", -32700),
        (b"not json", -32700),
        (b"\xff\xfe\x00", -32700),
        (
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc3\x28\"}",
            -32700,
        ),
        (&endless.concat(), -32600),
        (
            b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
            -32600,
        ),
        (b"42", -32600),
        (b"null", -32600),
        (
            b"{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}",
            -32600,
        ),
        (b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":[]}", -32600),
    ];
    for (line, code) in lines {
        let shown = String::from_utf8_lossy(line.get(..60).unwrap_or(line)).into_owned();
        server.line(line).await;
        let answer = server.hear().await;
        assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
        assert!(!words(&answer).is_empty());
        let alive = server.ask("ping", json!({})).await;
        assert!(alive["result"].is_object(), "after {shown}: {alive}");
    }
    assert_eq!(sandbox.requests(), []);
    assert!(server.close().await.success());
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_refused_before_anything_is_sent() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = at(&sandbox, folder.path());
    command.arg("--allow-writes");
    let mut server = Session::open(command).await;
    let long = "x".repeat(1 << 20);
    let page = known::AUDIENCE_PAGE;
    let mut calls = vec![
        ("list_org_users", json!({"email": 5})),
        ("list_org_users", json!({"emial": known::JANE})),
        ("list_org_users", json!({"limit": -1})),
        ("list_org_users", json!({"limit": 1e300})),
        ("list_org_users", json!({"limit": 100_000})),
        ("list_org_users", json!({"email": long})),
        ("list_org_users", json!({"cursor": long})),
        ("list_page_access_users", json!({})),
        ("list_page_access_users", json!({"page_id": ["a"]})),
        ("set_permissions", json!({"user_id": "u", "grant": "all"})),
        (
            "set_permissions",
            json!({"user_id": "u", "grant": [{"page_id": page, "roles": ["king"]}]}),
        ),
        (
            "remove_user",
            json!({"system": "everything", "email": known::JANE}),
        ),
        (
            "add_page_viewer",
            json!({"page_id": page, "email": "two@@example.org"}),
        ),
        (&long, json!({})),
        ("no_such_tool", json!({})),
    ];
    for id in ["../x", "%2e%2e", "a%2Fb", ".", "..", "", "a\u{0}b", &long] {
        calls.push(("list_page_access_users", json!({"page_id": id})));
        calls.push(("get_permissions", json!({"user_id": id})));
        let viewer = json!({"system": "statuspage_page", "page_id": page, "user_id": id});
        calls.push(("remove_user", viewer));
    }
    for (tool, arguments) in calls {
        let params = json!({"name": tool, "arguments": arguments});
        let answer = server.ask("tools/call", params).await;
        let shown: String = format!("{tool} {arguments}").chars().take(90).collect();
        let words = words(&answer);
        assert!(
            words.len() < 2_000,
            "{shown}: {} bytes of words",
            words.len()
        );
        assert!(
            answer["error"].is_object() || words.ends_with("Nothing was changed."),
            "{shown}: {words}"
        );
        assert_eq!(sandbox.requests(), [], "{shown}");
    }
    // What may be the name of a page is looked for in the list of pages, and enters no path.
    for name in ["a/b", "a b", "ä"] {
        let answer = server
            .call("list_page_access_users", json!({"page_id": name}))
            .await;
        assert_eq!(answer["isError"], true, "{name}: {answer}");
        let asked = sandbox.requests();
        assert!(asked.iter().all(|it| it.target == "/v1/pages"), "{asked:?}");
    }
    let before = sandbox.requests().len();
    let params = json!({"name": "list_pages", "arguments": "none"});
    let answer = server.ask("tools/call", params).await;
    assert!(answer["error"]["code"].is_i64(), "{answer}");
    assert_eq!(sandbox.requests().len(), before);
    let fine = server.call("list_pages", json!({})).await;
    assert_eq!(fine["structuredContent"]["complete"], true, "{fine}");
}
