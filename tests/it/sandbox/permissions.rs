//! Permissions: a list when read, a map when written, and whatever the map leaves out is gone.

use serde_json::{Value, json};
use status_roster::sandbox::{PermissionsShape, Settings, known, start};

use super::wire::{ask, roomy};

fn of(user: &str) -> String {
    format!("/v1/organizations/exampleorg01/permissions/{user}")
}

fn page<'a>(permissions: &'a Value, id: &str) -> Option<&'a Value> {
    permissions["pages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|page| page["page_id"] == id)
}

#[tokio::test]
async fn a_page_left_out_is_a_page_lost() {
    let sandbox = roomy().await;
    let before = ask(&sandbox, "GET", &of(known::JANE_USER), None)
        .await
        .json();
    assert_eq!(before["pages"].as_array().unwrap().len(), 3);
    assert_eq!(
        page(&before, known::PRIVATE_PAGE).unwrap(),
        &json!({ "page_id": "internalpage" })
    );
    let sent =
        json!({ "pages": { "customerpage": { "incident_manager": true }, "internalpage": {} } });
    let after = ask(&sandbox, "PUT", &of(known::JANE_USER), Some(sent)).await;
    assert_eq!(after.status, 200);
    assert_eq!(
        after.json(),
        ask(&sandbox, "GET", &of(known::JANE_USER), None)
            .await
            .json()
    );
    assert_eq!(page(&after.json(), known::PUBLIC_PAGE), None);
    let kept = page(&after.json(), known::AUDIENCE_PAGE).unwrap().clone();
    let roles = json!({ "page_id": "customerpage", "incident_manager": true, "maintenance_manager": false, "page_configuration": false });
    assert_eq!(kept, roles);
    let nothing = ask(
        &sandbox,
        "PUT",
        &of(known::JANE_USER),
        Some(json!({ "pages": {} })),
    )
    .await;
    assert_eq!(
        nothing.json(),
        json!({ "user_id": known::JANE_USER, "pages": [] })
    );
}

#[tokio::test]
async fn what_cannot_be_read_changes_nothing() {
    let sandbox = roomy().await;
    let before = sandbox.world();
    for (body, status) in [
        (json!({}), 400),
        (json!({ "pages": [] }), 400),
        (
            json!({ "pages": { "customerpage": ["incident_manager"] } }),
            400,
        ),
        (
            json!({ "pages": { "customerpage": { "incident_manager": "maybe" } } }),
            400,
        ),
        (json!({ "pages": { "nosuchpage00": {} } }), 404),
    ] {
        let reply = ask(&sandbox, "PUT", &of(known::JANE_USER), Some(body.clone())).await;
        assert_eq!(reply.status, status, "{body}");
    }
    assert_eq!(
        ask(&sandbox, "GET", &of("nobody000000"), None).await.status,
        404
    );
    assert_eq!(
        ask(&sandbox, "DELETE", &of(known::JANE_USER), None)
            .await
            .status,
        404
    );
    assert_eq!(sandbox.world(), before);
    assert!(sandbox.report().writes.is_empty());
}

#[tokio::test]
async fn the_owner_keeps_everything_and_is_told_that_all_went_well() {
    let sandbox = roomy().await;
    let reply = ask(
        &sandbox,
        "PUT",
        &of(known::OWNER_USER),
        Some(json!({ "pages": {} })),
    )
    .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["pages"].as_array().unwrap().len(), 3);
    assert!(sandbox.report().writes.is_empty());
}

#[tokio::test]
async fn permissions_come_in_every_shape_that_was_reported() {
    for (shape, expected) in [
        (PermissionsShape::Official, "/pages/0/page_id"),
        (PermissionsShape::Wrapped, "/data/pages/0/page_id"),
        (
            PermissionsShape::MapOfObjects,
            "/pages/customerpage/incident_manager",
        ),
        (PermissionsShape::MapOfNames, "/pages/customerpage/0"),
    ] {
        let sandbox = start(Settings {
            permissions_shape: shape,
            ..Settings::default()
        })
        .await
        .unwrap();
        let reply = ask(&sandbox, "GET", &of(known::JANE_USER), None)
            .await
            .json();
        assert!(reply.pointer(expected).is_some(), "{shape:?}: {reply}");
    }
}

#[tokio::test]
async fn a_role_beyond_the_documents_is_shown_and_lost_when_not_sent_back() {
    let sandbox = roomy().await;
    let user = of(known::EXTRA_ROLE_USER);
    let before = ask(&sandbox, "GET", &user, None).await.json();
    assert_eq!(
        page(&before, known::AUDIENCE_PAGE).unwrap()["template_manager"],
        true
    );
    let sent = json!({ "pages": { "customerpage": { "maintenance_manager": true } } });
    let after = ask(&sandbox, "PUT", &user, Some(sent)).await.json();
    assert_eq!(
        page(&after, known::AUDIENCE_PAGE)
            .unwrap()
            .get("template_manager"),
        None
    );
}
