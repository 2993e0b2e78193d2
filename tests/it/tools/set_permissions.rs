//! Page roles change by merging: nobody loses a page that was not named.

use serde_json::{Value, json};
use status_roster::sandbox::{Accounts, Fault, Faults, Next, known};

use super::world::{Make, World};

fn stored(world: &World, user: &str) -> Value {
    world.stored_member(user)["permissions"].clone()
}

#[tokio::test]
async fn a_grant_is_made_at_once_and_keeps_every_other_page() {
    let world = World::new().await;
    let before = stored(&world, known::JANE_USER);
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    let done = world.result("set_permissions", grant.clone()).await;
    assert_eq!(
        (&done["status"], &done["losses"]),
        (&json!("applied"), &json!([]))
    );
    let after = stored(&world, known::JANE_USER);
    for page in [known::PUBLIC_PAGE, known::PRIVATE_PAGE] {
        assert_eq!(before[page], after[page], "{page} was not named");
    }
    assert_ne!(before[known::AUDIENCE_PAGE], after[known::AUDIENCE_PAGE]);
    assert_eq!(
        world.result("set_permissions", grant).await["status"],
        "already"
    );
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_role_that_this_server_does_not_know_survives_every_change() {
    let world = World::new().await;
    let before = stored(&world, known::EXTRA_ROLE_USER);
    let grant = json!({"user_id": known::EXTRA_ROLE_USER, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["page_configuration", "incident_manager", "maintenance_manager"]}]});
    world.result("set_permissions", grant).await;
    let after = stored(&world, known::EXTRA_ROLE_USER);
    let roles = |world: &Value| world[known::AUDIENCE_PAGE].to_string();
    assert_ne!(roles(&before), roles(&after));
    let unknown: Vec<String> = before[known::AUDIENCE_PAGE]
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| {
            ![
                "page_configuration",
                "incident_manager",
                "maintenance_manager",
            ]
            .contains(&key.as_str())
        })
        .cloned()
        .collect();
    assert!(!unknown.is_empty(), "the sandbox has one: {before}");
    for key in unknown {
        assert_eq!(
            before[known::AUDIENCE_PAGE][&key],
            after[known::AUDIENCE_PAGE][&key],
            "{key}"
        );
    }
}

#[tokio::test]
async fn taking_a_page_away_is_confirmed_and_takes_only_that_page() {
    let world = World::new().await;
    let mut revoke = json!({"user_id": known::JANE_USER, "revoke": [{"page_id": known::AUDIENCE_PAGE, "roles": []}]});
    let plan = world.result("set_permissions", revoke.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert_eq!(world.writes(), [""; 0]);
    revoke["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("set_permissions", revoke).await["status"],
        "applied"
    );
    let after = stored(&world, known::JANE_USER);
    assert!(after.get(known::AUDIENCE_PAGE).is_none());
    assert!(after.get(known::PUBLIC_PAGE).is_some() && after.get(known::PRIVATE_PAGE).is_some());
}

#[tokio::test]
async fn a_page_named_twice_or_unknown_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let twice = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": []}], "revoke": [{"page_id": known::AUDIENCE_PAGE, "roles": []}]});
    assert!(
        world
            .refusal("set_permissions", twice)
            .await
            .contains("named more than once")
    );
    let unknown =
        json!({"email": known::JANE, "grant": [{"page_id": "nosuchpage00", "roles": []}]});
    assert!(
        world
            .refusal("set_permissions", unknown)
            .await
            .contains("`list_pages` shows")
    );
    assert_eq!(world.writes(), [""; 0]);
}

#[tokio::test]
async fn an_owner_whose_roles_do_not_change_is_told_as_no_effect() {
    let world = World::new().await;
    let change = json!({"user_id": known::OWNER_USER, "grant": [{"page_id": known::PUBLIC_PAGE, "roles": ["incident_manager"]}]});
    let done = world.result("set_permissions", change).await;
    assert!(
        matches!(done["status"].as_str(), Some("no_effect" | "already")),
        "{done}"
    );
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading_back() {
    let world = World::new().await;
    let lost = Next {
        fault: Fault::LostAnswer,
        method: Some("PUT".to_owned()),
        after: 0,
        path: None,
        times: 1,
    };
    world.sandbox.faults(Faults {
        next: vec![lost],
        ..Faults::default()
    });
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    assert_eq!(
        world.result("set_permissions", grant).await["status"],
        "applied"
    );
}

#[tokio::test]
async fn a_role_that_this_server_does_not_know_is_shown() {
    let world = World::new().await;
    let held = world
        .result(
            "get_permissions",
            json!({"user_id": known::EXTRA_ROLE_USER}),
        )
        .await;
    let pages = held["pages"].as_array().unwrap();
    let others: Vec<&Value> = pages
        .iter()
        .filter(|page| page["other_roles"].is_array())
        .collect();
    assert!(!others.is_empty(), "{held:#}");
    assert!(
        held["warnings"].to_string().contains("other_roles"),
        "{held:#}"
    );
}

#[tokio::test]
async fn an_id_is_enough_where_the_list_of_the_team_is_refused() {
    let mut make = Make::default();
    make.sandbox.accounts = Accounts::AtlassianWithoutList;
    let world = make.world().await;
    let who = json!({"user_id": known::JANE_USER});
    let held = world.result("get_permissions", who).await;
    assert_eq!(held["pages"].as_array().unwrap().len(), 3, "{held:#}");
    assert!(
        held["warnings"].to_string().contains("could not be read"),
        "{held:#}"
    );
    let grant = json!({"user_id": known::JANE_USER, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["page_configuration", "incident_manager", "maintenance_manager"]}]});
    let done = world.result("set_permissions", grant).await;
    assert_eq!(done["status"], "applied", "{done:#}");
    let refused = world
        .refusal("get_permissions", json!({"email": known::JANE}))
        .await;
    assert!(refused.contains("`user_id`"), "{refused}");
}

#[tokio::test]
async fn somebody_whose_name_cannot_be_read_loses_nothing_where_people_are_protected() {
    let mut make = Make::default();
    make.sandbox.accounts = Accounts::AtlassianWithoutList;
    make.more = format!("[policy]\nprotected_people = [\"{}\"]\n", known::JANE);
    let world = make.world().await;
    let revoke = json!({"user_id": known::JANE_USER, "revoke": [{"page_id": known::AUDIENCE_PAGE, "roles": []}]});
    let refused = world.refusal("set_permissions", revoke).await;
    assert!(refused.contains("protected_people"), "{refused}");
    assert!(refused.ends_with("Nothing was changed."), "{refused}");
    assert_eq!(world.writes(), Vec::<String>::new());
}
