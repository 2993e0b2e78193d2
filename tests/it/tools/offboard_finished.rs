//! `offboard_person` that fails on the way: what ends a step, what stops the rest, and how the same token finishes its plan.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{JANE_USER, JANE_VIEWER};
use status_roster::sandbox::{Fault, Faults};

use super::offboard_person::{confirmed, jane, statuses};
use super::world::{Make, World, ask};

/// A world whose pauses pass at once.
async fn in_frozen_time() -> World {
    let clock = Clock::following("2026-01-01T00:00:00Z".parse().unwrap());
    let make = Make {
        clock,
        ..Make::default()
    };
    make.world().await
}

#[tokio::test]
async fn a_refusal_ends_its_step_and_not_the_plan() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    world
        .sandbox
        .faults(Faults::next(Fault::Forbidden, "DELETE", "/subscribers/"));
    let token = confirmed(&plan, jane());
    let done = world.result("offboard_person", token.clone()).await;
    assert_eq!(done["status"], "residual", "{done}");
    let told = statuses(&done);
    assert_eq!(told.iter().filter(|it| **it == "residual").count(), 1);
    assert_eq!(told.iter().filter(|it| **it == "applied").count(), 5);
    // Somebody gave the key the right: the same token finishes its plan.
    let done = world.result("offboard_person", token).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_twice(&world);
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_stops_the_rest_and_the_same_token_finishes_it_in_any_process() {
    let mut world = in_frozen_time().await;
    let plan = world.result("offboard_person", jane()).await;
    let mut faults = Faults::next(Fault::Status500, "DELETE", "/subscribers/");
    faults.next[0].times = 8;
    world.sandbox.faults(faults);
    let token = confirmed(&plan, jane());
    let stopped = world.result("offboard_person", token.clone()).await;
    assert_eq!(stopped["status"], "failed", "{stopped}");
    assert_eq!(statuses(&stopped)[..2], ["applied", "failed"]);
    assert!(
        statuses(&stopped)[2..]
            .iter()
            .all(|it| *it == "not_attempted")
    );
    assert_eq!(stopped["confirmation_token"], plan["confirmation_token"]);
    let next = stopped["next"].as_str().unwrap();
    assert!(next.contains("this `confirmation_token`"), "{next}");
    assert_eq!(
        world.stored_member(JANE_USER)["permissions"]
            .as_object()
            .unwrap()
            .len(),
        3
    );

    world.sandbox.faults(Faults::default());
    world.app = world.another().await;
    let done = world.result("offboard_person", token.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(statuses(&done), ["applied"; 6]);
    let again = world.result("offboard_person", token).await;
    assert_eq!(again["status"], "already", "{again}");
    let deletes = world
        .writes()
        .into_iter()
        .filter(|it| it.contains(JANE_VIEWER));
    assert_eq!(deletes.count(), 1, "what was done is not done twice");
}

#[tokio::test]
async fn two_calls_at_once_with_one_token_do_nothing_twice() {
    let world = World::new().await;
    let other = world.another().await;
    let plan = world.result("offboard_person", jane()).await;
    let token = confirmed(&plan, jane());
    let (here, there) = tokio::join!(
        world.ask("offboard_person", token.clone()),
        ask(&other, "local", "offboard_person", token)
    );
    let mut told: Vec<Value> = [here, there]
        .iter()
        .map(|answer| answer.structured().unwrap()["status"].clone())
        .collect();
    told.sort_by_key(ToString::to_string);
    assert_eq!(told, ["already", "applied"]);
    nothing_twice(&world);
}

fn nothing_twice(world: &World) {
    let requests = world.sandbox.requests();
    let done: Vec<_> = requests
        .iter()
        .filter(|it| it.method != "GET" && it.fault.is_none())
        .map(|it| (&it.method, &it.target, &it.body))
        .collect();
    let once: std::collections::BTreeSet<_> = done.iter().collect();
    assert_eq!(done.len(), once.len(), "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_to_be_gone_that_could_not_be_looked_at() {
    let world = in_frozen_time().await;
    let down = |path: &str| {
        let mut faults = Faults::next(Fault::Status500, "GET", path);
        faults.next[0].times = u32::MAX;
        world.sandbox.faults(faults);
    };
    let plan = world.result("offboard_person", jane()).await;
    let token = confirmed(&plan, jane());
    // The list of pages fails: four of the six steps are of a page.
    down("/pages");
    let part = world.result("offboard_person", token.clone()).await;
    assert_eq!(part["status"], "partial", "{part}");
    assert_eq!(part["progress"], json!({"done": 2, "total": 6}), "{part}");
    assert!(part["unknown"].to_string().contains("list of pages"));
    world.sandbox.faults(Faults::default());
    let done = world.result("offboard_person", token).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_twice(&world);
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_which_nothing_can_be_read_keeps_its_token() {
    let world = in_frozen_time().await;
    let plan = world.result("offboard_person", jane()).await;
    let token = confirmed(&plan, jane());
    let mut faults = Faults::next(Fault::Status500, "GET", "");
    faults.next[0].times = u32::MAX;
    world.sandbox.faults(faults);
    let unread = world.result("offboard_person", token.clone()).await;
    assert_eq!(unread["status"], "reading", "{unread}");
    assert_eq!(unread["refused"], "could_not_read", "{unread}");
    assert_eq!(unread["confirmation_token"], plan["confirmation_token"]);
    assert_eq!(world.writes(), Vec::<String>::new());
    let nothing = world.result("offboard_person", jane()).await;
    assert_eq!(nothing["status"], "incomplete", "{nothing}");
    world.sandbox.faults(Faults::default());
    let done = world.result("offboard_person", token).await;
    assert_eq!(done["status"], "applied", "{done}");
}
