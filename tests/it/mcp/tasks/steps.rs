//! Tasks of many steps: how far they go, and where they stop.

use rmcp::model::{CancelTaskParams, TaskStatus};
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, known};
use std::time::Duration;

use super::{begin, beyond, connected, removal, result};
use crate::mcp::client::{Client, Running};
use crate::tools::world::{Make, World};

/// A page's viewers, to become an empty list: many steps, each with its own request.
async fn many_steps(client: &Running) -> Value {
    let wanted = json!({"page_id": known::AUDIENCE_PAGE, "desired": [{"email": known::JANE}], "removal_cap": 500});
    let id = begin(client, "sync_page_viewers", &wanted).await;
    let plan = result(client, &id).await;
    let plan = &plan["structuredContent"];
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let mut confirmed = wanted;
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    confirmed
}

async fn small() -> World {
    let make = Make {
        sandbox: status_roster::sandbox::Settings {
            viewers: 12,
            ..Make::default().sandbox
        },
        server: "mode = \"write\"\nmax_wait_seconds = 1".to_owned(),
        ..Make::default()
    };
    make.world().await
}

fn slow_removals(world: &World, times: u32) {
    let mut faults = Faults {
        slow_ms: 300,
        ..Faults::next(Fault::Slow, "DELETE", "/page_access_users")
    };
    faults.next[0].times = times;
    world.sandbox.faults(faults);
}

#[tokio::test]
async fn a_cancelled_task_stops_between_two_steps_and_the_record_says_how_far_it_came() {
    let world = small().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    let confirmed = many_steps(&client).await;
    slow_removals(&world, 50);
    let id = begin(&client, "sync_page_viewers", &confirmed).await;
    while world.writes().len() < 2 {
        Clock::system().sleep(Duration::from_millis(10)).await;
    }
    client
        .cancel_task(CancelTaskParams::new(&*id))
        .await
        .unwrap();
    // What was made is told, so it ends with a report rather than with nothing.
    let told = result(&client, &id).await;
    let report = &told["structuredContent"];
    assert_eq!(report["status"], "partial", "{told}");
    let made = report["progress"]["done"].as_u64().unwrap();
    assert!((1..11).contains(&made), "{report}");
    assert_eq!(world.writes().len() as u64, made);
    let kind = |kind: &str| {
        let audit = world.audit();
        audit.iter().filter(|line| line["kind"] == kind).count() as u64
    };
    assert_eq!((kind("intent"), kind("outcome")), (made, made));
    // Cancelling what has ended changes nothing.
    client
        .cancel_task(CancelTaskParams::new(&*id))
        .await
        .unwrap();
    assert_eq!(result(&client, &id).await, told);
}

#[tokio::test]
async fn a_task_cancelled_before_its_first_step_changes_nothing_and_says_so() {
    let world = small().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    world.sandbox.faults(Faults {
        slow_ms: 400,
        ..Faults::next(Fault::Slow, "GET", "")
    });
    let id = begin(&client, "remove_user", &removal()).await;
    client
        .cancel_task(CancelTaskParams::new(&*id))
        .await
        .unwrap();
    let ended = beyond(&client, &id, TaskStatus::Working).await;
    assert_eq!(ended.status(), TaskStatus::Cancelled);
    let words = ended.task.status_message.unwrap();
    assert!(words.ends_with("Nothing was changed."), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_task_goes_on_where_a_plain_call_would_stop() {
    let world = small().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    let confirmed = many_steps(&client).await;
    // Twelve steps of 0.3 s, where a plain call answers after 1 s.
    slow_removals(&world, 50);
    let id = begin(&client, "sync_page_viewers", &confirmed).await;
    let report = result(&client, &id).await;
    assert_eq!(report["structuredContent"]["status"], "applied", "{report}");
    assert!(world.writes().len() > 5);
}

#[tokio::test]
async fn a_server_that_stops_ends_a_task_between_two_steps() {
    let world = small().await;
    let client = connected(&world, &Client::without_forms().and_tasks()).await;
    let confirmed = many_steps(&client).await;
    slow_removals(&world, 50);
    begin(&client, "sync_page_viewers", &confirmed).await;
    while world.writes().len() < 2 {
        Clock::system().sleep(Duration::from_millis(10)).await;
    }
    let drained = world.app.catalogue.drain();
    tokio::time::timeout(Duration::from_secs(3), drained)
        .await
        .unwrap();
    assert!(world.writes().len() < 11, "it did not go on to its end");
    let audit = world.audit();
    let kind = |kind: &str| audit.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!(kind("intent"), kind("outcome"));
}
