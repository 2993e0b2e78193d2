//! A server with the toolset on, and the two calls of a confirmation.

use serde_json::Value;
use status_roster::sandbox::{Fault, Faults, Next};

use crate::tools::world::{Make, World};

/// The configuration that turns it on.
pub(super) const ON: &str = "[toolsets]\nenabled = [\"access\", \"operations\"]\n";

pub(super) async fn world() -> World {
    let mut make = Make {
        more: ON.to_owned(),
        ..Make::default()
    };
    make.sandbox.viewers = 60;
    make.world().await
}

/// Plans and confirms: the plan, and what became of it.
pub(super) async fn confirmed(world: &World, tool: &str, mut arguments: Value) -> (Value, Value) {
    let sent = world.writes().len();
    let plan = world.result(tool, arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{tool}: {plan}");
    assert_eq!(
        world.writes().len(),
        sent,
        "{tool} sent something without a confirmation"
    );
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result(tool, arguments).await;
    (plan, done)
}

/// The last request that changed something: method, path and body.
pub(super) fn last_write(world: &World) -> (String, String, Value) {
    let all = world.sandbox.requests();
    let last = all.iter().rev().find(|it| it.method != "GET").unwrap();
    let path = last.target.replace("/v1", "");
    (
        last.method.clone(),
        path,
        serde_json::from_str(&last.body).unwrap_or_default(),
    )
}

/// The next write is carried out, and its answer is lost.
pub(super) fn lose_the_next_answer(world: &World, method: &str) {
    world.sandbox.faults(Faults {
        next: vec![Next {
            fault: Fault::LostAnswer,
            times: 1,
            after: 0,
            method: Some(method.to_owned()),
            path: None,
        }],
        ..Faults::default()
    });
}

/// A row of a page as the sandbox holds it.
pub(super) fn stored(world: &World, page: &str, what: &str, id: &str) -> Value {
    let page = world.stored_page(page);
    let rows = page[what].as_array().unwrap();
    rows.iter()
        .find(|it| it["id"] == id)
        .cloned()
        .unwrap_or_default()
}
