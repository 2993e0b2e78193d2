//! One person under several names, through the built server.

use serde_json::{Value, json};
use status_roster::sandbox::known::{MIXED_VIEWER, UMA, UMA_UPN};
use status_roster::sandbox::{self, People, Searches, Settings};

use super::session::Session;

#[tokio::test]
async fn an_offboarding_by_user_name_in_a_system_whose_search_tells_case_leaves_nobody_inside_unsaid()
 {
    let sandbox = sandbox::start(Settings {
        people: People::Namesakes,
        searches: Searches::TellCase,
        requests_per_window: 5_000,
        ..Settings::default()
    })
    .await
    .unwrap();
    let state = tempfile::tempdir().unwrap();
    let mut command = super::at(&sandbox, state.path());
    command
        .env("ATLASSIAN_SCIM_DIRECTORY_ID", &sandbox.directory_id)
        .env("ATLASSIAN_SCIM_API_KEY", &sandbox.scim_api_key)
        .env("ATLASSIAN_SCIM_BASE_URL", sandbox.scim_url())
        .env("STATUSAPP_API_KEY", &sandbox.statusapp_api_key)
        .env("STATUSAPP_BASE_URL", sandbox.statusapp_url())
        .arg("--allow-writes");
    let mut session = Session::open(command).await;
    let mut arguments = json!({"email": UMA_UPN});
    let plan = said(session.call("offboard_person", arguments.clone()).await);
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(plan["also_known_as"][0]["name"], UMA, "{plan}");
    assert!(
        plan["unknown"]
            .to_string()
            .contains("upper from lower case"),
        "{plan}"
    );
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    let done = said(session.call("offboard_person", arguments).await);
    // Every account that was found is gone; that there is no other was not proved, and the status says so.
    assert_eq!(done["status"], "incomplete", "{done}");
    let world = sandbox.world();
    let pages = world["statuspage"]["pages"].as_array().unwrap();
    let people = [
        &world["statuspage"]["users"],
        &world["statusapp"]["members"],
    ];
    let on_pages = pages
        .iter()
        .flat_map(|page| [&page["viewers"], &page["subscribers"]]);
    let there: String = people
        .into_iter()
        .chain(on_pages)
        .map(ToString::to_string)
        .collect();
    assert!(!there.contains("umaunlike"), "an account of Uma is left");
    let mixed = json!({"email": "mixed.case@northwind.example"});
    let found = said(session.call("find_person", mixed).await);
    assert_eq!(found["complete"], false, "{found}");
    assert!(there.contains(MIXED_VIEWER));
    session.close().await;
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is given the answer of a call"
)]
fn said(result: Value) -> Value {
    assert_ne!(result["isError"], true, "{result}");
    result["structuredContent"].clone()
}
