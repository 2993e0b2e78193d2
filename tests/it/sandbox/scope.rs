//! What viewers and groups may see, with every verb doing what it does upstream and not what its name says.

use serde_json::{Value, json};
use status_roster::sandbox::{Running, known};

use super::wire::{ask, roomy, walk};

const JANE: &str = "/v1/pages/customerpage/page_access_users/janedoeview1";
const GROUPS: &str = "/v1/pages/customerpage/page_access_groups";

async fn some_components(of: &Running) -> Vec<String> {
    let rows = walk(of, "/v1/pages/customerpage/components").await;
    let plain = rows
        .iter()
        .filter(|row| row["group"] == false && row["id"] != known::COMPONENT);
    plain
        .take(3)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn seen(of: &Running, at: &str) -> Vec<String> {
    let mut ids: Vec<_> = walk(of, at)
        .await
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

fn sorted(ids: &[&str]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn put_adds_post_replaces_and_an_empty_delete_takes_everything() {
    let sandbox = roomy().await;
    let at = format!("{JANE}/components");
    let [a, b, c] = some_components(&sandbox).await.try_into().unwrap();
    let steps: [(&str, Option<Value>, u16, Vec<&str>); 6] = [
        (
            "PUT",
            Some(json!({ "component_ids": [a] })),
            200,
            vec![known::COMPONENT, &a],
        ),
        (
            "PATCH",
            Some(json!({ "component_ids": [b] })),
            200,
            vec![known::COMPONENT, &a, &b],
        ),
        (
            "DELETE",
            Some(json!({ "component_ids": [a] })),
            200,
            vec![known::COMPONENT, &b],
        ),
        (
            "POST",
            Some(json!({ "component_ids": [a, c] })),
            201,
            vec![&a, &c],
        ),
        (
            "PUT",
            Some(json!({ "component_ids": ["nosuchcompon"] })),
            404,
            vec![&a, &c],
        ),
        ("DELETE", None, 200, vec![]),
    ];
    for (verb, body, status, left) in steps {
        let reply = ask(&sandbox, verb, &at, body).await;
        assert_eq!(reply.status, status, "{verb}");
        assert_eq!(seen(&sandbox, &at).await, sorted(&left), "{verb}");
    }
    assert_eq!(
        seen(&sandbox, &format!("{JANE}/metrics")).await,
        [known::METRIC]
    );
}

#[tokio::test]
async fn one_component_or_metric_is_taken_by_its_own_path() {
    let sandbox = roomy().await;
    for at in [
        format!("{JANE}/components/{}", known::COMPONENT),
        format!("{JANE}/metrics/{}", known::METRIC),
    ] {
        let reply = ask(&sandbox, "DELETE", &at, None).await;
        assert_eq!(
            (reply.status, reply.json()["id"].as_str()),
            (200, Some(known::JANE_VIEWER))
        );
        assert_eq!(ask(&sandbox, "DELETE", &at, None).await.status, 404);
    }
    let writes = sandbox.report().writes;
    assert_eq!(
        (
            writes["viewer_components_removed"],
            writes["viewer_metrics_removed"]
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_group_is_created_filled_and_deleted_with_what_it_gave() {
    let sandbox = roomy().await;
    let [a, b, _] = some_components(&sandbox).await.try_into().unwrap();
    let group = json!({ "page_access_group": {
        "name": "New", "component_ids": [a], "metric_ids": [known::METRIC], "page_access_user_ids": [known::JANE_VIEWER],
    } });
    let created = ask(&sandbox, "POST", GROUPS, Some(group)).await;
    assert_eq!(
        (
            created.status,
            created.json()["page_access_user_ids"].clone()
        ),
        (201, json!([known::JANE_VIEWER]))
    );
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let at = format!("{GROUPS}/{id}");
    let put = ask(
        &sandbox,
        "PUT",
        &format!("{at}/components"),
        Some(json!({ "component_ids": [b] })),
    )
    .await
    .json();
    assert_eq!(put["component_ids"], json!([a, b]));
    assert_eq!(
        ask(
            &sandbox,
            "GET",
            &format!("{at}/metrics?page=1&per_page=100"),
            None
        )
        .await
        .status,
        404
    );
    let renamed = json!({ "page_access_group": { "name": "Newer", "page_access_user_ids": [] } });
    let renamed = ask(&sandbox, "PATCH", &at, Some(renamed)).await.json();
    assert_eq!(
        (
            &renamed["name"],
            &renamed["page_access_user_ids"],
            &renamed["component_ids"]
        ),
        (&json!("Newer"), &json!([]), &json!([a, b]))
    );
    ask(
        &sandbox,
        "PATCH",
        JANE,
        Some(json!({ "page_access_user": { "page_access_group_ids": [id] } })),
    )
    .await;
    let deleted = ask(&sandbox, "DELETE", &at, None).await;
    assert_eq!(
        (
            deleted.status,
            deleted.json()["page_access_user_ids"].clone()
        ),
        (200, json!([known::JANE_VIEWER]))
    );
    assert_eq!(
        ask(&sandbox, "GET", JANE, None).await.json()["page_access_group_ids"],
        json!([])
    );
    assert_eq!(ask(&sandbox, "DELETE", &at, None).await.status, 404);
}

#[tokio::test]
async fn the_groups_of_a_page_are_there_and_one_is_empty() {
    let sandbox = roomy().await;
    let groups = walk(&sandbox, GROUPS).await;
    assert_eq!(groups.len(), known::GROUPS.len());
    let members = |id: &str| {
        groups.iter().find(|group| group["id"] == id).unwrap()["page_access_user_ids"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(members("groupnobody1"), 0);
    assert!(members("groupeurope1") > 100);
    let elsewhere = "/v1/pages/publicstatus/page_access_groups";
    let pretended = ask(
        &sandbox,
        "POST",
        elsewhere,
        Some(json!({ "page_access_group": { "name": "X" } })),
    )
    .await;
    assert_eq!(pretended.status, 201);
    assert!(walk(&sandbox, elsewhere).await.is_empty());
}

#[tokio::test]
async fn a_component_knows_its_audience_from_its_side() {
    let sandbox = roomy().await;
    let at = format!("/v1/pages/customerpage/components/{}", known::COMPONENT);
    let other = walk(&sandbox, "/v1/pages/customerpage/page_access_users").await[1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let added = ask(
        &sandbox,
        "POST",
        &format!("{at}/page_access_users"),
        Some(json!({ "page_access_user_ids": [other] })),
    )
    .await;
    assert_eq!(
        (added.status, added.json()["id"].as_str()),
        (201, Some(known::COMPONENT))
    );
    let theirs = format!("/v1/pages/customerpage/page_access_users/{other}/components");
    assert!(
        seen(&sandbox, &theirs)
            .await
            .contains(&known::COMPONENT.to_owned())
    );
    assert_eq!(
        ask(&sandbox, "DELETE", &format!("{at}/page_access_users"), None)
            .await
            .status,
        200
    );
    assert!(
        seen(&sandbox, &format!("{JANE}/components"))
            .await
            .is_empty()
    );
    let nobody = ask(
        &sandbox,
        "POST",
        &format!("{at}/page_access_groups"),
        Some(json!({ "page_access_group_ids": ["nosuchgroup0"] })),
    )
    .await;
    assert_eq!(nobody.status, 422);
}

#[tokio::test]
async fn components_come_with_their_headings_and_headings_with_their_components() {
    let sandbox = roomy().await;
    let rows = walk(&sandbox, "/v1/pages/customerpage/components").await;
    let headings = walk(&sandbox, "/v1/pages/customerpage/component-groups").await;
    assert_eq!((rows.len(), headings.len()), (40, 4));
    let under: usize = headings
        .iter()
        .map(|heading| heading["components"].as_array().unwrap().len())
        .sum();
    assert_eq!(
        under,
        rows.iter()
            .filter(|row| row["group_id"].is_string())
            .count()
    );
    assert_eq!(
        walk(&sandbox, "/v1/pages/customerpage/metrics").await.len(),
        6
    );
}
