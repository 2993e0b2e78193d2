//! Lists are whole, or say that they are not.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::sandbox::{self, Fault, Faults, Next, known};

use super::world::{Make, World};

fn ids(list: &Value) -> Vec<String> {
    list["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_viewer_is_listed_once_however_many_pieces_it_takes() {
    let world = World::new().await;
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let mut arguments = json!({"page_id": known::AUDIENCE_PAGE, "limit": 200});
        if !cursor.is_null() {
            arguments["cursor"] = cursor;
        }
        let list = world.result("list_page_access_users", arguments).await;
        seen.extend(ids(&list));
        cursor = list["next_cursor"].clone();
        if cursor.is_null() {
            assert_eq!(list["complete"], true);
            assert_eq!(list["matched"], seen.len());
            break;
        }
    }
    let viewers = world.stored_page(known::AUDIENCE_PAGE)["viewers"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(seen.len(), viewers);
    assert_eq!(
        seen.iter().collect::<BTreeSet<_>>().len(),
        viewers,
        "nobody twice"
    );
}

#[tokio::test]
async fn a_whole_list_costs_one_request_for_a_hundred_rows_and_the_next_pieces_none() {
    let world = World::new().await;
    let first = world.result("list_org_users", json!({})).await;
    let again = world
        .result("list_org_users", json!({"cursor": first["next_cursor"]}))
        .await;
    assert_eq!(first["matched"], 250);
    assert_ne!(ids(&first), ids(&again));
    let asked = world.sandbox.requests();
    assert_eq!(asked.len(), 3, "{asked:?}");
}

#[tokio::test]
async fn an_answer_stays_under_20_kb_unless_more_is_asked_for() {
    let world = World::new().await;
    let list = world
        .ask(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE}),
        )
        .await;
    assert!(list.text.len() < 20 * 1024, "{}", list.text.len());
    let more = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "limit": 200}),
        )
        .await;
    assert_eq!(ids(&more).len(), 200);
}

#[tokio::test]
async fn a_filter_looks_at_every_row_and_not_at_the_first_pages() {
    let world = World::new().await;
    let all = world.result("list_org_users", json!({"limit": 200})).await;
    let rest = world
        .result(
            "list_org_users",
            json!({"limit": 200, "cursor": all["next_cursor"]}),
        )
        .await;
    let last = rest["records"].as_array().unwrap().last().unwrap()["email"]
        .as_str()
        .unwrap()
        .to_owned();
    let found = world
        .result("list_org_users", json!({"email": last.to_uppercase()}))
        .await;
    assert_eq!(
        (&found["complete"], &found["matched"], &found["scanned"]),
        (&json!(true), &json!(1), &json!(250))
    );
}

#[tokio::test]
async fn a_viewer_is_found_by_address_with_one_request() {
    let world = World::new().await;
    let found = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": "Jane.Doe@Example.com"}),
        )
        .await;
    assert_eq!(ids(&found), [known::JANE_VIEWER]);
    // The first rows of the list and a question about one of them show how the search compares; from then on it is believed.
    assert_eq!(world.sandbox.requests().len(), 3);
    let nobody = json!({"page_id": known::AUDIENCE_PAGE, "email": "Nobody@Example.com"});
    let found = world.result("list_page_access_users", nobody).await;
    assert_eq!(
        (&found["complete"], &found["matched"]),
        (&json!(true), &json!(0))
    );
    let asked = world.sandbox.requests();
    assert_eq!(asked.len(), 4);
    assert!(
        asked[3].target.contains("page=1") && asked[3].target.contains("per_page=100"),
        "{}",
        asked[3].target
    );
}

#[tokio::test]
async fn two_callers_who_want_the_same_list_cost_one_read() {
    let world = World::new().await;
    let (a, b) = tokio::join!(
        world.ask_as("ann", "list_org_users", json!({})),
        world.ask_as("bob", "list_org_users", json!({})),
    );
    assert!(!a.is_error && !b.is_error);
    assert_eq!(world.sandbox.requests().len(), 3);
}

#[tokio::test]
async fn a_cursor_is_useless_to_another_caller_and_to_another_query() {
    let world = World::new().await;
    let list = world.result("list_org_users", json!({})).await;
    let cursor = list["next_cursor"].clone();
    let before = world.sandbox.requests().len();
    let other = world
        .ask_as("eve", "list_org_users", json!({"cursor": cursor}))
        .await;
    assert!(
        other.is_error && other.text.contains("another caller"),
        "{}",
        other.text
    );
    let query = world
        .refusal("list_org_users", json!({"cursor": cursor, "name": "jane"}))
        .await;
    assert!(query.contains("other filters"), "{query}");
    let made_up = world
        .refusal("list_org_users", json!({"cursor": "bm90IG91cnM"}))
        .await;
    assert!(
        made_up.contains("not one that this server gave out")
            && made_up.ends_with("Nothing was changed."),
        "{made_up}"
    );
    assert_eq!(
        world.sandbox.requests().len(),
        before,
        "nothing was asked upstream"
    );
}

#[tokio::test]
async fn a_read_that_breaks_off_says_so_and_goes_on_with_its_cursor() {
    let world = World::new().await;
    let broken = Next {
        fault: Fault::Unauthenticated,
        method: Some("GET".to_owned()),
        after: 0,
        path: Some("page=3".to_owned()),
        times: 1,
    };
    world.sandbox.faults(Faults {
        next: vec![broken],
        ..Faults::default()
    });
    let part = world.result("list_org_users", json!({"limit": 200})).await;
    assert_eq!(part["complete"], false);
    assert!(
        part["warnings"][0]
            .as_str()
            .unwrap()
            .starts_with("incomplete: 200 rows"),
        "{part}"
    );
    let rest = world
        .result(
            "list_org_users",
            json!({"limit": 200, "cursor": part["next_cursor"]}),
        )
        .await;
    assert_eq!(
        (ids(&part).len(), ids(&rest).len(), &rest["complete"]),
        (200, 50, &json!(true))
    );
}

#[tokio::test]
async fn a_server_that_ignores_the_page_number_is_noticed() {
    let world = World::new().await;
    let stuck = Next {
        fault: Fault::IgnorePage,
        method: None,
        after: 0,
        path: Some("/users".to_owned()),
        times: 99,
    };
    world.sandbox.faults(Faults {
        next: vec![stuck],
        ..Faults::default()
    });
    let list = world.result("list_org_users", json!({})).await;
    assert_eq!(list["complete"], false);
    assert!(
        list["warnings"][0]
            .as_str()
            .unwrap()
            .contains("the same rows again"),
        "{list}"
    );
    assert!(world.sandbox.requests().len() < 5);
    let refused = world
        .refusal(
            "remove_user",
            json!({"system": "statuspage_team", "email": known::JANE}),
        )
        .await;
    assert!(
        refused.contains("could not be read to the end")
            && refused.ends_with("Nothing was changed."),
        "{refused}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_long_list_is_given_in_part_when_the_budget_is_used_up() {
    let sandbox = sandbox::Settings {
        requests_per_window: 8,
        window: Duration::from_secs(600),
        ..sandbox::Settings::default()
    };
    let make = Make {
        sandbox,
        statuspage: "reserve = 2".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let part = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE}),
        )
        .await;
    assert_eq!(part["complete"], false);
    assert!(part["next_cursor"].is_string());
    assert_eq!(world.sandbox.report().rejected, 0, "the budget was kept");
    assert_eq!(
        world.sandbox.requests().len(),
        6,
        "the reserve is left to those who wait"
    );
}

#[tokio::test]
async fn the_lists_of_a_page_that_is_not_there_say_which_pages_there_are() {
    let world = World::new().await;
    for tool in [
        "list_page_access_users",
        "list_page_access_groups",
        "list_components",
        "list_subscribers",
    ] {
        let words = world
            .refusal(tool, json!({"page_id": "nopage000000"}))
            .await;
        assert!(
            words.contains("no page of this id") && words.contains("`list_pages`"),
            "{tool}: {words}"
        );
    }
}
