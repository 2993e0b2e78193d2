//! `find_person`: everything by address, and what could not be seen is never called nothing.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, JANE_VIEWER, PRIVATE_PAGE, PUBLIC_PAGE};
use status_roster::sandbox::{Fault, Faults, Next};

use super::world::{Make, World};

fn kinds(found: &Value) -> Vec<String> {
    let each = found["records"].as_array().unwrap().iter();
    each.map(|account| {
        let page = account["scope"]["id"].as_str().unwrap_or_default();
        format!("{} {page}", account["kind"].as_str().unwrap())
    })
    .collect()
}

#[tokio::test]
async fn one_address_shows_every_account_and_what_it_gives() {
    let world = World::new().await;
    let found = world
        .result("find_person", json!({"email": JANE, "detail": true}))
        .await;
    assert_eq!(found["verdict"], "found");
    assert_eq!(
        kinds(&found),
        [
            "team_member exampleorg01".to_owned(),
            format!("page_access_user {AUDIENCE_PAGE}"),
            format!("subscriber {AUDIENCE_PAGE}"),
            format!("subscriber {PUBLIC_PAGE}"),
            format!("subscriber {PUBLIC_PAGE}"),
        ]
    );
    let roles = found["records"][0]["page_roles"].as_array().unwrap();
    assert_eq!(roles.len(), 3, "{roles:?}");
    let sees = &found["records"][1]["access"];
    assert_eq!(sees["groups"].as_array().unwrap().len(), 2, "{sees}");
    let components = sees["components"].as_array().unwrap();
    let direct = components.iter().find(|it| it["direct"] == true).unwrap();
    assert_eq!(direct["id"], "componentapi");
    let by_group = |it: &&Value| !it["by_groups"].as_array().unwrap().is_empty();
    assert!(
        components.iter().filter(by_group).count() > 1,
        "{components:?}"
    );
    assert!(components.iter().all(|it| it["name"].is_string()), "{sees}");
    // One of Jane's two subscriptions to the public page is quarantined: lists leave it out unless they are asked.
    assert!(found["records"].to_string().contains("quarantined"));
    assert_eq!(found["complete"], true);
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_account_gives_is_read_where_it_is_asked_for_and_groups_are_named_at_once() {
    let world = World::new().await;
    let found = world.result("find_person", json!({"email": JANE})).await;
    let viewer = &found["records"][1];
    assert!(viewer["access"].is_null(), "{viewer}");
    let groups = viewer["in_groups"].as_array().unwrap();
    let names: Vec<&str> = groups.iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["Enterprise EU", "Payments customers"]);
    let asked = world.sandbox.requests();
    let of_a_viewer = |it: &&status_roster::sandbox::Request| it.target.contains(JANE_VIEWER);
    assert_eq!(asked.iter().filter(of_a_viewer).count(), 0);
}

#[tokio::test]
async fn it_costs_one_request_for_each_page_and_kind_and_the_team() {
    let world = World::new().await;
    let nobody = json!({"email": "nobody@example.com"});
    let found = world.result("find_person", nobody.clone()).await;
    assert_eq!(found["verdict"], "none");
    // 250 team members are three pages; the list of pages; three pages with two kinds each. Of each kind the first long list is looked
    // into once, to see how Statuspage's search compares.
    let first = 3 + 1 + 6 + 2 * 2;
    assert_eq!(world.sandbox.report().requests, first);
    assert_eq!(world.sandbox.report().unpaginated_hits, 0);
    world.result("find_person", nobody).await;
    assert_eq!(
        world.sandbox.report().requests,
        first,
        "asked again within a minute: no request"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_never_called_no_access() {
    let world = World::new().await;
    let next = Next {
        fault: Fault::Forbidden,
        times: 9,
        after: 0,
        method: Some("GET".to_owned()),
        path: Some(format!("{PRIVATE_PAGE}/page_access_users")),
    };
    world.sandbox.faults(Faults {
        next: vec![next],
        ..Faults::default()
    });
    let found = world
        .result("find_person", json!({"email": "nobody@example.com"}))
        .await;
    assert_eq!(found["verdict"], "unknown");
    assert_eq!(found["complete"], false);
    let what = found["unknown"][0]["what"].as_str().unwrap();
    assert!(
        what.contains("page access users") && what.contains(PRIVATE_PAGE),
        "{what}"
    );
    assert!(
        found["unknown"][0]["why"]
            .as_str()
            .unwrap()
            .contains("does not allow")
    );
    assert!(
        found["summary"].as_str().unwrap().starts_with("Not known"),
        "{found}"
    );
}

#[tokio::test]
async fn pages_that_were_left_out_are_not_called_empty() {
    let world = World::new().await;
    let found = world
        .result(
            "find_person",
            json!({"email": "nobody@example.com", "page_ids": [PUBLIC_PAGE]}),
        )
        .await;
    assert_eq!(found["verdict"], "unknown");
    assert!(
        found["unknown"].to_string().contains("2 other pages"),
        "{found}"
    );
    let refused = world
        .result(
            "find_person",
            json!({"email": JANE, "page_ids": ["nosuchpage"]}),
        )
        .await;
    assert!(refused["unknown"].to_string().contains("no such page"));
}

#[tokio::test]
async fn a_refused_key_is_tried_once_and_nothing_is_concluded() {
    let world = World::new().await;
    let next = Next {
        fault: Fault::Unauthenticated,
        times: 99,
        after: 4,
        method: None,
        path: None,
    };
    world.sandbox.faults(Faults {
        next: vec![next],
        ..Faults::default()
    });
    let found = world
        .result("find_person", json!({"email": "nobody@example.com"}))
        .await;
    assert_eq!(found["verdict"], "unknown");
    assert_eq!(
        world.sandbox.report().requests,
        5,
        "the other surfaces are not asked with a dead key"
    );
}

#[tokio::test]
async fn an_address_twice_is_one_and_more_than_ten_are_refused() {
    let world = World::new().await;
    let same = json!({"emails": [JANE, JANE.to_uppercase()]});
    assert_eq!(world.result("find_person", same).await["matched"], 5);
    let many: Vec<String> = (0..11).map(|at| format!("p{at}@example.com")).collect();
    let refusal = world.refusal("find_person", json!({"emails": many})).await;
    assert!(refusal.contains("at most 10"), "{refusal}");
    let refusal = world.refusal("find_person", json!({})).await;
    assert!(refusal.ends_with("Nothing was changed."), "{refusal}");
}

/// A world whose pauses pass at once.
async fn in_frozen_time() -> World {
    let clock = Clock::following("2026-03-01T12:00:00Z".parse().unwrap());
    let make = Make {
        clock,
        ..Make::default()
    };
    make.world().await
}

fn down(world: &World, times: u32) {
    let mut faults = Faults::next(Fault::Status500, "GET", "/page_access_users");
    faults.next[0].times = times;
    world.sandbox.faults(faults);
}

#[tokio::test(start_paused = true)]
async fn a_place_that_failed_in_passing_is_asked_again_in_the_same_call() {
    let world = in_frozen_time().await;
    // The request and its three retries, and once more after the others.
    down(&world, 5);
    let found = world.result("find_person", json!({"email": JANE})).await;
    assert_eq!(found["complete"], true, "{found}");
    assert_eq!(found["matched"], 5, "{found}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_read_is_not_kept_for_who_asks_next() {
    let world = in_frozen_time().await;
    for tool in ["find_person", "review_access", "export_roster"] {
        let asks = match tool {
            "find_person" => json!({"email": JANE}),
            "review_access" => json!({"profile": "hygiene"}),
            _ => json!({"what": "all"}),
        };
        // What another tool read a minute ago is not taken for an answer.
        tokio::time::advance(Duration::from_secs(61)).await;
        down(&world, u32::MAX);
        let part = world.result(tool, asks.clone()).await;
        assert_eq!(part["complete"], false, "{tool}: {part}");
        world.sandbox.faults(Faults::default());
        let whole = world.result(tool, asks).await;
        assert_eq!(whole["complete"], true, "{tool}: {whole}");
    }
}
