//! A list of 20,000, to its end by cursors.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::Faults;
use status_roster::sandbox::known::AUDIENCE_PAGE;

use super::place::{Place, weather};

fn stored(place: &Place) -> BTreeSet<String> {
    let page = place.world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap().iter();
    viewers
        .map(|viewer| viewer["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Every row that the cursors lead to, and what the last answer said.
async fn walked(place: &Place, who: &str) -> (Vec<String>, Value) {
    let mut ids = Vec::new();
    let mut arguments = json!({"page_id": AUDIENCE_PAGE, "limit": 200});
    loop {
        let (piece, _) = place
            .timed(who, "list_page_access_users", arguments.clone())
            .await;
        let rows = piece["records"].as_array().unwrap().iter();
        ids.extend(rows.map(|row| row["id"].as_str().unwrap().to_owned()));
        if piece["next_cursor"].is_null() {
            return (ids, piece);
        }
        assert_eq!(piece["complete"] == true, piece["scanned"] == 20_000);
        arguments["cursor"] = piece["next_cursor"].clone();
        place.wait_as_told(&piece).await;
    }
}

async fn each_once(faults: Faults) -> Place {
    let place = Place::with(20_000).await;
    place.world.sandbox.faults(faults);
    let (ids, last) = walked(&place, "local").await;
    assert_eq!(last["complete"], true, "{}", last["warnings"]);
    assert_eq!(last["matched"], 20_000);
    assert_eq!(ids.len(), 20_000, "none twice, none missing");
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), stored(&place));
    place.kept_the_budget();
    place
}

#[tokio::test(start_paused = true)]
async fn everybody_comes_once_and_each_page_is_fetched_once() {
    let place = each_once(Faults::default()).await;
    // 200 full pages, and the look behind the last: the list has no total.
    assert_eq!(place.requests("GET", "/page_access_users"), 201);
}

#[tokio::test(start_paused = true)]
async fn everybody_comes_once_on_a_bad_day_too() {
    let place = each_once(weather()).await;
    let failed = place.world.sandbox.report().faults.values().sum::<u64>();
    assert!(failed > 0, "the weather was fine");
    let sent = place.requests("GET", "/page_access_users");
    assert_eq!(
        sent,
        201 + usize::try_from(failed).unwrap(),
        "only what failed is asked again"
    );
}

#[tokio::test(start_paused = true)]
async fn two_who_ask_the_same_cost_one_scan() {
    let place = Place::with(9_999).await;
    let filtered = json!({"page_id": AUDIENCE_PAGE, "group_id": "grouppartner", "limit": 200});
    let walk = async |who: &str| {
        let mut arguments = filtered.clone();
        loop {
            let (piece, _) = place
                .timed(who, "list_page_access_users", arguments.clone())
                .await;
            if piece["complete"] == true {
                return piece["matched"].clone();
            }
            arguments["cursor"] = piece["next_cursor"].clone();
            place.wait_as_told(&piece).await;
        }
    };
    let (one, other) = tokio::join!(walk("one"), walk("other"));
    assert_eq!(one, other);
    assert_eq!(
        place.requests("GET", "/page_access_users"),
        100,
        "100 rows a request, nothing more"
    );
    place.kept_the_budget();
}
