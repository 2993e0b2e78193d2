//! What the operator's rules forbid is refused before anything is asked upstream, with the setting that decided.

use serde_json::json;
use status_roster::sandbox::known;

use super::world::Make;

#[tokio::test]
async fn a_server_reads_until_it_is_told_otherwise() {
    let world = Make {
        server: String::new(),
        ..Make::default()
    }
    .world()
    .await;
    for (tool, arguments) in [
        (
            "add_page_viewer",
            json!({"page_id": known::AUDIENCE_PAGE, "email": "new@example.com"}),
        ),
        (
            "remove_user",
            json!({"system": "statuspage_team", "email": known::JANE}),
        ),
        (
            "set_permissions",
            json!({"email": known::JANE, "grant": []}),
        ),
    ] {
        let refused = world.refusal(tool, arguments).await;
        assert!(
            refused.contains("--allow-writes") && refused.ends_with("Nothing was changed."),
            "{refused}"
        );
    }
    assert!(
        world.sandbox.requests().is_empty(),
        "nothing was asked upstream"
    );
    let status = world.result("server_status", json!({})).await;
    assert_eq!(status["mode"], "read");
    assert!(
        status["tools_off"]
            .as_array()
            .unwrap()
            .iter()
            .any(|off| off["tool"] == "remove_user"),
        "{status}"
    );
}

#[tokio::test]
async fn protected_people_lose_nothing() {
    let more = format!(
        "[policy]\nprotected_people = [\"{}\"]",
        known::JANE.to_uppercase()
    );
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    for arguments in [
        json!({"system": "statuspage_team", "email": known::JANE}),
        json!({"system": "statuspage_team", "user_id": known::JANE_USER}),
        json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "user_id": known::JANE_VIEWER}),
    ] {
        let refused = world.refusal("remove_user", arguments).await;
        assert!(refused.contains("policy.protected_people"), "{refused}");
    }
    let revoke =
        json!({"email": known::JANE, "revoke": [{"page_id": known::AUDIENCE_PAGE, "roles": []}]});
    assert!(
        world
            .refusal("set_permissions", revoke)
            .await
            .contains("policy.protected_people")
    );
    assert_eq!(world.writes(), [""; 0]);
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["page_configuration"]}]});
    assert_eq!(
        world.result("set_permissions", grant).await["status"],
        "applied",
        "to give is not to take"
    );
}

#[tokio::test]
async fn pages_and_domains_outside_the_lists_are_refused_unasked() {
    let more = format!(
        "[policy]\npages = [\"{}\"]\nemail_domains = [\"example.com\"]",
        known::PUBLIC_PAGE
    );
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let page = world
        .refusal(
            "list_page_access_users",
            json!({"page_id": known::AUDIENCE_PAGE}),
        )
        .await;
    assert!(page.contains("policy.pages"), "{page}");
    let stranger = json!({"page_id": known::PUBLIC_PAGE, "email": "eve@elsewhere.test"});
    let domain = world.refusal("add_page_viewer", stranger).await;
    assert!(domain.contains("policy.email_domains"), "{domain}");
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_refused_change_is_on_record() {
    let world = Make {
        server: String::new(),
        ..Make::default()
    }
    .world()
    .await;
    world
        .refusal(
            "remove_user",
            json!({"system": "statuspage_team", "email": known::JANE}),
        )
        .await;
    let lines = world.audit();
    let line = lines
        .iter()
        .find(|line| line["event"] == "refused")
        .unwrap();
    assert!(
        line.to_string().contains("remove_user") && line.to_string().contains("policy"),
        "{line}"
    );
}
