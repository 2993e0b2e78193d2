//! Page settings: shown by their official names, changed one by one, and what the API ignores ends as no effect.

use serde_json::json;
use status_roster::sandbox::known::{PRIVATE_PAGE, PUBLIC_PAGE};

use super::world::{confirmed, last_write, world};

#[tokio::test]
async fn they_are_shown_by_name_and_no_credential_among_them() {
    let world = world().await;
    let shown = world
        .result("get_page_settings", json!({"page_id": PUBLIC_PAGE}))
        .await;
    assert_eq!(
        shown["settings"]["allow_email_subscribers"], true,
        "{shown}"
    );
    assert!(shown["read_only"].get("city").is_some(), "{shown}");
    assert!(!shown.to_string().contains("automation_email"));
}

#[tokio::test]
async fn each_is_read_back_and_what_is_ignored_is_no_effect() {
    let world = world().await;
    let wanted = json!({"page_id": PUBLIC_PAGE, "settings": {"allow_sms_subscribers": false, "city": "Berlin", "time_zone": "Berlin"}});
    let (plan, done) = confirmed(&world, "save_page_settings", wanted).await;
    assert!(
        plan["losses"].to_string().contains("allow_sms_subscribers"),
        "{plan}"
    );
    let status = |field: &str| {
        let steps = done["steps"].as_array().unwrap();
        let step = steps.iter().find(|it| {
            it["action"]
                .as_str()
                .unwrap()
                .contains(&format!("`{field}`"))
        });
        step.unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (status("allow_sms_subscribers"), status("time_zone")),
        ("applied".to_owned(), "applied".to_owned()),
        "{done}"
    );
    assert_eq!(status("city"), "no_effect");
    assert_eq!(done["status"], "no_effect", "{done}");
    let summary = done["summary"].as_str().unwrap();
    assert!(
        summary.contains("steps were made; of the others"),
        "{summary}"
    );
    assert_eq!(
        last_write(&world).2,
        json!({"page": {"time_zone": "Berlin"}})
    );
}

#[tokio::test]
async fn what_opens_or_moves_the_page_is_named_before() {
    let world = world().await;
    let open = json!({"page_id": PRIVATE_PAGE, "settings": {"viewers_must_be_team_members": false, "subdomain": "elsewhere"}});
    let plan = world.result("save_page_settings", open).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert!(
        plan["summary"]
            .as_str()
            .unwrap()
            .contains("THE PAGE IS OPENED"),
        "{plan}"
    );
    assert!(
        plan["summary"].as_str().unwrap().contains("the page moves"),
        "{plan}"
    );
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_sort_of_value_are_refused() {
    let world = world().await;
    for (settings, said) in [
        (
            json!({"allow_mail_subscribers": false}),
            "allow_email_subscribers",
        ),
        (json!({"hidden_from_search": "t"}), "true or false"),
        (json!({"automation_email": "x"}), "credential"),
    ] {
        let words = world
            .refusal(
                "save_page_settings",
                json!({"page_id": PUBLIC_PAGE, "settings": settings}),
            )
            .await;
        assert!(words.contains(said), "{words}");
    }
    assert_eq!(world.writes(), [""; 0]);
}
