//! The profile `atlassian_migration`: what stands in the way of the move, and the steps in their order.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{JANE, LEAVER, OWNER};
use status_roster::sandbox::{Fault, Faults};

use super::review_access::{all, kinds};
use super::world::{Make, World};

async fn with(owner: &str) -> World {
    let make = Make {
        statuspage: format!("owner = \"{owner}\""),
        more: "[policy]\nemail_domains = [\"example.com\"]\n".to_owned(),
        ..Make::everything()
    };
    make.world().await
}

fn migration() -> Value {
    json!({"profile": "atlassian_migration"})
}

/// The step that these findings belong to.
fn step<'a>(report: &'a Value, kind: &str) -> &'a Value {
    let steps = report["steps"].as_array().unwrap();
    let of = |step: &&Value| step["kinds"].to_string().contains(kind);
    steps.iter().find(of).unwrap()
}

#[tokio::test]
async fn the_steps_are_in_order_and_what_blocks_comes_first() {
    let world = with(OWNER).await;
    super::review_people::two_addresses_for_jane(&world).await;
    let (report, findings) = all(&world, migration()).await;
    assert_eq!(report["complete"], true);
    let steps = report["steps"].as_array().unwrap();
    let blocks: Vec<bool> = steps
        .iter()
        .map(|it| it["blocks"].as_bool().unwrap())
        .collect();
    let mut sorted = blocks.clone();
    sorted.sort_by_key(|blocks| !blocks);
    assert_eq!(blocks, sorted, "{steps:?}");
    assert_eq!(step(&report, "owner_not_in_team")["state"], "clear");
    for (kind, state) in [
        ("shared_mailbox", "to_do"),
        ("address_changed", "to_do"),
        ("inactive_with_access", "to_do"),
        ("outside_address", "to_do"),
        ("without_atlassian_account", "to_do"),
    ] {
        let step = step(&report, kind);
        assert_eq!(step["state"], state, "{step}");
        let meant = step["kinds"].as_array().unwrap();
        let count = findings.iter().filter(|it| {
            let kind = it["id"].as_str().unwrap().split(':').next().unwrap();
            meant.iter().any(|meant| meant == kind)
        });
        assert_eq!(step["findings"], count.count(), "{step}");
    }
    let last: Vec<&str> = steps
        .iter()
        .rev()
        .take(3)
        .map(|it| it["what"].as_str().unwrap())
        .collect();
    assert!(
        last[0].contains("stays on the screen \"Migration in progress\""),
        "{last:?}"
    );
    assert!(last[1].contains("Migrate all accounts"), "{last:?}");
    assert!(
        last[2].contains("every team member and the owner are signed out"),
        "{last:?}"
    );
    assert!(
        json!(steps)
            .to_string()
            .contains("access to the site's other Atlassian products"),
        "{steps:?}"
    );
    let blocking = findings.iter().take_while(|it| it["severity"] == "high");
    let blocking: Vec<Value> = blocking.cloned().collect();
    assert!(kinds(&blocking).contains("shared_mailbox"));
    assert!(report["not_checked"].to_string().contains("single sign-on"));
    let mailbox = findings
        .iter()
        .find(|it| it["title"].as_str().unwrap().contains("oncall@example.com"))
        .unwrap();
    assert_eq!(
        mailbox["fix"]["tool"], "get_permissions",
        "its roles first, its end last"
    );
    assert_eq!(world.writes(), [format!("PATCH {}", patched(&world))]);
}

fn patched(world: &World) -> String {
    let writes = world.writes();
    let (_, target) = writes[0].split_once(' ').unwrap();
    target.to_owned()
}

#[tokio::test]
async fn an_owner_who_is_none_is_the_first_thing_to_do() {
    for (owner, kind) in [
        ("nobody@example.com", "owner_not_in_team"),
        ("oncall@example.com", "owner_is_shared"),
        (LEAVER, "owner_has_left"),
    ] {
        let world = with(owner).await;
        let (report, findings) = all(&world, migration()).await;
        assert!(
            kinds(&findings).contains(kind),
            "{owner}: {:?}",
            kinds(&findings)
        );
        let (hygiene, everywhere) = all(&world, json!({"profile": "hygiene"})).await;
        assert!(
            kinds(&everywhere).contains(kind),
            "it matters without a move too"
        );
        assert!(hygiene["steps"].is_null(), "steps are for the move");
        let first = &report["steps"][0];
        assert_eq!(
            (&first["state"], &first["blocks"]),
            (&json!("to_do"), &json!(true))
        );
    }
}

#[tokio::test]
async fn what_no_system_tells_a_person_has_to_look_at() {
    let make = Make {
        systems: vec![System::Statuspage],
        ..Make::default()
    };
    let world = make.world().await;
    let (report, findings) = all(&world, migration()).await;
    for kind in [
        "owner_not_in_team",
        "address_changed",
        "inactive_with_access",
        "outside_address",
        "without_atlassian_account",
    ] {
        assert_eq!(step(&report, kind)["state"], "look", "{kind}");
    }
    assert_eq!(step(&report, "shared_mailbox")["state"], "to_do");
    let not_checked = report["not_checked"].to_string();
    for words in [
        "statuspage.owner",
        "who has an Atlassian account",
        "policy.email_domains",
        "single sign-on",
    ] {
        assert!(not_checked.contains(words), "{words}: {not_checked}");
    }
    assert_eq!(kinds(&findings).len(), 1, "{:?}", kinds(&findings));
    let unknown = report["unknown"].to_string();
    assert!(
        unknown.contains("atlassian_scim") && !unknown.contains("statusapp"),
        "StatusApp does not matter here: {unknown}"
    );
}

#[tokio::test]
async fn only_what_the_move_is_about_is_read() {
    let world = with(OWNER).await;
    all(&world, migration()).await;
    for request in world.sandbox.requests() {
        let target = request.target;
        assert!(
            !target.contains("page_access")
                && !target.contains("subscribers")
                && !target.contains("/team/"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn nothing_is_clear_where_the_team_or_the_directory_could_not_be_read() {
    for (path, first) in [
        ("/users?", "Read the whole team first"),
        ("/scim/", "right person is the owner"),
    ] {
        let world = with(JANE).await;
        let mut faults = Faults::next(Fault::Forbidden, "GET", path);
        faults.next[0].times = 99;
        world.sandbox.faults(faults);
        let (report, findings) = all(&world, migration()).await;
        assert_eq!(report["complete"], false);
        let steps = report["steps"].as_array().unwrap();
        assert!(
            steps[0]["what"].as_str().unwrap().contains(first),
            "{steps:?}"
        );
        for kind in [
            "address_changed",
            "inactive_with_access",
            "without_atlassian_account",
        ] {
            assert_eq!(step(&report, kind)["state"], "look", "{path} {kind}");
        }
        assert!(!kinds(&findings).contains("owner_not_in_team"));
        assert!(!kinds(&findings).contains("without_atlassian_account"));
    }
}

#[tokio::test]
async fn without_statuspage_there_is_nothing_to_move() {
    let make = Make {
        systems: vec![System::AtlassianScim],
        ..Make::default()
    };
    let told = make
        .world()
        .await
        .refusal("review_access", migration())
        .await;
    assert!(told.contains("STATUSPAGE_API_KEY"), "{told}");
}
