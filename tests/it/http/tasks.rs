//! Tasks over HTTP: each request stands alone, and a task is still only its caller's.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults};

use super::office::{Office, Reply};

/// What a client says of itself that knows the extension.
fn knows_tasks(mut params: Value) -> Value {
    let capabilities = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
    params["_meta"] = json!({"io.modelcontextprotocol/clientCapabilities": capabilities});
    params
}

async fn about(office: &Office, token: &str, method: &str, id: &str) -> Reply {
    let params = match method {
        "tasks/update" => json!({"taskId": id, "inputResponses": {}}),
        _ => json!({"taskId": id}),
    };
    let mut params = knows_tasks(params);
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"]["elicitation"] = json!({});
    office.ask(Some(token), method, params, &[]).await
}

#[tokio::test]
async fn a_task_is_asked_after_by_other_requests_of_its_caller_and_by_nobody_else() {
    let office = Office::with_tokens().await;
    let hers = office.token("hers", &[Scope::Read]).await;
    let his = office.token("his", &[Scope::Read]).await;
    office.world.sandbox.faults(Faults {
        slow_ms: 1_500,
        ..Faults::next(Fault::Slow, "GET", "/users")
    });
    let call = knows_tasks(json!({"name": "list_org_users", "arguments": {}}));
    let made = office.ask(Some(&hers), "tools/call", call, &[]).await;
    let made = made.result();
    assert_eq!(
        (&made["resultType"], &made["status"]),
        (&json!("task"), &json!("working")),
        "{made}"
    );
    let id = made["taskId"].as_str().unwrap();

    let unknown = "0".repeat(32);
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let foreign = about(&office, &his, method, id).await.messages();
        let none = about(&office, &his, method, &unknown).await.messages();
        assert_eq!(
            foreign[0]["error"]["code"], -32_602,
            "{method}: {foreign:?}"
        );
        let told = foreign[0].to_string().replace(id, &unknown);
        assert_eq!(told, none[0].to_string(), "{method}");
    }

    let mut found = about(&office, &hers, "tasks/get", id).await.result();
    while found["status"] == "working" {
        Clock::system().sleep(Duration::from_millis(50)).await;
        found = about(&office, &hers, "tasks/get", id).await.result();
    }
    assert_eq!(found["status"], "completed", "nobody cancelled it: {found}");
    let result = &found["result"]["structuredContent"];
    assert_eq!(result["complete"], true, "{found}");
    assert!(!result["records"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_task_was_made_does_not_end_it() {
    let office = Office::open().await;
    office.world.sandbox.faults(Faults {
        slow_ms: 1_500,
        ..Faults::next(Fault::Slow, "GET", "/users")
    });
    let call = knows_tasks(json!({"name": "list_org_users", "arguments": {}}));
    let close = [("connection", "close")];
    let made = office.ask(None, "tools/call", call, &close).await.result();
    let id = made["taskId"].as_str().unwrap().to_owned();
    let mut found = json!({"status": "working"});
    while found["status"] == "working" {
        Clock::system().sleep(Duration::from_millis(50)).await;
        let asked = knows_tasks(json!({"taskId": id}));
        found = office.ask(None, "tasks/get", asked, &[]).await.result();
    }
    assert_eq!(found["status"], "completed", "{found}");
    assert_eq!(found["result"]["structuredContent"]["complete"], true);
}
