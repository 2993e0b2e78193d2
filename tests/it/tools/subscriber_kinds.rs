//! Who is told by text message, by a webhook or as a page access user: what goes out, what is agreed to first, and what is shown of it.

use serde_json::{Value, json};
use status_roster::sandbox::{Fault, Faults, Next, known};

use super::world::World;

const SECRET: &str = "https://hooks.example.com/services/T0/s3cr3t-path";

fn stored(world: &World, page: &str) -> Vec<Value> {
    let page = world.stored_page(page);
    page["subscribers"].as_array().unwrap().clone()
}

fn posted(world: &World) -> Value {
    let all = world.sandbox.requests();
    let post = all.iter().rfind(|it| it.method == "POST").unwrap();
    assert!(post.target.ends_with("/subscribers"), "{}", post.target);
    serde_json::from_str(&post.body).unwrap()
}

async fn confirmed(world: &World, arguments: &Value) -> (Value, Value) {
    let plan = world.result("add_subscriber", arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    let mut again = arguments.clone();
    again["confirmation_token"] = plan["confirmation_token"].clone();
    (plan, world.result("add_subscriber", again).await)
}

#[tokio::test]
async fn a_number_is_subscribed_after_what_it_triggers_was_agreed_to() {
    let world = World::new().await;
    let sms = json!({"page_id": known::PUBLIC_PAGE, "phone_number": "030 1234567", "phone_country": "de"});
    let (plan, done) = confirmed(&world, &sms).await;
    assert!(
        plan["summary"]
            .as_str()
            .unwrap()
            .contains("sending text messages to the number 030 1234567 (DE)"),
        "{plan}"
    );
    assert!(
        plan["warnings"]
            .to_string()
            .contains("a text message to this number at every update"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        posted(&world),
        json!({"subscriber": {"phone_country": "DE", "phone_number": "030 1234567"}})
    );
    let again =
        json!({"page_id": known::PUBLIC_PAGE, "phone_number": "0301234567", "phone_country": "DE"});
    assert_eq!(
        world.result("add_subscriber", again).await["status"],
        "already",
        "another spelling of the number"
    );
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_webhook_is_subscribed_with_its_contact_and_shown_as_host_everywhere() {
    let world = World::new().await;
    let hook =
        json!({"page_id": known::PUBLIC_PAGE, "webhook_url": SECRET, "email": "ops@example.com"});
    let (plan, done) = confirmed(&world, &hook).await;
    assert!(
        plan["warnings"]
            .to_string()
            .contains("at once when a component's status changes"),
        "{plan}"
    );
    assert!(
        plan["summary"]
            .as_str()
            .unwrap()
            .contains("hooks.example.com"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        posted(&world),
        json!({"subscriber": {"endpoint": SECRET, "email": "ops@example.com"}})
    );
    let list = world
        .result(
            "list_subscribers",
            json!({"page_id": known::PUBLIC_PAGE, "type": "webhook", "email": "ops@example.com"}),
        )
        .await;
    assert_eq!(list["records"][0]["endpoint_host"], "hooks.example.com");
    let other = json!({"page_id": known::PUBLIC_PAGE, "webhook_url": "https://hooks.example.com/services/T0/other", "email": "ops@example.com"});
    let second = world.result("add_subscriber", other).await;
    assert_eq!(
        second["status"], "confirmation_required",
        "another address at the same host is another webhook"
    );
    assert_eq!(
        world.result("add_subscriber", hook).await["status"],
        "already"
    );
    let audit = world
        .audit()
        .iter()
        .map(ToString::to_string)
        .collect::<String>();
    for words in [
        plan.to_string(),
        done.to_string(),
        list.to_string(),
        second.to_string(),
        audit,
    ] {
        assert!(!words.contains("s3cr3t"), "{words}");
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_webhook_or_a_number_is_settled_by_looking() {
    for arguments in [
        json!({"page_id": known::PUBLIC_PAGE, "webhook_url": SECRET, "email": "ops@example.com"}),
        json!({"page_id": known::PUBLIC_PAGE, "phone_number": "6505550177", "phone_country": "US"}),
    ] {
        let world = World::new().await;
        let before = stored(&world, known::PUBLIC_PAGE).len();
        world.sandbox.faults(Faults {
            next: vec![Next {
                fault: Fault::LostAnswer,
                method: Some("POST".to_owned()),
                after: 0,
                path: None,
                times: 1,
            }],
            ..Faults::default()
        });
        let (_, done) = confirmed(&world, &arguments).await;
        assert_eq!(done["status"], "applied", "{done}");
        assert_eq!(
            (
                stored(&world, known::PUBLIC_PAGE).len(),
                world.writes().len()
            ),
            (before + 1, 1)
        );
    }
}

#[tokio::test]
async fn a_page_access_user_is_subscribed_with_their_own_address() {
    let world = World::new().await;
    let page = known::AUDIENCE_PAGE;
    let subscribed = stored(&world, page);
    let viewers = world.stored_page(page)["viewers"].clone();
    let free = |viewer: &&Value| {
        !viewer["email"].is_null() && !subscribed.iter().any(|row| row["email"] == viewer["email"])
    };
    let viewer = viewers.as_array().unwrap().iter().find(free).unwrap();
    let done = world
        .result(
            "add_subscriber",
            json!({"page_id": page, "user_id": viewer["id"]}),
        )
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        posted(&world),
        json!({"subscriber": {"email": viewer["email"], "page_access_user": viewer["id"]}})
    );
    let nameless = viewers
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["email"].is_null())
        .unwrap();
    let words = world
        .refusal(
            "add_subscriber",
            json!({"page_id": page, "user_id": nameless["id"]}),
        )
        .await;
    assert!(
        words.contains("has no address that mail could go to")
            && words.ends_with("Nothing was changed."),
        "{words}"
    );
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn ways_to_be_told_that_do_not_fit_together_are_refused_and_show_no_address() {
    let world = World::new().await;
    let page = known::PUBLIC_PAGE;
    for (arguments, part) in [
        (json!({"page_id": page}), "say where messages go"),
        (
            json!({"page_id": page, "webhook_url": SECRET}),
            "give one way to be told",
        ),
        (
            json!({"page_id": page, "phone_number": "030 1234567"}),
            "two letters",
        ),
        (
            json!({"page_id": page, "phone_number": "+49 30 1234567", "phone_country": "DE"}),
            "without `+`",
        ),
        (
            json!({"page_id": page, "email": "a@example.com", "phone_country": "DE"}),
            "give one way to be told",
        ),
        (
            json!({"page_id": page, "webhook_url": "s3cr3t", "email": "a@example.com"}),
            "begins with `https://`",
        ),
        (
            json!({"page_id": page, "phone_number": "030 1234567", "phone_country": "DE", "resend": true}),
            "for subscriptions by mail",
        ),
    ] {
        let words = world.refusal("add_subscriber", arguments).await;
        assert!(words.contains(part) && !words.contains("s3cr3t"), "{words}");
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn those_who_follow_one_incident_are_listed() {
    let world = World::new().await;
    let ask = json!({"page_id": known::PUBLIC_PAGE, "incident_id": known::OPEN_INCIDENT});
    let list = world.result("list_subscribers", ask).await;
    let world_now = world.stored_page(known::PUBLIC_PAGE);
    let incidents = world_now["incidents"].as_array().unwrap();
    let held = incidents
        .iter()
        .find(|it| it["id"] == known::OPEN_INCIDENT)
        .unwrap()["subscribers"]
        .clone();
    assert!(!held.as_array().unwrap().is_empty(), "the sandbox has some");
    assert_eq!(
        (&list["matched"], &list["complete"]),
        (&json!(held.as_array().unwrap().len()), &json!(true)),
        "{list}"
    );
    assert_eq!(list["records"][0]["email"], held[0][1]);
    let asked = world.sandbox.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].target,
        format!(
            "/v1/pages/{}/incidents/{}/subscribers?page=1&per_page=100",
            known::PUBLIC_PAGE,
            known::OPEN_INCIDENT
        )
    );
}
