//! Subscribers: nobody in quarantine is forgotten, no secret of a webhook is shown, and no mail goes out unasked.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, known};

use super::world::{Make, World};

fn stored(world: &World, page: &str) -> Vec<Value> {
    world.stored_page(page)["subscribers"]
        .as_array()
        .unwrap()
        .clone()
}

fn new(page: &str, email: &str) -> Value {
    json!({"page_id": page, "email": email})
}

#[tokio::test]
async fn everybody_is_listed_quarantined_ones_too_and_webhooks_by_host_alone() {
    let world = World::new().await;
    let all = stored(&world, known::PUBLIC_PAGE);
    let list = world
        .result(
            "list_subscribers",
            json!({"page_id": known::PUBLIC_PAGE, "limit": 200}),
        )
        .await;
    let rest = world
        .result(
            "list_subscribers",
            json!({"page_id": known::PUBLIC_PAGE, "limit": 200, "cursor": list["next_cursor"]}),
        )
        .await;
    assert_eq!(
        (&rest["complete"], &rest["matched"]),
        (&json!(true), &json!(all.len()))
    );
    let text = format!("{list}{rest}");
    assert!(text.contains("\"endpoint_host\":\"hooks."));
    assert!(!text.contains("whsec_") && !text.contains("/services/"));
    let quarantined = world
        .result(
            "list_subscribers",
            json!({"page_id": known::PUBLIC_PAGE, "state": "quarantined"}),
        )
        .await;
    let wanted = all
        .iter()
        .filter(|row| !row["quarantined_at"].is_null())
        .count();
    assert_eq!(quarantined["matched"], wanted);
    let webhooks = world
        .result(
            "list_subscribers",
            json!({"page_id": known::PUBLIC_PAGE, "type": "webhook"}),
        )
        .await;
    let wanted = all.iter().filter(|row| row["mode"] == "webhook").count();
    assert_eq!(webhooks["matched"], wanted);
}

#[tokio::test]
async fn one_person_costs_one_request() {
    let world = World::new().await;
    let list = world
        .result("list_subscribers", new(known::PUBLIC_PAGE, known::JANE))
        .await;
    assert_eq!(list["matched"], 2, "in both spellings: {list}");
    // Whether the search tells upper from lower case is learned once, from the first rows and one more search.
    assert_eq!(world.sandbox.requests().len(), 3);
    let other = new(known::PUBLIC_PAGE, "somebody.else@example.com");
    world.result("list_subscribers", other).await;
    assert_eq!(world.sandbox.requests().len(), 4);
}

#[tokio::test]
async fn a_subscription_in_quarantine_ends_too_and_nobody_gets_mail() {
    let world = World::new().await;
    let mut remove = json!({"system": "statuspage_subscriber", "page_id": known::PUBLIC_PAGE, "email": known::JANE});
    let plan = world.result("remove_user", remove.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert_eq!(plan["steps"].as_array().unwrap().len(), 2);
    assert!(
        plan["warnings"].to_string().contains("send no message"),
        "{plan}"
    );
    remove["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("remove_user", remove).await;
    assert_eq!(done["status"], "applied", "{done}");
    let left = stored(&world, known::PUBLIC_PAGE);
    assert!(!left.iter().any(|row| {
        let email = row["email"].as_str().unwrap_or_default();
        email.eq_ignore_ascii_case(known::JANE)
    }));
    assert_eq!(world.sandbox.report().mails, []);
    assert_eq!(
        stored(&world, known::AUDIENCE_PAGE)[0]["id"],
        known::JANE_SUBSCRIBER,
        "the other page stays"
    );
}

#[tokio::test]
async fn a_subscriber_is_told_only_where_that_was_asked_for() {
    let world = World::new().await;
    let mut remove = json!({"system": "statuspage_subscriber", "page_id": known::AUDIENCE_PAGE, "user_id": known::JANE_SUBSCRIBER, "notify": true});
    let plan = world.result("remove_user", remove.clone()).await;
    assert!(
        plan["steps"][0]["action"]
            .as_str()
            .unwrap()
            .contains("tells the subscriber"),
        "{plan}"
    );
    remove["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("remove_user", remove).await["status"],
        "applied"
    );
    let mails = world.sandbox.report().mails;
    assert_eq!(
        (mails.len(), mails[0].to.as_str(), mails[0].why),
        (1, known::JANE, "unsubscribed")
    );
}

#[tokio::test]
async fn a_new_subscriber_is_seen_and_says_that_a_mail_goes_out() {
    let world = World::new().await;
    let page = known::PUBLIC_PAGE;
    let done = world
        .result("add_subscriber", new(page, "ann@example.com"))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert!(
        done["warnings"].to_string().contains("sends a mail"),
        "{done}"
    );
    let again = world
        .result("add_subscriber", new(page, "ANN@example.com"))
        .await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_subscriber_of_an_audience_specific_page_is_joined_to_the_viewer() {
    let mut make = Make::default();
    make.sandbox.viewers = 60;
    let world = make.world().await;
    let viewers = world.stored_page(known::AUDIENCE_PAGE)["viewers"].clone();
    let subscribed = stored(&world, known::AUDIENCE_PAGE);
    let viewer = viewers
        .as_array()
        .unwrap()
        .iter()
        .find(|viewer| !subscribed.iter().any(|row| row["email"] == viewer["email"]))
        .unwrap();
    let email = viewer["email"].as_str().unwrap();
    let done = world
        .result("add_subscriber", new(known::AUDIENCE_PAGE, email))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    let made = stored(&world, known::AUDIENCE_PAGE).pop().unwrap();
    assert_eq!(made["page_access_user_id"], viewer["id"]);
}

#[tokio::test]
async fn an_outsider_is_subscribed_only_with_a_confirmation() {
    let make = Make {
        more: "[policy]\nemail_domains = [\"example.com\"]".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let mut outside = new(known::PUBLIC_PAGE, "someone@elsewhere.test");
    let plan = world.result("add_subscriber", outside.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert!(
        plan["summary"]
            .as_str()
            .unwrap()
            .contains("outside `policy.email_domains`"),
        "{plan}"
    );
    assert_eq!(
        (world.writes().len(), world.sandbox.report().mails.len()),
        (0, 0)
    );
    outside["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("add_subscriber", outside).await["status"],
        "applied"
    );
    let inside = new(known::PUBLIC_PAGE, "ann@example.com");
    assert_eq!(
        world.result("add_subscriber", inside).await["status"],
        "applied"
    );
}

#[tokio::test]
async fn who_is_subscribed_to_some_components_gets_the_others_and_keeps_theirs() {
    let world = World::new().await;
    let page = known::AUDIENCE_PAGE;
    let rows = world.stored_page(page)["components"].clone();
    let other = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["group"] == false && row["id"] != known::COMPONENT)
        .unwrap()["id"]
        .clone();
    let mut first = new(page, "ann@example.com");
    first["component_ids"] = json!([known::COMPONENT]);
    world.result("add_subscriber", first.clone()).await;
    first["component_ids"] = json!([other]);
    let done = world.result("add_subscriber", first.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let held = stored(&world, page).pop().unwrap()["component_ids"].clone();
    assert_eq!(held, json!([known::COMPONENT, other]));
    let all = world
        .result("add_subscriber", new(page, "ann@example.com"))
        .await;
    assert_eq!(all["status"], "applied", "{all}");
    let held = stored(&world, page).pop().unwrap()["component_ids"].clone();
    assert_eq!(held, json!([]), "all components");
    assert_eq!(
        world.result("add_subscriber", first).await["status"],
        "already"
    );
}

/// How many subscribers of a type are in a state, as the sandbox holds them.
fn held(rows: &[Value], mode: &str, state: Option<&str>) -> usize {
    let of = |row: &&Value| {
        let quarantined = !row["quarantined_at"].is_null();
        row["mode"] == mode
            && state.is_none_or(|state| match state {
                "quarantined" => quarantined,
                "active" => !quarantined && row["confirmed"] == true,
                _ => !quarantined && row["confirmed"] == false,
            })
    };
    rows.iter().filter(of).count()
}

fn asked(world: &World, what: &str) -> usize {
    let all = world.sandbox.requests();
    all.iter().filter(|row| row.target.contains(what)).count()
}

#[tokio::test]
async fn numbers_by_type_and_state_come_where_asked_for_and_fresh_each_time() {
    let world = World::new().await;
    let page = known::PUBLIC_PAGE;
    let list = world
        .result("list_subscribers", json!({"page_id": page}))
        .await;
    assert_eq!(list.get("counts"), None);
    assert_eq!(asked(&world, "histogram"), 0, "unasked it costs nothing");

    let with = json!({"page_id": page, "type": "webhook", "counts": true});
    let list = world.result("list_subscribers", with.clone()).await;
    let rows = stored(&world, page);
    for mode in ["email", "sms", "webhook", "slack", "teams"] {
        let counts = &list["counts"][mode];
        assert_eq!(counts["total"], held(&rows, mode, None), "{mode}");
        for state in ["active", "unconfirmed", "quarantined"] {
            assert_eq!(counts[state], held(&rows, mode, Some(state)), "{mode}");
        }
    }
    world
        .result("add_subscriber", new(page, "ann@example.com"))
        .await;
    let later = world.result("list_subscribers", with).await;
    assert_eq!(
        later["counts"]["email"]["unconfirmed"],
        held(&rows, "email", Some("unconfirmed")) + 1
    );
    assert_eq!(asked(&world, "histogram"), 2);
}

#[tokio::test]
async fn without_the_numbers_the_list_is_still_answered_and_says_so() {
    let world = World::new().await;
    world
        .sandbox
        .faults(Faults::next(Fault::Forbidden, "GET", "histogram"));
    let mut ask = new(known::PUBLIC_PAGE, known::JANE);
    ask["counts"] = json!(true);
    let list = world.result("list_subscribers", ask).await;
    assert_eq!((&list["matched"], list.get("counts")), (&json!(2), None));
    assert_eq!(list["complete"], true);
    assert!(
        list["warnings"][0]
            .as_str()
            .unwrap()
            .contains("`counts` is missing"),
        "{list}"
    );
}
