//! One person among 20,000: found and taken out without reading the others.

use serde_json::json;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, JANE_VIEWER};

use super::place::{Place, weather};

#[tokio::test(start_paused = true)]
async fn a_search_costs_a_request_for_each_place() {
    let place = Place::with(20_000).await;
    let pages = place.world.sandbox.world()["statuspage"]["pages"]
        .as_array()
        .unwrap()
        .len();
    let stranger = json!({"email": "nobody.at.all@example.net"});
    let (found, took) = place.timed("local", "find_person", stranger).await;
    assert_eq!(found["verdict"], "none", "{found}");
    // Of each kind one list is looked into once, to see how Statuspage's search compares: its first rows, and a question about one of them.
    let learning = 2;
    assert_eq!(place.requests("GET", "page_access_users"), pages + learning);
    assert_eq!(place.requests("GET", "/subscribers"), pages + learning);
    let whole_lists = 1 + place.requests("GET", "/users?");
    let all = usize::try_from(place.world.sandbox.report().requests).unwrap();
    assert_eq!(
        all,
        2 * (pages + learning) + whole_lists,
        "the pages, the team, nothing else"
    );
    assert!(took.as_secs() < 1, "it fits in the budget: {took:?}");
    place.kept_the_budget();
}

#[tokio::test(start_paused = true)]
async fn a_person_is_taken_out_without_a_scan() {
    for faults in [status_roster::sandbox::Faults::default(), weather()] {
        let place = Place::with(20_000).await;
        place.world.sandbox.faults(faults);
        let (plan, _) = place
            .to_the_end("offboard_person", &json!({"email": JANE}))
            .await;
        assert_eq!(plan["status"], "confirmation_required", "{plan}");
        let token = plan["confirmation_token"].clone();
        let again = json!({"email": JANE, "confirmation_token": token});
        let (done, _) = place.to_the_end("offboard_person", &again).await;
        assert_eq!(done["status"], "applied", "{done}");
        let page = place.world.stored_page(AUDIENCE_PAGE);
        assert!(!page["viewers"].to_string().contains(JANE_VIEWER));
        let scans = place.requests("GET", "page_access_users?page=2");
        assert_eq!(scans, 0, "nobody else is read");
        place.kept_the_budget();
    }
}
