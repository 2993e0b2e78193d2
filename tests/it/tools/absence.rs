//! Nobody found is nobody there only where the search can prove it.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, JANE_VIEWER, MIXED, MIXED_VIEWER, PRIVATE_PAGE,
};
use status_roster::sandbox::{People, Searches, Settings};

use super::world::{Make, World};
use crate::sandbox::wire::ask as raw;

fn ids(found: &Value) -> Vec<&str> {
    let each = found["records"].as_array().unwrap().iter();
    each.map(|account| account["id"].as_str().unwrap())
        .collect()
}

async fn telling_case() -> World {
    let plain = Make::default();
    Make {
        sandbox: Settings {
            people: People::Namesakes,
            searches: Searches::TellCase,
            ..plain.sandbox
        },
        systems: vec![System::Statuspage],
        ..plain
    }
    .world()
    .await
}

#[tokio::test]
async fn a_search_that_tells_case_proves_nothing_until_the_list_is_read() {
    let world = telling_case().await;
    let mixed = json!({"email": "mixed.case@northwind.example"});
    let found = world.result("find_person", mixed.clone()).await;
    assert_eq!(
        (&found["verdict"], &found["complete"]),
        (&json!("unknown"), &json!(false))
    );
    assert!(
        found["unknown"]
            .to_string()
            .contains("upper from lower case"),
        "{found}"
    );
    let plan = world.result("offboard_person", mixed.clone()).await;
    assert!(
        plan["unknown"]
            .to_string()
            .contains("upper from lower case"),
        "{plan}"
    );
    let one = json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "email": "mixed.case@northwind.example"});
    let refusal = world.refusal("remove_user", one).await;
    assert!(refusal.contains("list_page_access_users"), "{refusal}");
    let added = json!({"page_id": AUDIENCE_PAGE, "email": "mixed.case@northwind.example"});
    let failed = world.result("add_page_viewer", added).await.to_string();
    assert!(failed.contains("another form"), "{failed}");

    // With the whole list in memory the spelling is known, and asked for.
    let page = json!({"page_id": AUDIENCE_PAGE});
    world.result("list_page_access_users", page).await;
    let found = world.result("find_person", mixed.clone()).await;
    assert_eq!(ids(&found), [MIXED_VIEWER], "{found}");
    let plan = world.result("offboard_person", mixed).await;
    assert!(plan["steps"].to_string().contains(MIXED_VIEWER), "{plan}");
}

#[tokio::test]
async fn a_search_that_ignores_case_is_found_out_once_and_then_believed() {
    let world = World::new().await;
    world
        .result("find_person", json!({"email": "nobody@example.com"}))
        .await;
    let before = world.sandbox.requests().len();
    let found = world
        .result("find_person", json!({"email": "nobody.else@example.com"}))
        .await;
    assert_eq!(
        (&found["verdict"], &found["complete"]),
        (&json!("none"), &json!(true))
    );
    // The team is at hand; the list of pages, and each of three pages twice.
    assert_eq!(world.sandbox.requests().len() - before, 7);
}

#[tokio::test]
async fn a_spelling_that_is_seen_late_is_asked_for_where_it_was_not() {
    let world = telling_case().await;
    let subscription = json!({"page_id": PRIVATE_PAGE, "email": MIXED, "skip_confirmation": true});
    let plan = world.result("add_subscriber", subscription.clone()).await;
    if plan["status"] == "confirmation_required" {
        let mut again = subscription;
        again["confirmation_token"] = plan["confirmation_token"].clone();
        world.result("add_subscriber", again).await;
    }
    let lower = json!({"email": "mixed.case@northwind.example"});
    let found = world.result("find_person", lower.clone()).await;
    let ids = ids(&found);
    assert!(ids.contains(&MIXED_VIEWER), "{found}");
    assert_eq!(ids.len(), 2, "each once: {found}");
    let plan = world.result("offboard_person", lower).await;
    let steps = plan["steps"].to_string();
    assert_eq!(steps.matches(MIXED_VIEWER).count(), 1, "{plan}");
}

#[tokio::test]
async fn a_subscription_in_another_spelling_is_found_in_every_state_and_not_made_twice() {
    let world = telling_case().await;
    let subscription = json!({"page_id": PRIVATE_PAGE, "email": MIXED});
    let plan = world.result("add_subscriber", subscription.clone()).await;
    if plan["status"] == "confirmation_required" {
        let mut again = subscription;
        again["confirmation_token"] = plan["confirmation_token"].clone();
        world.result("add_subscriber", again).await;
    }
    let lower = json!({"page_id": PRIVATE_PAGE, "email": "mixed.case@northwind.example"});
    let mut unconfirmed = lower.clone();
    unconfirmed["state"] = json!("unconfirmed");
    let found = world.result("list_subscribers", unconfirmed).await;
    assert_eq!(found["matched"], 1, "{found}");
    let before = world.writes().len();
    let again = world.result("add_subscriber", lower).await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(world.writes().len(), before);
}

#[tokio::test]
async fn who_is_known_by_a_sign_in_alone_on_a_long_page_is_found_or_the_answer_says_that_it_is_open()
 {
    let world = World::new().await;
    let known = |at: usize| format!("signs.in.{at}@customer.example");
    for at in 0..2 {
        let new = json!({"page_access_user": {"external_login": known(at)}});
        let made = raw(
            &world.sandbox,
            "POST",
            "/v1/pages/customerpage/page_access_users",
            Some(new),
        )
        .await;
        assert_eq!(made.status, 200, "{}", made.text);
    }
    let of = |at: usize| json!({"page_id": AUDIENCE_PAGE, "email": known(at)});
    // The whole list shows that this page has such people.
    let whole = json!({"page_id": AUDIENCE_PAGE});
    let first = world.result("list_page_access_users", whole.clone()).await;
    assert!(first["scanned"].as_u64().unwrap() > 100, "{first}");
    for at in 0..2 {
        let list = world.result("list_page_access_users", of(at)).await;
        assert_eq!(
            (&list["matched"], &list["complete"]),
            (&json!(1), &json!(true)),
            "{list}"
        );
    }
    // Without that list a search alone proves nothing, on a page whose first rows show such people.
    let path = format!("/v1/pages/{AUDIENCE_PAGE}/page_access_users/{JANE_VIEWER}");
    let login = Some(json!({"page_access_user": {"external_login": "jane@idp.example"}}));
    let changed = raw(&world.sandbox, "PUT", &path, login).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let mut world = world;
    world.app = world.another().await;
    let list = world.result("list_page_access_users", of(0)).await;
    assert_eq!(
        (&list["matched"], &list["complete"]),
        (&json!(0), &json!(false)),
        "{list}"
    );
    assert!(
        list.to_string()
            .contains("an address that they sign in with"),
        "{list}"
    );
    world.result("list_page_access_users", whole).await;
    let found = world
        .result("find_person", json!({"email": known(1)}))
        .await;
    assert!(!ids(&found).is_empty(), "{found}");
}
