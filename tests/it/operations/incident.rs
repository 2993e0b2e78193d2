//! An incident from its opening to its postmortem, with the answer of every write lost; and what is said before anybody agrees.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    OPEN_INCIDENT, PUBLIC_COMPONENT, PUBLIC_PAGE, RESOLVED_INCIDENT,
};

use super::world::{confirmed, last_write, lose_the_next_answer, stored, world};
use crate::tools::world::World;

fn opening() -> Value {
    json!({
        "page_id": PUBLIC_PAGE, "name": "Log-in is slow", "body": "Logging in takes up to a minute.\n\nWe are looking into it.",
        "components": [{"component_id": PUBLIC_COMPONENT, "status": "major_outage"}],
    })
}

fn incidents(world: &World, name: &str) -> Vec<Value> {
    let page = world.stored_page(PUBLIC_PAGE);
    let rows = page["incidents"].as_array().unwrap();
    rows.iter()
        .filter(|it| it["name"] == name)
        .cloned()
        .collect()
}

#[tokio::test]
async fn the_whole_story_with_every_answer_lost() {
    let world = world().await;
    lose_the_next_answer(&world, "POST");
    let (_, opened) = confirmed(&world, "open_incident", opening()).await;
    assert_eq!(opened["status"], "applied", "{opened}");
    let all = incidents(&world, "Log-in is slow");
    assert_eq!(all.len(), 1, "{all:?}");
    let id = all[0]["id"].as_str().unwrap().to_owned();

    lose_the_next_answer(&world, "PATCH");
    let resolve = json!({"page_id": PUBLIC_PAGE, "incident_id": id, "status": "resolved", "body": "Logging in works.", "restore_components": true});
    let (_, resolved) = confirmed(&world, "update_incident", resolve).await;
    assert_eq!(resolved["status"], "applied", "{resolved}");
    let now = stored(&world, PUBLIC_PAGE, "incidents", &id);
    assert_eq!(
        (&now["status"], now["updates"].as_array().unwrap().len()),
        (&json!("resolved"), 2)
    );
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", PUBLIC_COMPONENT)["status"],
        "operational"
    );

    let update = now["updates"][0]["id"].clone();
    lose_the_next_answer(&world, "PUT");
    let rewrite = json!({"page_id": PUBLIC_PAGE, "incident_id": id, "update_id": update, "body": "Logging in works again."});
    let (plan, rewritten) = confirmed(&world, "edit_incident_update", rewrite).await;
    assert!(
        plan["publication"]["readers_see"]
            .to_string()
            .contains("Logging in works."),
        "{plan}"
    );
    assert_eq!(rewritten["status"], "applied", "{rewritten}");

    let postmortem = |action: &str, body: Option<&str>| json!({"page_id": PUBLIC_PAGE, "incident_id": id, "action": action, "body": body});
    lose_the_next_answer(&world, "PUT");
    let draft = postmortem("draft", Some("A cache was full."));
    let (_, written) = confirmed(&world, "save_postmortem", draft).await;
    assert_eq!(written["status"], "applied", "{written}");
    let mut publish = postmortem("publish", None);
    publish.as_object_mut().unwrap().remove("body");
    lose_the_next_answer(&world, "PUT");
    let (_, published) = confirmed(&world, "save_postmortem", publish).await;
    assert_eq!(published["status"], "applied", "{published}");
    let now = stored(&world, PUBLIC_PAGE, "incidents", &id);
    assert_eq!(now["postmortem"]["body"], "A cache was full.");
    assert_eq!(world.sandbox.report().mails, []);
}

#[tokio::test]
async fn what_is_published_is_shown_word_for_word_with_who_is_told() {
    let world = world().await;
    let mut arguments = opening();
    arguments["deliver_notifications"] = json!(true);
    let (plan, done) = confirmed(&world, "open_incident", arguments).await;
    let publication = &plan["publication"];
    let see = publication["readers_see"].to_string();
    assert!(
        see.contains("Log-in is slow")
            && see.contains("Logging in takes up to a minute.\\n\\nWe are looking into it."),
        "{see}"
    );
    assert!(
        publication["components"][0]
            .as_str()
            .unwrap()
            .contains("from partial_outage to major_outage"),
        "{publication}"
    );
    let told = publication["told"].as_array().unwrap();
    let email = told.iter().find(|it| it["channel"] == "email").unwrap();
    let sent = world.sandbox.report();
    let mails = sent.mails.iter().filter(|it| it.why == "incident").count();
    assert_eq!(email["of_affected_components"], mails, "{email}");
    assert!(
        email["at_most"].as_u64().unwrap() as usize > mails,
        "{email}"
    );
    let webhooks = told.iter().filter(|it| it["channel"] == "webhook").count();
    assert_eq!(
        webhooks, 2,
        "of the incident and of the component: {told:?}"
    );
    assert!(
        publication["irrevocable"][0]
            .as_str()
            .unwrap()
            .contains("cannot be called back")
    );
    assert!(
        publication["estimate"]
            .as_str()
            .unwrap()
            .starts_with("An estimate")
    );
    assert_eq!(done["status"], "applied", "{done}");
}

#[tokio::test]
async fn subscribers_are_told_only_where_it_is_asked_for_and_the_request_always_says() {
    let world = world().await;
    let quiet = json!({"page_id": PUBLIC_PAGE, "name": "Quiet", "body": "Only for the page.", "component_ids": [PUBLIC_COMPONENT]});
    let (plan, _) = confirmed(&world, "open_incident", quiet).await;
    assert_eq!(plan["publication"]["told"], json!([]), "{plan}");
    let (method, path, body) = last_write(&world);
    assert_eq!(
        (method.as_str(), path),
        ("POST", format!("/pages/{PUBLIC_PAGE}/incidents"))
    );
    assert_eq!(body["incident"]["deliver_notifications"], false);
    assert!(body["incident"].get("components").is_none(), "{body}");
    assert_eq!(
        (
            world.sandbox.report().mails,
            world.sandbox.report().notifications
        ),
        (vec![], vec![])
    );
}

#[tokio::test]
async fn the_same_words_are_never_posted_twice() {
    let world = world().await;
    let (_, done) = confirmed(&world, "open_incident", opening()).await;
    assert_eq!(done["status"], "applied");
    let again = world.result("open_incident", opening()).await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(incidents(&world, "Log-in is slow").len(), 1);
}

#[tokio::test]
async fn a_template_gives_words_and_components_and_not_the_decision_to_mail() {
    let world = world().await;
    let arguments = json!({"page_id": PUBLIC_PAGE, "template": "api outage"});
    let (plan, done) = confirmed(&world, "open_incident", arguments).await;
    assert!(
        plan["publication"]["readers_see"]
            .to_string()
            .contains("The API is unavailable"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        last_write(&world).2["incident"]["component_ids"],
        json!([PUBLIC_COMPONENT])
    );
    assert_eq!(world.sandbox.report().mails, []);
    let words = world
        .refusal(
            "open_incident",
            json!({"page_id": PUBLIC_PAGE, "template": "nothing"}),
        )
        .await;
    assert!(words.contains("API outage"), "{words}");
}

#[tokio::test]
async fn resolving_does_not_heal_and_the_plan_says_so() {
    let world = world().await;
    let resolve = json!({"page_id": PUBLIC_PAGE, "incident_id": OPEN_INCIDENT, "status": "resolved", "body": "Fixed."});
    let (plan, done) = confirmed(&world, "update_incident", resolve).await;
    assert!(
        plan["warnings"].to_string().contains("restore_components"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", PUBLIC_COMPONENT)["status"],
        "partial_outage"
    );
    let again = json!({"page_id": PUBLIC_PAGE, "incident_id": OPEN_INCIDENT, "status": "resolved", "body": "Fixed."});
    let again = world.result("update_incident", again).await;
    assert_eq!(again["status"], "already", "{again}");
}

#[tokio::test]
async fn what_nobody_sees_is_refused_before_anything_is_planned() {
    let world = world().await;
    for (body, said) in [("all \u{202e}good", "U+202E"), ("a\u{7}b", "U+0007")] {
        let words = world
            .refusal(
                "open_incident",
                json!({"page_id": PUBLIC_PAGE, "name": "n", "body": body}),
            )
            .await;
        assert!(words.contains(said), "{words}");
    }
    let long = "x".repeat(25_001);
    let words = world
        .refusal(
            "open_incident",
            json!({"page_id": PUBLIC_PAGE, "name": "n", "body": long}),
        )
        .await;
    assert!(
        words.contains("25000") || words.contains("25,000"),
        "{words}"
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn what_is_over_is_written_down_without_telling_anybody() {
    let world = world().await;
    let past = json!({"page_id": PUBLIC_PAGE, "name": "Forgotten outage", "body": "It was short.", "backfill_date": "2026-01-31"});
    let (plan, done) = confirmed(&world, "open_incident", past).await;
    assert!(
        plan["warnings"].to_string().contains("cannot be changed"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let (_, _, body) = last_write(&world);
    assert_eq!(
        (
            &body["incident"]["backfilled"],
            &body["incident"]["backfill_date"]
        ),
        (&json!(true), &json!("2026-01-31"))
    );
}

#[tokio::test]
async fn a_deleted_incident_is_gone_and_its_components_stay() {
    let world = world().await;
    let which = json!({"page_id": PUBLIC_PAGE, "incident_id": OPEN_INCIDENT});
    let (plan, done) = confirmed(&world, "remove_incident", which.clone()).await;
    assert!(
        plan["losses"][0]
            .as_str()
            .unwrap()
            .contains("API errors in Europe"),
        "{plan}"
    );
    assert!(
        plan["warnings"].to_string().contains("partial_outage"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        stored(&world, PUBLIC_PAGE, "components", PUBLIC_COMPONENT)["status"],
        "partial_outage"
    );
    assert_eq!(
        world.result("remove_incident", which).await["status"],
        "already"
    );
}

#[tokio::test]
async fn lists_show_what_is_asked_for() {
    let world = world().await;
    let list = |more: Value| {
        let mut arguments = json!({"page_id": PUBLIC_PAGE});
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        arguments
    };
    let names = |answer: &Value| -> Vec<String> {
        let rows = answer["records"].as_array().unwrap();
        rows.iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let open = world
        .result("list_incidents", list(json!({"state": "unresolved"})))
        .await;
    assert_eq!(
        (names(&open), &open["complete"]),
        (vec!["API errors in Europe".to_owned()], &json!(true))
    );
    assert!(open["records"][0].get("updates").is_none());
    let planned = world
        .result("list_incidents", list(json!({"state": "upcoming"})))
        .await;
    assert_eq!(names(&planned), ["Database upgrade"]);
    let all = world
        .result("list_incidents", list(json!({"detail": true})))
        .await;
    assert_eq!(all["matched"], 10, "{all}");
    assert_eq!(all["templates"][0]["name"], "API outage");
    let some = world
        .result(
            "list_incidents",
            list(json!({"text": "power", "detail": true})),
        )
        .await;
    assert_eq!(names(&some), ["Data centre without power"]);
    let one = world
        .result(
            "list_incidents",
            list(json!({"incident_id": RESOLVED_INCIDENT, "detail": true})),
        )
        .await;
    assert!(
        one["postmortem"]["body"]
            .as_str()
            .unwrap()
            .contains("breaker"),
        "{one}"
    );
    assert!(!one.to_string().contains("preview_key"));
    let asked = world.sandbox.requests();
    assert!(
        asked
            .iter()
            .any(|it| it.target.contains("/incidents?page=1&limit=100")),
        "{asked:?}"
    );
    assert_eq!(world.sandbox.report().unpaginated_hits, 0);
}
