//! `sync_page_viewers`: the difference first, never from half a list, and no further than the cap.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE};
use status_roster::sandbox::{Addresses, Fault, Faults, ListRows, Settings};

use super::world::{Make, World};

async fn small(viewers: usize) -> World {
    let make = Make {
        sandbox: Settings {
            viewers,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    make.world().await
}

fn there(world: &World) -> BTreeSet<String> {
    let page = world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap().iter();
    viewers
        .filter_map(|viewer| Some(viewer["email"].as_str()?.to_lowercase()))
        .collect()
}

fn sync(desired: &str) -> Value {
    json!({"page_id": AUDIENCE_PAGE, "desired": desired})
}

fn with(mut arguments: Value, key: &str, value: Value) -> Value {
    arguments[key] = value;
    arguments
}

fn token(plan: &Value) -> Value {
    plan["confirmation_token"].clone()
}

#[tokio::test]
async fn the_page_becomes_the_list_after_a_person_agreed() {
    let world = small(30).await;
    let mut wanted = there(&world);
    let gone: Vec<String> = wanted
        .iter()
        .filter(|it| *it != JANE)
        .take(3)
        .cloned()
        .collect();
    gone.iter().for_each(|email| assert!(wanted.remove(email)));
    wanted.insert("new.one@example.com".to_owned());
    let list = serde_json::to_string(&wanted).unwrap();
    let plan = world.result("sync_page_viewers", sync(&list)).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let found = &plan["difference_found"];
    assert_eq!(found["adds"], 1);
    assert_eq!(found["removals"], 3);
    assert_eq!(found["removal_cap"], 5);
    assert_eq!(found["unchanged"], 27);
    assert!(
        plan["steps"][0]["action"]
            .as_str()
            .unwrap()
            .starts_with("add"),
        "additions come first"
    );
    assert_eq!(plan["losses"].as_array().unwrap().len(), 3);
    assert_eq!(world.writes(), Vec::<String>::new());

    let again = with(sync(&list), "confirmation_token", token(&plan));
    let done = world.result("sync_page_viewers", again.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(there(&world), wanted);
    assert_eq!(world.writes().len(), 4);
    assert_eq!(
        world.result("sync_page_viewers", sync(&list)).await["status"],
        "already"
    );
    let writes = world.writes().len();
    let replay = world.result("sync_page_viewers", again).await;
    assert_eq!(replay["status"], "already", "{replay}");
    assert_eq!(world.writes().len(), writes);
}

#[tokio::test]
async fn csv_gives_groups_and_only_those_named_change() {
    let world = small(12).await;
    let mut csv = "email,group_ids\n".to_owned();
    for email in there(&world) {
        let groups = if email == JANE {
            "groupeurope1;grouppartner"
        } else {
            ""
        };
        csv += &format!("{email},{groups}\n");
    }
    let before = world.stored_page(AUDIENCE_PAGE)["viewers"].clone();
    let plan = world.result("sync_page_viewers", sync(&csv)).await;
    assert_eq!(plan["difference_found"]["changes"], 1, "{plan}");
    assert!(
        plan["losses"].to_string().contains("Payments customers"),
        "{plan}"
    );
    let done = world
        .result(
            "sync_page_viewers",
            with(sync(&csv), "confirmation_token", token(&plan)),
        )
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    let after = world.stored_page(AUDIENCE_PAGE)["viewers"].clone();
    for (before, after) in before
        .as_array()
        .unwrap()
        .iter()
        .zip(after.as_array().unwrap())
    {
        if before["email"] == JANE {
            assert_eq!(after["group_ids"], json!(["groupeurope1", "grouppartner"]));
            assert_eq!(before["component_ids"], after["component_ids"]);
        } else {
            assert_eq!(before, after);
        }
    }
}

#[tokio::test]
async fn a_list_that_forgets_people_is_refused_by_the_cap() {
    let world = small(160).await;
    let list = json!([JANE]).to_string();
    let refusal = world.refusal("sync_page_viewers", sync(&list)).await;
    assert!(
        refusal.contains("159 of 160") && refusal.contains("at most 16"),
        "{refusal}"
    );
    assert!(refusal.ends_with("Nothing was changed."), "{refusal}");
    let meant = with(sync(&list), "removal_cap", json!(159));
    let plan = world.result("sync_page_viewers", meant.clone()).await;
    assert_eq!(plan["difference_found"]["removals"], 159);
    assert_eq!(plan["not_shown"]["losses"], 59);
    assert!(
        plan.to_string().len() < 50_000,
        "{}",
        plan.to_string().len()
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn every_mistake_of_a_list_is_told_and_nothing_is_read() {
    let world = small(12).await;
    for (list, said) in [
        ("", "`desired` is blank"),
        ("[]", "no row"),
        ("email\n\n", "no row"),
        ("{\"email\": \"a@example.com\"}", "array"),
        ("[\"a@example.com\", \"no address\"]", "row 2"),
        ("[\"a@example.com\", \"A@EXAMPLE.COM\"]", "row 1 already"),
        (
            "[{\"email\": \"a@example.com\", \"admin\": true}]",
            "row 1: there is no field `admin`",
        ),
        (
            "[{\"email\": \"a@example.com\", \"group_ids\": [\"../x\"]}]",
            "group_ids",
        ),
        ("mail\na@example.com\n", "header"),
        ("email\na@example.com\nb@@example.com\n", "line 3"),
        ("/etc/passwd", "header"),
    ] {
        let refusal = world.refusal("sync_page_viewers", sync(list)).await;
        assert!(refusal.contains(said), "{list:?}: {refusal}");
    }
    assert_eq!(world.sandbox.report().requests, 0);
    let unknown = json!([{"email": JANE, "group_ids": ["nosuchgroup"]}]).to_string();
    let refusal = world
        .refusal(
            "sync_page_viewers",
            with(sync(&unknown), "removal_cap", json!(50)),
        )
        .await;
    assert!(refusal.contains("nosuchgroup"), "{refusal}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_to_its_end_is_no_ground_for_a_plan() {
    let world = small(250).await;
    let list = json!([JANE]).to_string();
    let all = with(sync(&list), "removal_cap", json!(500));
    let mut faults = Faults::next(Fault::IgnorePage, "GET", "page=2");
    faults.next[0].times = 50;
    world.sandbox.faults(faults);
    let refusal = world.refusal("sync_page_viewers", all.clone()).await;
    assert!(refusal.contains("a part of it would be wrong"), "{refusal}");
    let mut faults = Faults::next(Fault::Status500, "GET", "page=3");
    faults.next[0].times = 50;
    world.sandbox.faults(faults);
    let reading = world.result("sync_page_viewers", all.clone()).await;
    assert_eq!(reading["status"], "reading", "{reading}");
    assert!(reading["confirmation_token"].is_null());
    world.sandbox.faults(Faults::default());
    let before = world.sandbox.report().requests;
    let plan = world.result("sync_page_viewers", all).await;
    assert_eq!(plan["difference_found"]["removals"], 249);
    assert!(
        world.sandbox.report().requests - before < 6,
        "the read went on where it stopped"
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn the_plan_is_bound_to_the_exact_difference() {
    let world = small(20).await;
    let mut wanted = there(&world);
    let gone = wanted.iter().find(|it| *it != JANE).cloned().unwrap();
    wanted.remove(&gone);
    let list = serde_json::to_string(&wanted).unwrap();
    let plan = world.result("sync_page_viewers", sync(&list)).await;
    let add = json!({"page_id": AUDIENCE_PAGE, "email": "late@example.com"});
    world.result("add_page_viewer", add).await;
    let changed = world
        .result(
            "sync_page_viewers",
            with(sync(&list), "confirmation_token", token(&plan)),
        )
        .await;
    assert_eq!(changed["refused"], "state_changed", "{changed}");
    assert!(
        changed["difference"]
            .to_string()
            .contains("late@example.com"),
        "{changed}"
    );
    assert_eq!(world.writes().len(), 1, "only the viewer who was added");
}

#[tokio::test]
async fn who_has_no_address_that_can_be_compared_stays() {
    let make = Make {
        sandbox: Settings {
            viewers: 401,
            addresses: Addresses::Hostile,
            list_rows: ListRows::WithoutGroups,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let list = json!([{"email": JANE, "group_ids": ["groupeurope1"]}]).to_string();
    let all = with(sync(&list), "removal_cap", json!(500));
    let plan = world.result("sync_page_viewers", all.clone()).await;
    assert_eq!(
        plan["difference_found"]["changes"], 1,
        "the groups name their members: {plan}"
    );
    let alone = plan["difference_found"]["left_alone"].as_u64().unwrap();
    assert!(alone >= 4, "{plan}");
    let done = world
        .result(
            "sync_page_viewers",
            with(all, "confirmation_token", token(&plan)),
        )
        .await;
    assert!(
        matches!(done["status"].as_str(), Some("applied" | "partial")),
        "{done}"
    );
}

#[tokio::test]
async fn a_plan_longer_than_a_call_goes_on_with_the_same_token() {
    let make = Make {
        sandbox: Settings {
            viewers: 60,
            requests_per_window: 40,
            window: Duration::from_secs(1),
            ..Make::default().sandbox
        },
        server: "mode = \"write\"\nmax_wait_seconds = 2".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let list = json!([JANE]).to_string();
    let all = with(sync(&list), "removal_cap", json!(60));
    let plan = world.result("sync_page_viewers", all.clone()).await;
    let again = with(all, "confirmation_token", token(&plan));
    let first = world.result("sync_page_viewers", again.clone()).await;
    assert_eq!(first["status"], "partial", "{first}");
    assert_eq!(first["confirmation_token"], plan["confirmation_token"]);
    let mut done = first["progress"]["done"].as_u64().unwrap();
    assert!(done > 0 && done < 59, "{first}");
    // Nobody else can go on with it.
    let other = world
        .ask_as("mallory", "sync_page_viewers", again.clone())
        .await;
    assert!(other.is_error, "{}", other.text);
    loop {
        let next = world.result("sync_page_viewers", again.clone()).await;
        let now = next["progress"]["done"].as_u64().unwrap();
        assert!(now > done, "{next}");
        done = now;
        if next["status"] != "partial" {
            assert_eq!(next["status"], "applied", "{next}");
            break;
        }
    }
    assert_eq!(done, 59);
    assert_eq!(there(&world), BTreeSet::from([JANE.to_owned()]));
    let writes = world.writes();
    let once: BTreeSet<&String> = writes.iter().collect();
    assert_eq!(writes.len(), once.len(), "nothing twice");
    assert_eq!(world.sandbox.report().rejected, 0);
    let writes = world.writes().len();
    let replay = world.result("sync_page_viewers", again).await;
    assert_eq!(replay["status"], "already", "{replay}");
    assert_eq!(world.writes().len(), writes);
}

#[tokio::test]
async fn after_a_restart_in_the_middle_the_same_token_finishes_the_plan() {
    let make = Make {
        sandbox: Settings {
            viewers: 40,
            requests_per_window: 30,
            window: Duration::from_secs(1),
            ..Make::default().sandbox
        },
        server: "mode = \"write\"\nmax_wait_seconds = 2".to_owned(),
        ..Make::default()
    };
    let mut world = make.world().await;
    let list = json!([JANE]).to_string();
    let all = with(sync(&list), "removal_cap", json!(60));
    let plan = world.result("sync_page_viewers", all.clone()).await;
    let again = with(all, "confirmation_token", token(&plan));
    let first = world.result("sync_page_viewers", again.clone()).await;
    assert_eq!(first["status"], "partial", "{first}");
    let done = first["progress"]["done"].as_u64().unwrap();
    world.app = world.another().await;
    let mut last = world.result("sync_page_viewers", again.clone()).await;
    while ["partial", "reading"].contains(&last["status"].as_str().unwrap()) {
        last = world.result("sync_page_viewers", again.clone()).await;
    }
    assert_eq!(last["status"], "applied", "{last}");
    assert!(done > 0 && last["progress"]["done"] == 39, "{last}");
    assert_eq!(there(&world), BTreeSet::from([JANE.to_owned()]));
    let writes = world.writes();
    let once: BTreeSet<&String> = writes.iter().collect();
    assert_eq!(writes.len(), once.len(), "nothing twice");
}
