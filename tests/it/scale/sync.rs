//! A list of 20,000 against a page of 20,000.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE};
use status_roster::sandbox::{Fault, Faults};

use super::place::{Place, weather};

fn there(place: &Place) -> BTreeSet<String> {
    let page = place.world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap().iter();
    viewers
        .filter_map(|viewer| Some(viewer["email"].as_str()?.to_lowercase()))
        .collect()
}

/// Everybody but three, and two more.
fn wanted(place: &Place) -> (BTreeSet<String>, Value) {
    let mut wanted = there(place);
    let gone: Vec<String> = wanted
        .iter()
        .filter(|it| *it != JANE)
        .take(3)
        .cloned()
        .collect();
    gone.iter().for_each(|email| assert!(wanted.remove(email)));
    wanted.insert("new.one@example.com".to_owned());
    wanted.insert("new.two@example.com".to_owned());
    let csv = wanted
        .iter()
        .fold("email\n".to_owned(), |csv, email| csv + email + "\n");
    (wanted, json!({"page_id": AUDIENCE_PAGE, "desired": csv}))
}

async fn becomes_the_list(faults: Faults) -> Place {
    let place = Place::with(20_000).await;
    let (list, arguments) = wanted(&place);
    place.world.sandbox.faults(faults);
    let (plan, calls) = place.to_the_end("sync_page_viewers", &arguments).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert!(calls > 3, "201 requests do not fit in {calls} calls");
    let found = &plan["difference_found"];
    assert_eq!(found["adds"], 2);
    assert_eq!(found["removals"], 3);
    let number = |key: &str| found[key].as_u64().unwrap();
    assert_eq!(number("unchanged") + number("left_alone"), 19_997);
    assert!(plan.to_string().len() < 20_000);
    assert_eq!(place.world.writes(), Vec::<String>::new());

    place.world.sandbox.faults(Faults::default());
    let mut again = arguments.clone();
    again["confirmation_token"] = plan["confirmation_token"].clone();
    let (done, _) = place.to_the_end("sync_page_viewers", &again).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(there(&place), list);
    place.kept_the_budget();
    place
}

#[tokio::test(start_paused = true)]
async fn the_difference_is_right_and_costs_two_reads_and_the_steps() {
    let place = becomes_the_list(Faults::default()).await;
    assert_eq!(place.world.writes().len(), 5);
    // Each read: 200 full pages and the look behind the last. Each step is read back by its address or id.
    let scans = place.requests("GET", "page_access_users?page=");
    let audience = 2;
    assert_eq!(scans, 2 * 201 + audience, "a plan and its confirmation");
    let back = place.requests("GET", "page_access_users") - scans;
    let looks = 3;
    assert_eq!(
        back,
        5 + looks,
        "the read is minutes old: who is removed is looked at again"
    );
}

#[tokio::test(start_paused = true)]
async fn the_difference_is_right_on_a_bad_day_too() {
    becomes_the_list(weather()).await;
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_not_whole_is_no_ground_for_a_plan() {
    let place = Place::with(20_000).await;
    let (_, arguments) = wanted(&place);
    let mut faults = Faults::next(Fault::IgnorePage, "GET", "page=150");
    faults.next[0].times = 50;
    place.world.sandbox.faults(faults);
    loop {
        let answer = super::place::ask(
            &place.world.app,
            "local",
            "sync_page_viewers",
            arguments.clone(),
        )
        .await;
        if answer.is_error {
            assert!(
                answer.text.contains("a part of it would be wrong"),
                "{}",
                answer.text
            );
            assert!(
                answer.text.ends_with("Nothing was changed."),
                "{}",
                answer.text
            );
            break;
        }
        let reading = answer.structured().unwrap();
        assert_eq!(reading["status"], "reading");
        place.wait_as_told(&reading).await;
    }
    assert_eq!(place.world.writes(), Vec::<String>::new());
}
