//! Who sees a component or a metric, and who sees nothing: compared with what the sandbox holds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::{self, known};

use super::world::{Make, World};

const VIEWERS: usize = 130;

async fn small() -> World {
    let make = Make::default();
    Make {
        sandbox: sandbox::Settings {
            viewers: VIEWERS,
            ..make.sandbox.clone()
        },
        ..make
    }
    .world()
    .await
}

fn texts(value: &Value) -> BTreeSet<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// By viewer: whether a thing was given directly, and the groups that give it.
fn who_sees(world: &World, field: &str, id: &str) -> BTreeMap<String, (bool, BTreeSet<String>)> {
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let groups = page["groups"].as_array().unwrap();
    let giving: BTreeSet<String> = groups
        .iter()
        .filter(|group| texts(&group[field]).contains(id))
        .map(|group| group["id"].as_str().unwrap().to_owned())
        .collect();
    let viewers = page["viewers"].as_array().unwrap();
    let ways = viewers.iter().map(|viewer| {
        let by = texts(&viewer["group_ids"]);
        let by: BTreeSet<String> = by.intersection(&giving).cloned().collect();
        let direct = texts(&viewer[field]).contains(id);
        (viewer["id"].as_str().unwrap().to_owned(), (direct, by))
    });
    ways.filter(|(_, (direct, by))| *direct || !by.is_empty())
        .collect()
}

fn answered(list: &Value) -> BTreeMap<String, (bool, BTreeSet<String>)> {
    let rows = list["records"].as_array().unwrap();
    let row = |row: &Value| {
        let by = row["by_groups"].as_array().unwrap();
        let by = by.iter().map(|it| it["id"].as_str().unwrap().to_owned());
        (
            row["id"].as_str().unwrap().to_owned(),
            (row["direct"].as_bool().unwrap(), by.collect()),
        )
    };
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn everybody_who_sees_a_component_is_listed_with_each_way() {
    let world = small().await;
    let component =
        json!({"page_id": known::AUDIENCE_PAGE, "component_id": known::COMPONENT, "limit": 200});
    let list = world.result("list_page_access_users", component).await;
    let expected = who_sees(&world, "component_ids", known::COMPONENT);
    assert!(expected.values().any(|(direct, _)| *direct));
    assert!(expected.values().any(|(_, groups)| !groups.is_empty()));
    assert_eq!(answered(&list), expected);
    assert_eq!(list["complete"], true);
    assert_eq!(list["shown"], expected.len());
    let sent = world.sandbox.requests().len();
    assert!(sent <= VIEWERS + 8, "{sent}");
}

#[tokio::test]
async fn what_was_read_for_one_component_answers_for_every_other() {
    let world = small().await;
    let of = |id: &str| json!({"page_id": known::AUDIENCE_PAGE, "component_id": id, "limit": 200});
    world
        .result("list_page_access_users", of(known::COMPONENT))
        .await;
    let before = world.sandbox.requests().len();
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let others = page["components"].as_array().unwrap();
    for other in others.iter().filter(|it| it["group"] == false).take(5) {
        let id = other["id"].as_str().unwrap();
        let list = world.result("list_page_access_users", of(id)).await;
        assert_eq!(answered(&list), who_sees(&world, "component_ids", id));
    }
    assert_eq!(world.sandbox.requests().len(), before);
}

#[tokio::test]
async fn everybody_who_sees_a_metric_is_listed() {
    let world = small().await;
    let metric = json!({"page_id": known::AUDIENCE_PAGE, "metric_id": known::METRIC, "limit": 200});
    let list = world.result("list_page_access_users", metric).await;
    assert_eq!(
        answered(&list),
        who_sees(&world, "metric_ids", known::METRIC)
    );
}

#[tokio::test]
async fn who_sees_nothing_is_listed() {
    let world = small().await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let groups = page["groups"].as_array().unwrap();
    let gives = |id: &str| {
        let group = groups.iter().find(|group| group["id"] == id).unwrap();
        !texts(&group["component_ids"]).is_empty() || !texts(&group["metric_ids"]).is_empty()
    };
    let viewers = page["viewers"].as_array().unwrap();
    let blind = viewers.iter().filter(|viewer| {
        texts(&viewer["component_ids"]).is_empty()
            && texts(&viewer["metric_ids"]).is_empty()
            && !texts(&viewer["group_ids"]).iter().any(|id| gives(id))
    });
    let blind: BTreeSet<&str> = blind.map(|it| it["id"].as_str().unwrap()).collect();
    assert!(!blind.is_empty());
    let nothing = json!({"page_id": known::AUDIENCE_PAGE, "without_access": true, "limit": 200});
    let list = world.result("list_page_access_users", nothing).await;
    let rows = list["records"].as_array().unwrap();
    let found: BTreeSet<&str> = rows.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(found, blind);
    // Whoever sees something by a group is not asked.
    assert!(world.sandbox.requests().len() < VIEWERS / 2);
}

#[tokio::test]
async fn a_component_of_another_page_and_two_questions_at_once_are_refused() {
    let world = small().await;
    let strange = json!({"page_id": known::AUDIENCE_PAGE, "component_id": "zzzzzzzzzz99"});
    let words = world.refusal("list_page_access_users", strange).await;
    assert!(words.contains("list_components"), "{words}");
    let both = json!({"page_id": known::AUDIENCE_PAGE, "component_id": known::COMPONENT, "without_access": true});
    let words = world.refusal("list_page_access_users", both).await;
    assert!(words.contains("a question of its own"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_takes_longer_than_a_call_says_what_the_rest_costs_and_goes_on() {
    let clock = Clock::following("2026-03-01T12:00:00Z".parse().unwrap());
    let make = Make::default();
    let world = Make {
        sandbox: sandbox::Settings {
            viewers: VIEWERS,
            requests_per_window: 60,
            window: Duration::from_secs(60),
            ..make.sandbox.clone()
        },
        clock,
        ..make
    }
    .world()
    .await;
    let mut question = json!({"page_id": known::AUDIENCE_PAGE, "component_id": known::COMPONENT, "count_only": true});
    let first = world
        .result("list_page_access_users", question.clone())
        .await;
    assert_eq!(first["complete"], false);
    assert!(
        first["warnings"]
            .to_string()
            .contains("page access users were asked"),
        "{first}"
    );
    let mut last = first;
    for _ in 0..20 {
        if last["complete"] == true {
            break;
        }
        // As the answer says: sooner there is nothing to read with.
        clock.sleep(Duration::from_secs(60)).await;
        question["cursor"] = last["next_cursor"].clone();
        last = world
            .result("list_page_access_users", question.clone())
            .await;
    }
    let expected = who_sees(&world, "component_ids", known::COMPONENT);
    assert_eq!(last["complete"], true, "{last}");
    assert_eq!(last["matched"], expected.len());
    let asked = world.sandbox.requests();
    let asked = asked.iter().map(|it| it.target.clone());
    let asked: Vec<String> = asked
        .filter(|it| it.contains("/components?") && it.contains("page_access_users/"))
        .collect();
    assert_eq!(asked.len(), VIEWERS, "everybody is asked once");
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), VIEWERS);
}

#[tokio::test]
async fn a_whole_list_shows_what_each_viewer_sees_for_two_requests_each() {
    let world = World::new().await;
    let page = json!({"page_id": known::AUDIENCE_PAGE, "detail": true, "limit": 3});
    let list = world.result("list_page_access_users", page.clone()).await;
    let rows = list["records"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 3);
    let given = |world: &World| {
        let sent = world.sandbox.requests().into_iter();
        let of_one = |target: &str| {
            target.contains("/page_access_users/") && !target.contains("/page_access_users?")
        };
        sent.filter(|request| of_one(&request.target)).count()
    };
    assert_eq!(given(&world), 6, "two requests for each of three");
    let told = list["warnings"].to_string();
    assert!(
        told.contains("3 of 1234") && told.contains("two requests each"),
        "what the rest costs: {told}"
    );
    assert!(!told.contains("incomplete"), "{told}");
    let one = json!({"page_id": known::AUDIENCE_PAGE, "detail": true, "email": known::JANE});
    let one = world.result("list_page_access_users", one).await;
    let jane = &one["records"][0];
    let same = rows.iter().find(|row| row["id"] == jane["id"]).unwrap();
    assert_eq!(same["access"], jane["access"]);

    let sent = given(&world);
    let mut more = page;
    more["cursor"] = list["next_cursor"].clone();
    let more = world.result("list_page_access_users", more).await;
    assert_eq!(more["shown"], 3);
    assert_eq!(given(&world) - sent, 6, "nobody is asked twice");
    let much = json!({"page_id": known::AUDIENCE_PAGE, "detail": true, "limit": 26});
    let words = world.refusal("list_page_access_users", much).await;
    assert!(words.contains("1 to 25, not 26"), "{words}");
}

#[tokio::test]
async fn with_a_group_only_its_members_are_asked_what_they_see() {
    let world = World::new().await;
    let page = json!({"page_id": known::AUDIENCE_PAGE, "detail": true, "limit": 2, "group_id": "groupamerica"});
    let list = world.result("list_page_access_users", page).await;
    for row in list["records"].as_array().unwrap() {
        assert!(row["groups"].to_string().contains("groupamerica"), "{row}");
        assert!(row["access"]["components"].is_array(), "{row}");
    }
    assert_eq!(list["shown"], 2);
}
