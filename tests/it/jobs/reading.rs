//! Questions that change nothing.

use serde_json::json;
use status_roster::sandbox::{self, known};

use super::job::{Job, Took};
use crate::tools::world::{Make, World};

/// The page with as many viewers as a budget of some minutes.
async fn small() -> World {
    let make = Make::everything();
    let sandbox = sandbox::Settings {
        viewers: 150,
        ..make.sandbox.clone()
    };
    Make { sandbox, ..make }.world().await
}

pub(super) async fn what_access_does_jane_have() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "What access does Jane have?");
    let found = job.ask("find_person", json!({"email": known::JANE})).await;
    assert_eq!(found["verdict"], "found");
    job.took(1, 8_000, 40)
}

pub(super) async fn can_jane_look_at_the_page() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Can Jane look at the customers' page?");
    let jane = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE});
    let list = job.ask("list_page_access_users", jane).await;
    assert_eq!(list["records"][0]["id"], known::JANE_VIEWER);
    let took = job.took(1, 1_000, 3);
    assert_eq!(world.writes(), Vec::<String>::new());
    took
}

pub(super) async fn who_sees_a_component() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "Who sees component API?");
    let sees = json!({"page_id": known::AUDIENCE_PAGE, "component_id": known::COMPONENT});
    let list = job.ask("list_page_access_users", sees).await;
    assert_eq!(list["complete"], true);
    assert_eq!(list["matched"], list["shown"]);
    job.took(1, 20_000, 160)
}

pub(super) async fn how_many_see_a_component() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "How many people see component API?");
    let sees = json!({"page_id": known::AUDIENCE_PAGE, "component_id": known::COMPONENT, "count_only": true});
    let list = job.ask("list_page_access_users", sees).await;
    assert!(list["matched"].as_u64().unwrap() > 0);
    job.took(1, 500, 160)
}

pub(super) async fn who_sees_nothing() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "Who of the viewers sees nothing at all?");
    let nothing = json!({"page_id": known::AUDIENCE_PAGE, "without_access": true});
    let list = job.ask("list_page_access_users", nothing).await;
    assert_eq!(list["complete"], true);
    job.took(1, 6_000, 40)
}

pub(super) async fn how_many_viewers_come_from_a_domain() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many viewers come from northwind.example?");
    let asked =
        json!({"page_id": known::AUDIENCE_PAGE, "domain": "northwind.example", "count_only": true});
    let list = job.ask("list_page_access_users", asked).await;
    assert_eq!(list["complete"], true);
    job.took(1, 500, 14)
}

pub(super) async fn where_do_viewers_come_from() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Which companies do our viewers come from?");
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "by": "domain"});
    let list = job.ask("list_page_access_users", asked).await;
    assert!(!list["counted"].as_array().unwrap().is_empty());
    job.took(1, 2_500, 14)
}

pub(super) async fn how_many_viewers_has_each_group() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many viewers are in each group?");
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "by": "group"});
    let list = job.ask("list_page_access_users", asked).await;
    assert!(list["counted"].to_string().contains(known::GROUPS[0].1));
    job.took(1, 1_200, 15)
}

pub(super) async fn how_many_subscribers_by_type() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many subscribers have we, by type?");
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "by": "type"});
    job.ask("list_subscribers", asked).await;
    job.took(1, 800, 60)
}

pub(super) async fn how_many_subscribers_are_quarantined() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many subscribers are quarantined?");
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "by": "status"});
    job.ask("list_subscribers", asked).await;
    job.took(1, 600, 60)
}

pub(super) async fn how_large_is_the_team() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "How many people can run our pages?");
    let list = job.ask("list_org_users", json!({"count_only": true})).await;
    assert_eq!(list["matched"], 250);
    job.took(1, 300, 3)
}

pub(super) async fn who_is_in_the_team_by_role() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "How many owners and administrators has StatusApp?");
    let list = job.ask("list_team_members", json!({"by": "role"})).await;
    assert!(list["counted"].to_string().contains("owner"));
    job.took(1, 900, 4)
}

pub(super) async fn how_many_accounts_are_switched_off() -> Took {
    let world = small().await;
    let mut job = Job::of(&world, "How many directory accounts are switched off?");
    let list = job
        .ask("list_directory_users", json!({"by": "status"}))
        .await;
    assert!(list["counted"].to_string().contains("inactive"));
    job.took(1, 600, 12)
}

pub(super) async fn who_has_this_phone() -> Took {
    let world = World::new().await;
    let page = world.stored_page(known::AUDIENCE_PAGE);
    let phone = page["subscribers"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|it| it["phone_number"].as_str())
        .unwrap()
        .to_owned();
    let ending = &phone[phone.len() - 4..];
    let mut job = Job::of(&world, "Whose phone is told, the one that ends so?");
    let asked = json!({"page_id": known::AUDIENCE_PAGE, "phone_ending": ending});
    let list = job.ask("list_subscribers", asked).await;
    assert!(list["matched"].as_u64().unwrap() >= 1);
    job.took(1, 3_000, 60)
}

pub(super) async fn what_are_the_subscribers_told_of() -> Took {
    let world = World::new().await;
    let mut job = Job::of(&world, "Of how many components is each subscriber told?");
    let page = json!({"page_id": known::AUDIENCE_PAGE, "limit": 10});
    let list = job.ask("list_subscribers", page).await;
    for row in list["records"].as_array().unwrap() {
        assert!(row["component_ids"].is_null(), "{row}");
        let components = &row["components"];
        assert!(components == "all" || components.is_u64(), "{row}");
    }
    let took = job.took(1, 5_000, 3);
    let page = json!({"page_id": known::AUDIENCE_PAGE, "limit": 10, "detail": true});
    let list = world.result("list_subscribers", page).await;
    for row in list["records"].as_array().unwrap() {
        let ids = row["component_ids"].as_array().unwrap();
        let shown = match ids.len() {
            0 => json!("all"),
            some => json!(some),
        };
        assert_eq!(row["components"], shown, "{row}");
    }
    took
}
