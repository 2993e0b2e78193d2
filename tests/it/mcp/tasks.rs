//! Long calls as tasks: made, asked after, answered and cancelled by a client of 2026-07-28 that knows the extension.

mod steps;
mod store;

use std::time::Duration;

use rmcp::model::{
    CallToolResponse, CancelTaskParams, DetailedTask, GetTaskParams, TaskPayload, TaskStatus,
    UpdateTaskParams,
};
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::mcp::tasks::Bounds;
use status_roster::sandbox::{Fault, Faults, known};

use super::client::{Client, Does, ERAS, Era, Running, call, request};
use crate::tools::world::{Make, World};

/// Every call that reads anything is a task.
fn all_of_them() -> Bounds {
    Bounds {
        at_once: Duration::ZERO,
        ..Bounds::default()
    }
}

async fn connected(world: &World, client: &Client) -> Running {
    let handler = world.app.handler().with_tasks(all_of_them());
    client.connect_to(handler, Era::Modern).await
}

/// Calls, and takes the task's id.
async fn begin(client: &Running, tool: &'static str, arguments: &Value) -> String {
    let answer = client.call_tool_once(request(tool, arguments)).await;
    let CallToolResponse::Task(made) = answer.unwrap() else {
        unreachable!("not a task");
    };
    assert_eq!(made.task.status, TaskStatus::Working);
    assert_eq!(made.task.ttl_ms, Some(3_600_000));
    assert_eq!(made.task.poll_interval_ms, Some(3_000));
    made.task.task_id
}

/// Asks after it until it is no longer as it was.
async fn beyond(client: &Running, id: &str, status: TaskStatus) -> DetailedTask {
    for _ in 0..1_000 {
        let found = client.get_task(GetTaskParams::new(id)).await.unwrap().task;
        if found.status() != status {
            return found;
        }
        Clock::system().sleep(Duration::from_millis(10)).await;
    }
    unreachable!("still {status:?} after 10 s");
}

/// What it ends with.
async fn result(client: &Running, id: &str) -> Value {
    match beyond(client, id, TaskStatus::Working).await.payload {
        TaskPayload::Completed { result } => Value::Object(result),
        other => unreachable!("{other:?}"),
    }
}

fn removal() -> Value {
    json!({"system": "statuspage_team", "email": known::JANE})
}

fn refused(error: &rmcp::ServiceError) -> (i32, String) {
    match error {
        rmcp::ServiceError::McpError(error) => (error.code.0, error.message.to_string()),
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn a_task_ends_with_what_a_plain_call_answers() {
    let world = World::new().await;
    let tasks = connected(&world, &Client::without_forms().and_tasks()).await;
    let plain = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let all = json!({"max_age_s": 600, "limit": 3});
    let id = begin(&tasks, "list_org_users", &all).await;
    let by_task = result(&tasks, &id).await;
    let plainly = call(&plain, "list_org_users", &all).await;
    let mut plainly = serde_json::to_value(plainly).unwrap();
    for of in [&by_task, &plainly] {
        let text = of["content"][0]["text"].as_str().unwrap();
        let told: Value = serde_json::from_str(text).unwrap();
        assert_eq!(told, of["structuredContent"], "the text says the same");
    }
    // Two calls of one snapshot differ in the cursor's nonce and in the budget alone.
    let mut by_task = by_task["structuredContent"].clone();
    let plainly = &mut plainly["structuredContent"];
    for of in [&mut by_task, plainly] {
        assert!(of["next_cursor"].is_string());
        of["next_cursor"].take();
        of["rate"].take();
    }
    assert_eq!(by_task, *plainly);
}

#[tokio::test]
async fn a_removal_is_planned_confirmed_and_made_as_tasks() {
    let world = World::new().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    let id = begin(&client, "remove_user", &removal()).await;
    let plan = result(&client, &id).await;
    assert_eq!(plan["isError"], false);
    let plan = &plan["structuredContent"];
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(world.writes(), Vec::<String>::new());

    let mut confirmed = removal();
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    let id = begin(&client, "remove_user", &confirmed).await;
    let done = result(&client, &id).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    assert_eq!(world.writes().len(), 1);
    let again = client.get_task(GetTaskParams::new(&*id)).await.unwrap();
    assert_eq!(again.task.status(), TaskStatus::Completed, "it is kept");
}

#[tokio::test]
async fn a_refusal_is_an_end_like_any_other() {
    let world = World::new().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    world
        .sandbox
        .faults(Faults::next(Fault::Forbidden, "GET", ""));
    let id = begin(&client, "get_permissions", &json!({"email": known::JANE})).await;
    let ended = result(&client, &id).await;
    assert_eq!(ended["isError"], true, "{ended}");
    assert!(ended["structuredContent"].is_null());
    let words = ended["content"][0]["text"].as_str().unwrap();
    assert!(words.ends_with("Nothing was changed."), "{words}");
}

#[tokio::test]
async fn what_is_answered_at_once_is_no_task() {
    let world = World::new().await;
    let client = Client::without_forms().and_tasks();
    let running = client.connect(&world.app, Era::Modern).await;
    let answer = running.call_tool_once(request("server_status", &json!({})));
    let CallToolResponse::Complete(status) = answer.await.unwrap() else {
        unreachable!("a task");
    };
    assert!(status.structured_content.is_some());
    let unknown = running.call_tool_once(request("no_such_tool", &json!({})));
    assert!(matches!(
        unknown.await.unwrap(),
        CallToolResponse::Complete(_)
    ));
}

#[tokio::test]
async fn without_the_extension_every_call_is_plain_and_there_are_no_tasks() {
    let world = World::new().await;
    for era in ERAS {
        let handler = world.app.handler().with_tasks(all_of_them());
        let client = Client::without_forms().connect_to(handler, era).await;
        let answer = client.call_tool_once(request("list_pages", &json!({})));
        assert!(
            matches!(answer.await.unwrap(), CallToolResponse::Complete(_)),
            "{era:?}"
        );
        let error = client.get_task(GetTaskParams::new("0")).await.unwrap_err();
        assert_eq!(refused(&error).0, -32_021, "{era:?}");
    }
}

#[tokio::test]
async fn a_session_is_not_offered_tasks() {
    let world = World::new().await;
    let client = Client::without_forms().and_tasks();
    let handler = world.app.handler().with_tasks(all_of_them());
    let running = client.connect_to(handler, Era::Session).await;
    let offered = running.peer_info().unwrap().capabilities.clone();
    assert!(!offered.supports_tasks());
    let answer = running.call_tool_once(request("list_pages", &json!({})));
    assert!(matches!(
        answer.await.unwrap(),
        CallToolResponse::Complete(_)
    ));
    let modern = client.connect(&world.app, Era::Modern).await;
    assert!(modern.peer_info().unwrap().capabilities.supports_tasks());
}

#[tokio::test]
async fn a_task_that_is_none_is_refused_with_what_to_do() {
    let world = World::new().await;
    let client = connected(&world, &Client::with_forms(Does::Declines).and_tasks()).await;
    let answers = UpdateTaskParams::new("no\u{202e}ne", [].into());
    let errors = [
        client
            .get_task(GetTaskParams::new("no\u{202e}ne"))
            .await
            .unwrap_err(),
        client
            .cancel_task(CancelTaskParams::new("no\u{202e}ne"))
            .await
            .unwrap_err(),
        client.update_task(answers).await.unwrap_err(),
    ];
    for error in errors {
        let (code, words) = refused(&error);
        assert_eq!(code, -32_602);
        assert!(words.starts_with("there is no task `none`."), "{words}");
        assert!(words.contains("Nothing was changed"), "{words}");
    }
}

#[tokio::test]
async fn a_task_asks_the_person_and_takes_only_what_a_client_with_forms_sends() {
    let make = Make {
        more: "[confirmation]\nrequire = \"human\"\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let handler = world.app.handler().with_tasks(all_of_them());
    let with_forms = Client::with_forms(Does::Declines).and_tasks();
    let client = with_forms.connect_to(handler.clone(), Era::Modern).await;
    let id = begin(&client, "remove_user", &removal()).await;
    let asks = beyond(&client, &id, TaskStatus::Working).await;
    let TaskPayload::InputRequired { input_requests } = asks.payload else {
        unreachable!("{asks:?}");
    };
    let (key, form) = input_requests.into_iter().next().unwrap();
    let message = serde_json::to_value(form).unwrap()["params"]["message"].clone();
    assert!(message.as_str().unwrap().contains(known::JANE), "{message}");

    let reply = |key: &str, typed: &str| {
        let reply = json!({"action": "accept", "content": {"typed": typed}});
        UpdateTaskParams::new(&*id, [(key.to_owned(), reply)].into())
    };
    let formless = Client::without_forms().and_tasks();
    let formless = formless.connect_to(handler, Era::Modern).await;
    let error = formless.update_task(reply(&key, known::JANE)).await;
    assert_eq!(refused(&error.unwrap_err()).0, -32_021);
    client
        .update_task(reply("another_key", known::JANE))
        .await
        .unwrap();
    let still = client.get_task(GetTaskParams::new(&*id)).await.unwrap();
    assert_eq!(still.task.status(), TaskStatus::InputRequired);
    assert_eq!(world.writes(), Vec::<String>::new());

    client.update_task(reply(&key, known::JANE)).await.unwrap();
    let done = result(&client, &id).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_task_whose_person_says_no_or_is_not_waited_for_changes_nothing() {
    let make = Make {
        more: "[confirmation]\nrequire = \"human\"\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let client = connected(&world, &Client::with_forms(Does::Declines).and_tasks()).await;
    let id = begin(&client, "remove_user", &removal()).await;
    beyond(&client, &id, TaskStatus::Working).await;
    let no = UpdateTaskParams::new(
        &*id,
        [("input_1".to_owned(), json!({"action": "decline"}))].into(),
    );
    client.update_task(no).await.unwrap();
    let ended = result(&client, &id).await;
    let words = ended["content"][0]["text"].as_str().unwrap();
    assert!(words.contains("the person declined"), "{words}");

    let id = begin(&client, "remove_user", &removal()).await;
    beyond(&client, &id, TaskStatus::Working).await;
    client
        .cancel_task(CancelTaskParams::new(&*id))
        .await
        .unwrap();
    let ended = beyond(&client, &id, TaskStatus::InputRequired).await;
    let ended = match ended.status() {
        TaskStatus::Working => beyond(&client, &id, TaskStatus::Working).await,
        _ => ended,
    };
    assert_eq!(ended.status(), TaskStatus::Cancelled, "{ended:?}");
    let words = ended.task.status_message.unwrap();
    assert!(words.ends_with("Nothing was changed."), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());
}
