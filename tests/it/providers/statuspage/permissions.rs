//! Page roles: every known shape is read alike, what cannot be trusted is refused, and one shape is written.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use status_roster::{
    providers::ProviderError,
    roster::{PageId, PageRoles, Permissions, Role, UserId},
};

use super::super::support::{Stage, fixture};

const PATH: &str = "/organizations/org7w2kd9/permissions/4mxq0rt81zpk";

fn user() -> UserId {
    UserId::parse("4mxq0rt81zpk").unwrap()
}

fn page(id: &str) -> PageId {
    PageId::parse(id).unwrap()
}

fn with(roles: &[Role]) -> PageRoles {
    PageRoles {
        roles: roles.iter().copied().collect(),
        role_based: true,
        unknown: BTreeMap::new(),
    }
}

async fn read(answer: &Value) -> Result<Permissions, ProviderError> {
    let stage = Stage::new().await;
    stage.answers("GET", PATH, 200, answer).await;
    let read = stage.statuspage.permissions(&stage.cx, &user()).await;
    assert_eq!(stage.sent().await, [format!("GET {PATH}")]);
    read
}

#[tokio::test]
async fn every_known_shape_says_the_same() {
    let (alpha, beta) = ("pgalpha00001", "pgbeta000002");
    let on = json!({ "page_configuration": false, "incident_manager": true, "maintenance_manager": true });
    let off = json!({ "page_configuration": false, "incident_manager": false, "maintenance_manager": false });
    let expected = Permissions {
        pages: [
            (
                page(alpha),
                with(&[Role::IncidentManager, Role::MaintenanceManager]),
            ),
            (page(beta), with(&[])),
        ]
        .into(),
    };
    let shapes = [
        fixture("permissions_listed"),
        json!({ "pages": { alpha: on, beta: off } }),
        json!({ "user_id": null, "pages": { alpha: ["maintenance_manager", "incident_manager"], beta: [] } }),
        json!({ "pages": { alpha: "incident_manager, maintenance_manager", beta: "" } }),
    ];
    for shape in shapes {
        assert_eq!(read(&shape).await.unwrap(), expected, "{shape}");
        assert_eq!(
            read(&json!({ "data": shape })).await.unwrap(),
            expected,
            "wrapped: {shape}"
        );
    }
}

#[tokio::test]
async fn the_shape_of_the_official_schema_is_one_page() {
    let answer = json!({ "data": { "user_id": "4mxq0rt81zpk", "pages": {
        "page_id": "pgalpha00001", "page_configuration": true, "incident_manager": false, "maintenance_manager": false,
    } } });
    let expected = Permissions {
        pages: [(page("pgalpha00001"), with(&[Role::PageConfiguration]))].into(),
    };
    assert_eq!(read(&answer).await.unwrap(), expected);
}

#[tokio::test]
async fn pages_without_role_keys_have_no_roles_to_speak_of() {
    let read = read(&fixture("permissions_without_roles")).await.unwrap();
    assert_eq!(read.pages.len(), 2);
    assert!(
        read.pages
            .values()
            .all(|page| !page.role_based && page.roles.is_empty())
    );
    assert!(!read.role_based());
}

#[tokio::test]
async fn nobody_anywhere_is_an_answer() {
    assert_eq!(
        read(&json!({ "user_id": "4mxq0rt81zpk", "pages": [] }))
            .await
            .unwrap(),
        Permissions::default()
    );
    assert_eq!(
        read(&json!({ "pages": {} })).await.unwrap(),
        Permissions::default()
    );
}

#[tokio::test]
async fn what_cannot_be_trusted_is_refused_and_says_where() {
    let roles = json!({ "page_configuration": false, "incident_manager": true, "maintenance_manager": true });
    let listed = |change: Value| {
        let mut page = roles.clone();
        page["page_id"] = json!("p1");
        page.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        page
    };
    let cases = [
        (json!([]), "."),
        (json!({ "user_id": "4mxq0rt81zpk" }), "pages"),
        (json!({ "pages": null }), "pages"),
        (json!({ "pages": "p1" }), "pages"),
        (
            json!({ "data": { "user_id": "4mxq0rt81zpk" } }),
            "data.pages",
        ),
        (json!({ "user_id": "somebodyelse", "pages": [] }), "user_id"),
        (json!({ "user_id": 7, "pages": [] }), "user_id"),
        (json!({ "pages": ["p1"] }), "pages[0]"),
        (json!({ "pages": [roles] }), "pages[0].page_id"),
        (
            json!({ "pages": [listed(json!({ "page_id": "../p1" }))] }),
            "pages[0]",
        ),
        (
            json!({ "pages": [listed(json!({ "incident_manager": "yes" }))] }),
            "pages[0].incident_manager",
        ),
        (
            json!({ "pages": [listed(json!({ "incident_manager": null }))] }),
            "pages[0]",
        ),
        (
            json!({ "pages": [listed(json!({ "grants": ["all"] }))] }),
            "pages[0].grants",
        ),
        (
            json!({ "pages": [listed(json!({})), listed(json!({ "incident_manager": false }))] }),
            "pages[1]",
        ),
        (json!({ "pages": { "p1": true } }), "pages.p1"),
        (
            json!({ "pages": { "p1": ["incident_manager", 3] } }),
            "pages.p1[1]",
        ),
        (json!({ "pages": { "p1": "owner" } }), "pages.p1"),
        (
            json!({ "pages": { "p1": { "page_id": "p2" } } }),
            "pages.p1",
        ),
        (json!({ "pages": { "a/b": [] } }), "pages.a/b"),
    ];
    for (answer, at) in cases {
        match read(&answer).await {
            Err(ProviderError::Untrusted { place, .. }) => assert_eq!(place, at, "{answer}"),
            other => panic!("{answer}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_same_page_twice_with_the_same_roles_is_one_page() {
    let one = json!({ "page_id": "p1", "page_configuration": true, "incident_manager": true, "maintenance_manager": true });
    assert_eq!(
        read(&json!({ "pages": [one, one] }))
            .await
            .unwrap()
            .pages
            .len(),
        1
    );
}

#[tokio::test]
async fn only_the_documented_form_is_written_with_all_three_roles_and_the_unknown_switches() {
    let stage = Stage::new().await;
    stage
        .answers("GET", PATH, 200, &fixture("permissions_unknown_switch"))
        .await;
    stage.answers("PUT", PATH, 200, &json!("whatever")).await;
    let mut permissions = stage
        .statuspage
        .permissions(&stage.cx, &user())
        .await
        .unwrap();
    permissions
        .pages
        .insert(page("pgbare"), PageRoles::default());
    let intent = stage.intent().await;
    stage
        .statuspage
        .put_permissions(&stage.cx, &intent, &user(), &permissions)
        .await
        .unwrap();
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 2);
    let body: Value =
        serde_json::from_str(sent[1].strip_prefix(&format!("PUT {PATH} ")).unwrap()).unwrap();
    let expected = json!({ "pages": {
        "pgalpha00001": {
            "page_configuration": true, "incident_manager": false, "maintenance_manager": false,
            "postmortem_editor": true, "beta_tester": false,
        },
        "pgbare": {},
    } });
    assert_eq!(body, expected, "the page's name is not sent back");
}
