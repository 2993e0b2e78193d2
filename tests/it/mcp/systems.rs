//! One person in one, two and three systems, as a client sees it: over the protocol, in both eras.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{JANE, LEAVER};

use super::client::{Client, Does, ERAS, Running, call, words};
use crate::tools::world::{Make, World};

async fn with(systems: &[System]) -> World {
    let make = Make {
        systems: systems.to_vec(),
        ..Make::default()
    };
    make.world().await
}

async fn result(client: &Running, tool: &'static str, arguments: Value) -> Value {
    let result = call(client, tool, &arguments).await;
    assert_ne!(result.is_error, Some(true), "{}", words(&result));
    result.structured_content.unwrap()
}

fn systems_of(report: &Value) -> Vec<String> {
    let rows = report["records"].as_array().unwrap().iter();
    let mut systems: Vec<String> = rows
        .map(|row| row["system"].as_str().unwrap().to_owned())
        .collect();
    systems.sort();
    systems.dedup();
    systems
}

#[tokio::test]
async fn a_client_is_shown_the_tools_of_the_systems_that_there_are() {
    for era in ERAS {
        for (systems, shown, hidden) in [
            (
                vec![System::Statuspage],
                "list_org_users",
                "list_team_members",
            ),
            (
                vec![System::Statusapp],
                "list_team_members",
                "list_org_users",
            ),
            (
                vec![System::Statuspage, System::AtlassianScim],
                "update_directory_user",
                "set_team_role",
            ),
        ] {
            let world = with(&systems).await;
            let client = Client::without_forms().connect(&world.app, era).await;
            let tools = client.list_all_tools().await.unwrap();
            let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
            assert!(
                names.contains(&shown) && !names.contains(&hidden),
                "{systems:?}: {names:?}"
            );
            let refused = call(&client, hidden_tool(hidden), &json!({})).await;
            assert!(
                words(&refused).contains("is not configured"),
                "{}",
                words(&refused)
            );
        }
    }
}

fn hidden_tool(name: &str) -> &'static str {
    match name {
        "list_team_members" => "list_team_members",
        "list_org_users" => "list_org_users",
        _ => "list_team_invitations",
    }
}

#[tokio::test]
async fn the_same_question_is_answered_by_one_two_and_three_systems() {
    let every = [System::Statuspage, System::AtlassianScim, System::Statusapp];
    for count in 1..=3 {
        let world = with(&every[..count]).await;
        let client = Client::without_forms()
            .connect(&world.app, ERAS[count % 2])
            .await;
        let found = result(&client, "find_person", json!({"email": LEAVER})).await;
        assert_eq!(found["verdict"], "found");
        assert_eq!(systems_of(&found).len(), count, "{found}");
        let unknown = found["unknown"].as_array().unwrap();
        assert_eq!(unknown.len(), 3 - count, "{found}");
        assert!(unknown.iter().all(|it| it["kind"] == "not_configured"));
    }
}

#[tokio::test]
async fn a_person_agrees_to_an_offboarding_from_three_systems() {
    let world = Make::everything().world().await;
    let client = Client::with_forms(Does::Types(JANE));
    let running = client.connect(&world.app, ERAS[0]).await;
    let plan = result(&running, "offboard_person", json!({"email": JANE})).await;
    let done = if plan["status"] == "confirmation_required" {
        let token = plan["confirmation_token"].clone();
        let arguments = json!({"email": JANE, "confirmation_token": token});
        result(&running, "offboard_person", arguments).await
    } else {
        plan
    };
    assert_eq!(done["status"], "applied", "{done}");
    let left = result(
        &running,
        "find_person",
        json!({"email": JANE, "max_age_s": 0}),
    )
    .await;
    assert_eq!(
        systems_of(&left),
        ["atlassian_scim"],
        "switched off, and never deleted"
    );
}

#[tokio::test]
async fn a_system_that_fails_takes_no_other_answer_with_it() {
    let make = Make {
        statusapp_key: Some("a-key-that-ended".to_owned()),
        ..Make::everything()
    };
    let world = make.world().await;
    let client = Client::without_forms().connect(&world.app, ERAS[1]).await;
    let found = result(&client, "find_person", json!({"email": LEAVER})).await;
    assert_eq!(systems_of(&found), ["atlassian_scim", "statuspage"]);
    let unknown = found["unknown"].to_string();
    assert!(
        unknown.contains("the StatusApp team") && !unknown.contains("a-key-that-ended"),
        "{unknown}"
    );
    let list = call(&client, "list_team_members", &json!({})).await;
    assert!(list.is_error == Some(true) && words(&list).contains("does not accept the key"));
    let others = result(&client, "list_directory_users", json!({"limit": 1})).await;
    assert_eq!(others["complete"], true);
}
