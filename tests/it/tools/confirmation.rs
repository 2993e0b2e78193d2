//! Nothing is taken away without a confirmation that is bound to the exact effect.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, known};

use super::world::{Make, World, ask};

fn removal() -> Value {
    json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": known::JANE})
}

fn with_token(mut arguments: Value, token: &Value) -> Value {
    arguments["confirmation_token"] = token.clone();
    arguments
}

#[tokio::test]
async fn the_first_call_plans_and_the_second_removes() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert!(
        plan["losses"][0].as_str().unwrap().contains(known::JANE),
        "addresses, not bare ids: {plan}"
    );
    assert!(plan["expires_at"].is_string() && plan["cost"]["requests"].is_u64());
    assert_eq!(world.writes(), [""; 0], "a plan sends nothing");

    let done = world
        .result(
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    assert_eq!(done["status"], "applied");
    assert_eq!(
        world.writes(),
        [format!(
            "DELETE /v1/pages/{}/page_access_users/{}",
            known::AUDIENCE_PAGE,
            known::JANE_VIEWER
        )]
    );
    let list = world
        .result(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE}),
        )
        .await;
    assert_eq!(list["matched"], 0);
    let events: Vec<_> = world
        .audit()
        .iter()
        .map(|line| line["kind"].clone())
        .collect();
    assert!(
        events.contains(&json!("intent")) && events.contains(&json!("outcome")),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_token_whose_plan_is_carried_out_does_nothing_twice() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    world
        .result(
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    let replay = world
        .result(
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    assert_eq!(replay["status"], "already");
    let words = replay["summary"].as_str().unwrap();
    assert!(words.contains("used already"), "{words}");
    assert!(replay["losses"].is_null(), "the plan said them: {replay}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_token_is_useless_to_another_caller_and_stays_good_for_its_own() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    let thief = world
        .ask_as(
            "eve",
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    assert!(
        thief.is_error && thief.text.contains("another caller"),
        "{}",
        thief.text
    );
    assert_eq!(world.writes(), [""; 0]);
    let own = world
        .result(
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    assert_eq!(own["status"], "applied");
}

#[tokio::test]
async fn a_token_is_bound_to_its_arguments() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    let team = json!({"system": "statuspage_team", "email": known::JANE});
    let refused = world
        .refusal("remove_user", with_token(team, &plan["confirmation_token"]))
        .await;
    assert!(refused.contains("given for another call"), "{refused}");
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_damaged_token_is_refused() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    let mut token = plan["confirmation_token"].as_str().unwrap().to_owned();
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    token.pop();
    token.push(last);
    let refused = world
        .refusal("remove_user", with_token(removal(), &json!(token)))
        .await;
    assert!(refused.contains("none that this server knows"), "{refused}");
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn a_plan_that_is_carried_out_is_not_made_again_where_somebody_undid_it() {
    let world = World::new().await;
    let roles = json!([{"page_id": known::AUDIENCE_PAGE, "roles": ["incident_manager"]}]);
    let revoke = json!({"email": known::JANE, "revoke": roles});
    let plan = world.result("set_permissions", revoke.clone()).await;
    let token = &plan["confirmation_token"];
    let done = world.result("set_permissions", with_token(revoke.clone(), token));
    assert_eq!(done.await["status"], "applied");
    let grant = json!({"email": known::JANE, "grant": roles});
    let granted = world.result("set_permissions", grant).await;
    assert_eq!(granted["status"], "applied");
    let writes = world.writes().len();
    let words = world.refusal("set_permissions", with_token(revoke, token));
    let words = words.await;
    assert!(
        words.contains("used already") && words.ends_with("Nothing was changed."),
        "{words}"
    );
    assert_eq!(world.writes().len(), writes);
}

#[tokio::test]
async fn a_plan_that_no_longer_describes_the_world_is_shown_anew() {
    let world = World::new().await;
    let arguments = json!({"email": known::JANE, "revoke": [{"page_id": known::AUDIENCE_PAGE, "roles": ["incident_manager"]}]});
    let plan = world.result("set_permissions", arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    assert_eq!(
        world.result("set_permissions", grant).await["status"],
        "applied"
    );
    let before = world.writes().len();

    let anew = world
        .result(
            "set_permissions",
            with_token(arguments.clone(), &plan["confirmation_token"]),
        )
        .await;
    assert_eq!(
        (&anew["status"], &anew["refused"]),
        (&json!("confirmation_required"), &json!("state_changed"))
    );
    assert!(
        anew["difference"]
            .to_string()
            .contains("maintenance_manager"),
        "{anew}"
    );
    assert_eq!(world.writes().len(), before, "nothing was sent");

    let done = world
        .result(
            "set_permissions",
            with_token(arguments, &anew["confirmation_token"]),
        )
        .await;
    assert_eq!(done["status"], "applied");
}

#[tokio::test]
async fn a_token_outlives_a_restart_and_is_spent_for_every_process() {
    let world = World::new().await;
    let plan = world.result("remove_user", removal()).await;
    let second = world.another().await;
    let done = ask(
        &second,
        "local",
        "remove_user",
        with_token(removal(), &plan["confirmation_token"]),
    )
    .await;
    assert!(done.text.contains("applied"), "{}", done.text);
    let replay = world
        .result(
            "remove_user",
            with_token(removal(), &plan["confirmation_token"]),
        )
        .await;
    assert_eq!(replay["status"], "already", "{replay}");
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_token_expires() {
    let make = super::world::Make {
        more: "[confirmation]\nttl_seconds = 30".to_owned(),
        ..Default::default()
    };
    let world = make.world().await;
    let plan = world.result("remove_user", removal()).await;
    let expires: jiff::Timestamp = plan["expires_at"].as_str().unwrap().parse().unwrap();
    let made: jiff::Timestamp = world.result("server_status", json!({})).await["now"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let seconds = expires.duration_since(made).as_secs();
    assert!((28..=30).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn who_is_not_there_is_answered_already_and_nothing_is_sent() {
    let world = World::new().await;
    let gone = json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": "nobody.here@example.com"});
    assert_eq!(world.result("remove_user", gone).await["status"], "already");
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_cannot_be_read_again_keeps_its_token() {
    let make = Make {
        clock: Clock::following("2026-03-01T12:00:00Z".parse().unwrap()),
        ..Make::default()
    };
    let world = make.world().await;
    let plan = world.result("remove_user", removal()).await;
    let confirmed = with_token(removal(), &plan["confirmation_token"]);
    let mut faults = Faults::next(Fault::Status500, "GET", "");
    faults.next[0].times = u32::MAX;
    world.sandbox.faults(faults);
    let words = world.refusal("remove_user", confirmed.clone()).await;
    assert!(
        words.starts_with("could_not_read") && words.contains("stays good"),
        "{words}"
    );
    // Nothing is said of one that this server does not know.
    let other = with_token(removal(), &json!("7k3v9qd2mx8t"));
    let words = world.refusal("remove_user", other).await;
    assert!(!words.contains("stays good"), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());
    world.sandbox.faults(Faults::default());
    let done = world.result("remove_user", confirmed).await;
    assert_eq!(done["status"], "applied", "{done}");
}
