//! A status is what happened: every shape of "all", answers that leave something out, a write that took effect in part, an invitation
//! that waits or ran out.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, JANE, JANE_DIRECTORY_USER, JANE_VIEWER, NEW_HIRE, PUBLIC_PAGE,
};
use status_roster::sandbox::{AllComponents, Fault, Faults, Members};

use super::review_people::{replace, scim};
use super::world::{Make, World};

async fn confirmed(world: &World, tool: &str, mut arguments: Value) -> Value {
    let plan = world.result(tool, arguments.clone()).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    world.result(tool, arguments).await
}

#[tokio::test]
async fn a_subscription_to_all_components_is_that_in_every_shape() {
    for shape in [
        AllComponents::Empty,
        AllComponents::Null,
        AllComponents::Absent,
        AllComponents::EveryId,
    ] {
        let mut make = Make::default();
        make.sandbox.all_components = shape;
        let world = make.world().await;
        let new = json!({"page_id": PUBLIC_PAGE, "email": "new@example.com"});
        let made = world.result("add_subscriber", new.clone()).await;
        assert_eq!(made["status"], "applied", "{shape:?}: {made}");
        let again = world.result("add_subscriber", new).await;
        assert_eq!(again["status"], "already", "{shape:?}: {again}");
        assert_eq!(world.writes().len(), 1, "{shape:?}");
    }
}

#[tokio::test]
async fn a_directory_group_that_does_not_list_its_members_is_not_empty() {
    let mut make = Make {
        systems: vec![System::AtlassianScim],
        ..Make::default()
    };
    make.sandbox.scim.members = Members::LeftOut;
    let world = make.world().await;
    let groups = world.result("list_directory_groups", json!({})).await;
    let group = &groups["records"][0];
    assert!(group.get("member_count").is_none(), "{group}");
    assert!(
        groups["warnings"]
            .to_string()
            .contains("not known to be empty"),
        "{groups}"
    );
    let jane = json!([{ "value": JANE_DIRECTORY_USER }]);
    let id = group["id"].as_str().unwrap();
    scim(
        &world,
        "PATCH",
        &format!("/Groups/{id}"),
        &replace("members", &jane),
    )
    .await;
    let sent = world.writes().len();
    let out = json!({"group_id": id, "remove": [JANE]});
    let done = confirmed(&world, "change_directory_group", out).await;
    assert_eq!(world.writes().len(), sent + 1, "{done}");
    let known = ["applied", "unknown"].map(Value::from);
    assert!(known.contains(&done["status"]), "{done}");
    let stored = world.sandbox.world();
    let groups = stored["atlassian_scim"]["groups"].as_array().unwrap();
    let group = groups
        .iter()
        .find(|group| group["entry"]["id"] == id)
        .unwrap();
    assert_eq!(group["members"], json!([]), "she was taken out");
}

#[tokio::test]
async fn a_write_that_took_effect_in_part_says_which_part() {
    let world = World::new().await;
    let page = world.stored_page(AUDIENCE_PAGE);
    let components = page["components"].as_array().unwrap();
    let mut other = components.iter().filter(|row| row["group"] == false);
    let other = other.find(|row| row["id"] != COMPONENT).unwrap()["id"]
        .as_str()
        .unwrap();
    let grant =
        json!({"page_id": AUDIENCE_PAGE, "user_id": JANE_VIEWER, "grant_component_ids": [other]});
    world.result("change_viewer_access", grant).await;
    // They are taken one by one, in the order of their ids; the second is refused.
    let (first, second) = if COMPONENT < other {
        (COMPONENT, other)
    } else {
        (other, COMPONENT)
    };
    world.sandbox.faults(Faults::next(
        Fault::Forbidden,
        "DELETE",
        &format!("/components/{second}"),
    ));
    let revoke = json!({"page_id": AUDIENCE_PAGE, "user_id": JANE_VIEWER, "revoke_component_ids": [first, second]});
    let done = confirmed(&world, "change_viewer_access", revoke).await;
    assert_eq!(done["status"], "partial", "{done}");
    let summary = done["summary"].as_str().unwrap();
    let place =
        format!("in place: components taken: {first}; not in place: components taken: {second}");
    assert!(
        summary.contains(&place) && !summary.contains("0 of 1"),
        "{summary}"
    );
    assert!(
        done["steps"][0]["after"].to_string().contains(second),
        "{done}"
    );
    assert!(done["confirmation_token"].is_null(), "it is over: {done}");
}

#[tokio::test]
async fn an_invitation_that_waits_or_ran_out_is_named_with_its_times() {
    let make = Make {
        systems: vec![System::Statusapp],
        ..Make::default()
    };
    let world = make.world().await;
    let waits = json!({"email": NEW_HIRE, "role": "member"});
    let waits = world.result("invite_team_member", waits).await;
    let text = waits.to_string();
    assert_eq!(waits["status"], "already", "{waits}");
    for words in [
        "was invited at 2099-01-05",
        "has not accepted",
        "good until 2099-01-12",
        "Settings > Team",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let late = json!({"email": "never.came@agency.example", "role": "admin"});
    let late = world.result("invite_team_member", late).await;
    let text = late.to_string();
    assert_eq!(late["status"], "applied", "{late}");
    assert!(
        text.contains("ran out at 2026-01-12") && !text.contains("in the team already"),
        "{text}"
    );
}
