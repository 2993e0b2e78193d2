//! `confirmation.require = "human"` over HTTP: on sessions the server asks on the stream of the call, on 2026-07-28 by its answer.

use rmcp::model::ProtocolVersion;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::office::{Office, client};

const HUMAN: &str = "[confirmation]\nrequire = \"human\"\n";

fn removal() -> Value {
    json!({"system": "statuspage_team", "email": known::JANE})
}

fn accepts(typed: &str) -> Value {
    json!({"action": "accept", "content": {"typed": typed}})
}

/// What the person may do with the form besides agreeing, and what the refusal says of it.
fn other_replies() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"action": "decline"}), "the person declined"),
        (json!({"action": "cancel"}), "the person closed the form"),
        (json!({"action": "accept"}), "came back empty"),
        (
            json!({"action": "accept", "content": {}}),
            "came back empty",
        ),
        (accepts(""), "came back empty"),
        (accepts("yes"), "something else"),
        (
            json!({"action": "accept", "content": {"typed": true}}),
            "came back empty",
        ),
    ]
}

fn words(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

fn is_refused(result: &Value, says: &str) {
    assert_eq!(result["isError"], true, "{result}");
    let words = words(result);
    assert!(words.contains(says), "{says}: {words}");
    assert!(words.ends_with("Nothing was changed."), "{words}");
}

/// One call in a session of a client that can do this: what was asked on its stream, and what it was answered. The client
/// replies to each question with `reply`, which is the `result` or the `error` of its message.
async fn in_session(office: &Office, can: Value, reply: Value) -> (Vec<Value>, Value) {
    let opened = office.session_of(None, can).await;
    let id = opened.header("mcp-session-id").to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    office.in_session(None, &id, &ready).await;
    let call = json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "remove_user", "arguments": removal()}});
    let mut stream = client()
        .post(format!("{}/mcp", office.url))
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-session-id", &id)
        .header(
            "mcp-protocol-version",
            ProtocolVersion::V_2025_11_25.as_str(),
        )
        .body(call.to_string())
        .send()
        .await
        .unwrap();
    let (mut asked, mut read) = (Vec::new(), String::new());
    loop {
        let piece = stream.chunk().await.unwrap().unwrap();
        read.push_str(std::str::from_utf8(&piece).unwrap());
        while let Some((line, rest)) = read.split_once('\n') {
            let message: Value = line
                .strip_prefix("data:")
                .and_then(|data| serde_json::from_str(data).ok())
                .unwrap_or_default();
            read = rest.to_owned();
            if message["id"] == 7 && message["method"].is_null() {
                return (asked, message["result"].clone());
            }
            if message["method"] == "elicitation/create" {
                let mut answer = json!({"jsonrpc": "2.0", "id": message["id"]});
                for (key, value) in reply.as_object().unwrap() {
                    answer[key] = value.clone();
                }
                asked.push(message["params"].clone());
                let taken = office.in_session(None, &id, &answer).await;
                assert_eq!(taken.status, 202, "{taken:?}");
            }
        }
    }
}

/// One request of 2026-07-28 of a client that can do this.
async fn modern(office: &Office, can: &Value, more: Value) -> Value {
    let mut params = json!({"name": "remove_user", "arguments": removal()});
    params["_meta"] = json!({"io.modelcontextprotocol/clientCapabilities": can});
    for (key, value) in more.as_object().unwrap() {
        params[key] = value.clone();
    }
    office.ask(None, "tools/call", params, &[]).await.result()
}

/// The question as the answer of the first request, and the second request's answer to the reply.
async fn in_two_rounds(office: &Office, reply: Value) -> (Value, Value) {
    let can = json!({"elicitation": {}});
    let asks = modern(office, &can, json!({})).await;
    assert_eq!(asks["resultType"], "input_required", "{asks}");
    let more = json!({"requestState": asks["requestState"], "inputResponses": {"confirm": reply}});
    let form = asks["inputRequests"]["confirm"]["params"].clone();
    (form, modern(office, &can, more).await)
}

fn shows_the_plan(form: &Value) {
    let message = form["message"].as_str().unwrap();
    assert!(message.contains("Lost by it:"), "{message}");
    assert!(
        message.ends_with(&format!("To agree, type: {}", known::JANE)),
        "{message}"
    );
    assert_eq!(form["requestedSchema"]["required"], json!(["typed"]));
}

#[tokio::test]
async fn who_types_the_word_in_a_session_agrees() {
    let office = Office::with(HUMAN, |_| {}).await;
    let reply = json!({"result": accepts(known::JANE)});
    let (asked, done) = in_session(&office, json!({"elicitation": {}}), reply).await;
    assert_eq!(asked.len(), 1);
    shows_the_plan(&asked[0]);
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    assert_eq!(office.world.writes().len(), 1);
}

#[tokio::test]
async fn who_types_the_word_in_the_second_round_agrees_once() {
    let office = Office::with(HUMAN, |_| {}).await;
    let can = json!({"elicitation": {}});
    let asks = modern(&office, &can, json!({})).await;
    shows_the_plan(&asks["inputRequests"]["confirm"]["params"]);
    assert_eq!(office.world.writes(), Vec::<String>::new());
    let reply = json!({"requestState": asks["requestState"], "inputResponses": {"confirm": accepts(known::JANE)}});
    let done = modern(&office, &can, reply.clone()).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    let replay = modern(&office, &can, reply).await;
    assert_eq!(replay["structuredContent"]["status"], "already", "{replay}");
    assert_eq!(office.world.writes().len(), 1);
}

#[tokio::test]
async fn every_other_reply_changes_nothing_in_a_session() {
    let office = Office::with(HUMAN, |_| {}).await;
    let mut replies: Vec<(Value, &str)> = other_replies()
        .into_iter()
        .map(|(reply, says)| (json!({ "result": reply }), says))
        .collect();
    let failed = json!({"error": {"code": -32_601, "message": "what form?"}});
    replies.push((failed, "nobody answered the form"));
    for (reply, says) in replies {
        let (asked, refused) = in_session(&office, json!({"elicitation": {}}), reply).await;
        assert_eq!(asked.len(), 1);
        is_refused(&refused, says);
    }
    assert_eq!(office.world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn every_other_reply_changes_nothing_in_the_second_round() {
    let office = Office::with(HUMAN, |_| {}).await;
    let mut replies = other_replies();
    replies.push((json!("yes"), "nobody answered the form"));
    replies.push((json!({"typed": known::JANE}), "nobody answered the form"));
    for (reply, says) in replies {
        is_refused(&in_two_rounds(&office, reply).await.1, says);
    }
    assert_eq!(office.world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_without_forms_is_refused_in_both_eras() {
    let office = Office::with(HUMAN, |_| {}).await;
    let only_addresses = json!({"elicitation": {"url": {}}});
    for can in [json!({}), only_addresses] {
        let reply = json!({"result": accepts(known::JANE)});
        let (asked, refused) = in_session(&office, can.clone(), reply).await;
        assert!(asked.is_empty(), "nothing is sent to a client that cannot");
        is_refused(&refused, "elicitation");
        is_refused(&modern(&office, &can, json!({})).await, "elicitation");
    }
    // A reply that came along with a request of a client without forms was not a person's.
    let asks = modern(&office, &json!({"elicitation": {}}), json!({})).await;
    let reply = json!({"requestState": asks["requestState"], "inputResponses": {"confirm": accepts(known::JANE)}});
    is_refused(&modern(&office, &json!({}), reply).await, "elicitation");
    assert_eq!(office.world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn one_callers_reply_is_no_answer_to_anothers_form() {
    use status_roster::caller::Scope::{Read, Remove, Write};
    let settings = format!("[http]\ntokens_file = \"state/tokens.json\"\n{HUMAN}");
    let office = Office::with(&settings, |_| {}).await;
    let hers = office.token("hers", &[Read, Write, Remove]).await;
    let his = office.token("his", &[Read, Write, Remove]).await;
    let ask = async |token: &str, more: Value| {
        let mut params = json!({"name": "remove_user", "arguments": removal()});
        params["_meta"] =
            json!({"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}});
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        let reply = office.ask(Some(token), "tools/call", params, &[]).await;
        reply.result()
    };
    let asks = ask(&hers, json!({})).await;
    let reply = json!({"requestState": asks["requestState"], "inputResponses": {"confirm": accepts(known::JANE)}});
    is_refused(&ask(&his, reply.clone()).await, "another caller");
    assert_eq!(office.world.writes(), Vec::<String>::new());
    let done = ask(&hers, reply).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
}
