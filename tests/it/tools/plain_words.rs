//! Words that stand where a value alone would leave a question open, and warnings that say what was found.

use rmcp::ServerHandler as _;
use serde_json::{Value, json};
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, JANE_VIEWER, PRIVATE_PAGE, PUBLIC_PAGE};

use super::world::{Make, World};

#[tokio::test]
async fn the_instructions_name_the_budget_of_each_system_that_is_configured() {
    let world = Make::everything().world().await;
    let words = world.app.handler().get_info().instructions.unwrap();
    for system in [
        "statuspage 5000 requests in 1 s",
        "atlassian_scim ",
        "statusapp ",
    ] {
        assert!(words.contains(system), "{system}: {words}");
    }
    assert!(!words.contains("{budgets}"));
    assert!(words.chars().count() < 2_000, "clients cut at 2,048");
    let world = World::new().await;
    let words = world.app.handler().get_info().instructions.unwrap();
    assert!(
        words.contains("(statuspage 5000 requests in 1 s)"),
        "{words}"
    );
}

#[tokio::test]
async fn a_page_without_roles_says_who_can_configure_it() {
    let world = World::new().await;
    let held = world
        .result("get_permissions", json!({"email": JANE}))
        .await;
    let page = |id: &str| {
        let pages = held["pages"].as_array().unwrap();
        pages
            .iter()
            .find(|it| it["page_id"] == id)
            .cloned()
            .unwrap()
    };
    let (private, public) = (page(PRIVATE_PAGE), page(PUBLIC_PAGE));
    assert_eq!(private["role_based"], false);
    let who = private["who_can_configure"].as_str().unwrap();
    assert!(who.contains("every team member who reaches it"), "{who}");
    assert_eq!(public["role_based"], true);
    assert_eq!(public["who_can_configure"], Value::Null);
}

#[tokio::test]
async fn a_new_address_of_a_viewer_names_the_subscriptions_that_stay() {
    let world = World::new().await;
    let ask = json!({"page_id": AUDIENCE_PAGE, "user_id": JANE_VIEWER, "new_email": "jane.new@example.com"});
    let plan = world.result("change_viewer_access", ask).await;
    let warned = plan["warnings"].to_string();
    assert!(
        warned.contains("subscription") && warned.contains("to this page"),
        "{warned}"
    );
    assert!(!warned.contains(" may "), "{warned}");
}
