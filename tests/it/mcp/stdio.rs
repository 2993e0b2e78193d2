//! The protocol line by line: whatever comes in is answered, and no call holds up the others or goes on for nobody.

mod faulty;
mod unreadable;
mod wire;

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::mcp::Handler;
use status_roster::sandbox::{self, known};
use status_roster::toolkit::{Catalogue, Limits};
use std::sync::Arc;

use crate::tools::world::{Make, World};
use faulty::{Crowded, Never, Panics};
use wire::Wire;

/// A server with tools that misbehave.
fn faulty(world: &World, concurrent: usize) -> Handler {
    let limits = Limits {
        concurrent,
        ..Limits::default()
    };
    let catalogue = Catalogue::new(limits)
        .with::<Crowded>()
        .with::<Never>()
        .with::<Panics>();
    Handler::new(world.app.access.clone(), Arc::new(catalogue))
}

fn words(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().unwrap()
}

#[tokio::test]
async fn a_line_that_is_not_json_is_answered_and_the_next_one_works() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    for broken in ["{\"jsonrpc\": \"2.0\", ", "hello", "\u{7f}"] {
        wire.line(broken).await;
        let answer = wire.next().await;
        assert_eq!(answer["error"]["code"], -32700, "{answer}");
        assert!(answer["id"].is_null());
    }
    let answer = wire.ask("tools/list", json!({})).await;
    assert!(!answer["result"]["tools"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_line_over_four_mebibytes_is_answered_and_the_next_one_works() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    let padding = "x".repeat(4 * 1024 * 1024);
    wire.line(&format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"{padding}\"}}"
    ))
    .await;
    let answer = wire.next().await;
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("4194304 bytes")
    );
    let answer = wire.ask("tools/list", json!({})).await;
    assert!(answer["result"].is_object());
}

#[tokio::test]
async fn a_tool_that_panics_is_answered() {
    let world = World::new().await;
    let mut wire = Wire::open(faulty(&world, 4)).await;
    let answer = wire.call("panics", json!({})).await;
    assert_eq!(answer["result"]["isError"], true);
    assert!(
        words(&answer).contains("a defect of this server"),
        "{answer}"
    );
    let answer = wire.call("panics", json!({})).await;
    assert_eq!(answer["result"]["isError"], true, "the server lives on");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_is_answered_before_clients_give_up() {
    let world = World::new().await;
    let mut wire = Wire::open(faulty(&world, 4)).await;
    let began = tokio_now();
    let answer = wire.call("never", json!({})).await;
    assert_eq!(answer["result"]["isError"], true);
    assert!(
        words(&answer).contains("has not finished after 55 s"),
        "{answer}"
    );
    assert!(words(&answer).ends_with("Nothing was changed."), "{answer}");
    assert!(tokio_now() - began < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_under_way_when_the_client_closes_its_side_are_answered() {
    let world = World::new().await;
    let mut wire = Wire::open(faulty(&world, 4)).await;
    let id = wire
        .send("tools/call", json!({"name": "never", "arguments": {}}))
        .await;
    wire.close().await;
    let answer = wire.next().await;
    assert_eq!(answer["id"], id);
    assert!(
        words(&answer).contains("has not finished after 55 s"),
        "{answer}"
    );
    assert!(wire.is_closed().await);
}

#[expect(clippy::disallowed_methods, reason = "the test's own paused time")]
fn tokio_now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

#[tokio::test]
async fn no_more_calls_run_at_once_than_allowed() {
    let world = World::new().await;
    let mut wire = Wire::open(faulty(&world, 2)).await;
    for _ in 0..6 {
        wire.send("tools/call", json!({"name": "crowded", "arguments": {}}))
            .await;
    }
    let mut most = 0;
    for _ in 0..6 {
        let answer = wire.next().await;
        let together = answer["result"]["structuredContent"]["together"]
            .as_u64()
            .unwrap();
        most = most.max(together);
    }
    assert_eq!(most, 2);
}

#[tokio::test]
async fn a_cancelled_call_sends_no_further_request() {
    // Three requests a minute: the list waits for a slot after the third.
    let sandbox = sandbox::Settings {
        requests_per_window: 3,
        window: Duration::from_secs(60),
        ..sandbox::Settings::default()
    };
    let statuspage = "reserve = 0".to_owned();
    let world = Make {
        sandbox,
        statuspage,
        ..Make::default()
    }
    .world()
    .await;
    let mut wire = Wire::open(world.app.handler()).await;
    let list = json!({"name": "list_page_access_users", "arguments": {"page_id": known::AUDIENCE_PAGE, "email": null, "limit": 200, "max_age_s": 0}});
    let id = wire.send("tools/call", list).await;
    let asked = || world.sandbox.requests().len();
    for _ in 0..500 {
        if asked() == 2 || asked() == 3 {
            break;
        }
        tokio::task::yield_now().await;
        pause().await;
    }
    wire.notify("notifications/cancelled", json!({"requestId": id}))
        .await;
    // Everything that runs has ended: nothing is left that could send.
    tokio::time::timeout(Duration::from_secs(10), world.app.catalogue.drain())
        .await
        .unwrap();
    let then = asked();
    assert!((2..=3).contains(&then), "{then}");
    pause().await;
    assert_eq!(asked(), then);
}

/// A moment of real time: the sandbox answers over a real socket.
#[expect(
    clippy::disallowed_methods,
    reason = "waits for a socket, not for a clock"
)]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[tokio::test]
async fn progress_begins_at_once_grows_strictly_and_ends_before_the_answer() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    let call = json!({
        "name": "list_page_access_users",
        "arguments": {"page_id": known::AUDIENCE_PAGE, "email": null, "limit": 200, "max_age_s": 0},
        "_meta": {"progressToken": "p1"},
    });
    wire.send("tools/call", call).await;
    let mut told = Vec::new();
    let answer = loop {
        let next = wire.next().await;
        if next["method"] != "notifications/progress" {
            break next;
        }
        assert_eq!(next["params"]["progressToken"], "p1");
        told.push(next["params"].clone());
    };
    assert!(answer["result"].is_object(), "{answer}");
    assert_eq!(told[0]["progress"], 0.0);
    assert!(told.len() > 2, "{told:?}");
    let values: Vec<f64> = told
        .iter()
        .map(|it| it["progress"].as_f64().unwrap())
        .collect();
    assert!(
        values.windows(2).all(|pair| pair[0] < pair[1]),
        "{values:?}"
    );
}

#[tokio::test]
async fn without_a_progress_token_nothing_but_the_answer_comes() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    let answer = wire.call("list_pages", json!({})).await;
    assert_eq!(answer["result"]["structuredContent"]["complete"], true);
}

#[tokio::test]
async fn a_result_for_programs_has_the_order_of_its_text() {
    let world = World::new().await;
    let mut wire = Wire::open(world.app.handler()).await;
    for (tool, arguments) in [
        ("list_pages", json!({})),
        ("find_person", json!({"email": known::JANE})),
        ("review_access", json!({})),
        (
            "remove_user",
            json!({"system": "statuspage_team", "email": known::JANE}),
        ),
    ] {
        let answer = wire.call(tool, arguments).await;
        let structured = &answer["result"]["structuredContent"];
        if structured.is_null() {
            assert_eq!(answer["result"]["isError"], true, "{answer}");
            continue;
        }
        assert_eq!(structured.to_string(), words(&answer), "{tool}");
    }
}
