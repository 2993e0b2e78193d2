//! Bad arguments get a clear sentence, and nothing is asked upstream.

use serde_json::json;
use status_roster::sandbox::known;

use super::world::World;

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_nothing_sent() {
    let world = World::new().await;
    let long = "x".repeat(1_000_000);
    for (tool, arguments, part) in [
        ("list_org_users", json!({"limit": "ten"}), "limit"),
        ("list_org_users", json!({"limit": 0}), "1 to 200"),
        ("list_org_users", json!({"limit": 100_000}), "1 to 200"),
        ("list_org_users", json!({"emial": "a@b.c"}), "emial"),
        (
            "list_org_users",
            json!({"email": "not an address"}),
            "email",
        ),
        ("list_org_users", json!({"email": 7}), "email"),
        ("list_page_access_users", json!({}), "page_id"),
        (
            "list_page_access_users",
            json!({"page_id": "../organizations"}),
            "page_id",
        ),
        (
            "list_page_access_users",
            json!({"page_id": "a/../b"}),
            "page_id",
        ),
        (
            "list_page_access_users",
            json!({"page_id": "a%2F..%2Fb"}),
            "page_id",
        ),
        (
            "list_page_access_users",
            json!({"page_id": ".."}),
            "page_id",
        ),
        (
            "list_page_access_users",
            json!({"page_id": long}),
            "page_id",
        ),
        (
            "remove_user",
            json!({"system": "statuspage_page", "email": known::JANE}),
            "page_id",
        ),
        (
            "remove_user",
            json!({"system": "statuspage_team"}),
            "exactly one of",
        ),
        (
            "remove_user",
            json!({"system": "everything", "email": known::JANE}),
            "system",
        ),
        (
            "remove_user",
            json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "user_id": "a/../b"}),
            "user_id",
        ),
        (
            "set_permissions",
            json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["owner"]}]}),
            "owner",
        ),
        (
            "set_permissions",
            json!({"email": known::JANE}),
            "at least one page",
        ),
        (
            "add_page_viewer",
            json!({"page_id": known::AUDIENCE_PAGE, "email": long}),
            "email",
        ),
    ] {
        let refused = world.refusal(tool, arguments).await;
        assert!(refused.contains(part), "{tool}: {refused}");
        assert!(
            refused.ends_with("Nothing was changed."),
            "{tool}: {refused}"
        );
        assert!(
            refused.len() < 700,
            "{tool}: a sentence, not an echo: {}",
            refused.len()
        );
    }
    assert!(
        world.sandbox.requests().is_empty(),
        "{:?}",
        world.sandbox.requests()
    );
}

#[tokio::test]
async fn an_unknown_tool_is_named_with_the_ones_that_exist() {
    let world = World::new().await;
    let refused = world.refusal("delete_everything", json!({})).await;
    assert!(
        refused.contains("delete_everything") && refused.contains("remove_user"),
        "{refused}"
    );
}
