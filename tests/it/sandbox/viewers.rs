//! Page access users: lists, the search that finds too much, and the page where nothing has an effect.

use serde_json::json;
use status_roster::sandbox::{Addresses, Duplicates, OtherPages, Settings, known, start};

use super::wire::{ask, roomy, walk};

const VIEWERS: &str = "/v1/pages/customerpage/page_access_users";
const ELSEWHERE: &str = "/v1/pages/publicstatus/page_access_users";

fn new(email: &str) -> Option<serde_json::Value> {
    Some(
        json!({ "page_access_user": { "email": email, "page_access_group_ids": ["groupeurope1"] } }),
    )
}

#[tokio::test]
async fn a_list_has_every_viewer_once() {
    let sandbox = roomy().await;
    let rows = walk(&sandbox, VIEWERS).await;
    let ids: std::collections::BTreeSet<_> = rows
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((rows.len(), ids.len()), (1_234, 1_234));
    let past = ask(
        &sandbox,
        "GET",
        &format!("{VIEWERS}?page=14&per_page=100"),
        None,
    )
    .await;
    assert_eq!((past.status, past.rows().len()), (200, 0));
    let greedy = ask(
        &sandbox,
        "GET",
        &format!("{VIEWERS}?page=1&per_page=1000"),
        None,
    )
    .await;
    assert_eq!(greedy.rows().len(), 100);
}

#[tokio::test]
async fn the_search_finds_parts_in_any_case() {
    let sandbox = roomy().await;
    ask(&sandbox, "POST", VIEWERS, new("Mary-Jane.Doe@example.com")).await;
    let found = ask(
        &sandbox,
        "GET",
        &format!("{VIEWERS}?email=JANE.DOE%40example.com&page=1&per_page=100"),
        None,
    )
    .await;
    let emails: Vec<_> = found
        .rows()
        .iter()
        .map(|row| row["email"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(emails, [known::JANE, "Mary-Jane.Doe@example.com"]);
}

#[tokio::test]
async fn a_viewer_is_created_updated_and_deleted() {
    let sandbox = roomy().await;
    let created = ask(&sandbox, "POST", VIEWERS, new("new+1@northwind.example")).await;
    assert_eq!(
        (
            created.status,
            created.json()["page_access_group_ids"].clone()
        ),
        (200, json!(["groupeurope1"]))
    );
    let twice = ask(&sandbox, "POST", VIEWERS, new("New+1@Northwind.example")).await;
    assert_eq!(twice.status, 409);
    let at = format!("{VIEWERS}/{}", created.json()["id"].as_str().unwrap());
    let empty = ask(&sandbox, "PATCH", &at, None).await;
    assert_eq!(
        (empty.status, empty.json()["page_access_group_ids"].clone()),
        (200, json!(["groupeurope1"]))
    );
    let groups = json!({ "page_access_user": { "page_access_group_ids": ["groupbetausr"] } });
    let replaced = ask(&sandbox, "PUT", &at, Some(groups)).await.json();
    assert_eq!(replaced["page_access_group_ids"], json!(["groupbetausr"]));
    assert_eq!(replaced["email"], "new+1@northwind.example");
    let deleted = ask(&sandbox, "DELETE", &at, None).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(ask(&sandbox, "DELETE", &at, None).await.status, 404);
    assert_eq!(sandbox.report().mails.len(), 1);
}

#[tokio::test]
async fn what_is_invalid_is_not_stored() {
    let sandbox = roomy().await;
    for body in [
        json!({ "page_access_user": {} }),
        json!({ "page_access_user": { "email": "nowhere" } }),
        json!({ "page_access_user": { "email": "a@b.example", "page_access_group_ids": ["nosuchgroup0"] } }),
        json!({ "page_access_user": { "email": "a@b.example", "page_access_group_ids": [""] } }),
    ] {
        assert_eq!(
            ask(&sandbox, "POST", VIEWERS, Some(body.clone()))
                .await
                .status,
            422,
            "{body}"
        );
    }
    assert_eq!(
        ask(
            &sandbox,
            "POST",
            VIEWERS,
            Some(json!({ "email": "a@b.example" }))
        )
        .await
        .status,
        400
    );
    assert!(sandbox.report().writes.is_empty());
    assert!(sandbox.report().mails.is_empty());
}

#[tokio::test]
async fn a_page_that_is_not_audience_specific_pretends_and_stores_nothing() {
    let sandbox = roomy().await;
    let before = sandbox.world();
    let created = ask(
        &sandbox,
        "POST",
        ELSEWHERE,
        Some(json!({ "page_access_user": { "email": "a@b.example" } })),
    )
    .await;
    assert_eq!(
        (created.status, created.json()["email"].as_str()),
        (200, Some("a@b.example"))
    );
    let at = format!("{ELSEWHERE}/{}", created.json()["id"].as_str().unwrap());
    assert_eq!(ask(&sandbox, "GET", &at, None).await.status, 404);
    assert_eq!(walk(&sandbox, ELSEWHERE).await.len(), 0);
    assert_eq!(sandbox.world(), before);
    assert_eq!(sandbox.report().writes.get("viewer_created"), None);
    let honest = start(Settings {
        other_pages: OtherPages::Refuse,
        ..Settings::default()
    })
    .await
    .unwrap();
    assert_eq!(
        ask(
            &honest,
            "GET",
            &format!("{ELSEWHERE}?page=1&per_page=100"),
            None
        )
        .await
        .status,
        403
    );
}

#[tokio::test]
async fn a_duplicate_can_be_a_422_and_an_address_can_be_none() {
    let settings = Settings {
        duplicates: Duplicates::Unprocessable,
        addresses: Addresses::Hostile,
        viewers: 20,
        ..Settings::default()
    };
    let sandbox = start(settings).await.unwrap();
    let twice = ask(&sandbox, "POST", VIEWERS, new(known::JANE)).await;
    assert_eq!(
        (twice.status, twice.json()["error"]["email"].clone()),
        (422, json!(["has already been taken"]))
    );
    assert_eq!(walk(&sandbox, VIEWERS).await.len(), 24);
}

#[tokio::test]
async fn a_segment_is_a_segment_whatever_it_contains() {
    let sandbox = roomy().await;
    for id in [
        "..",
        "%2e%2e",
        "a%2Fb",
        "%25",
        "janedoeview1%2F..",
        "janedoeview1/..",
    ] {
        assert_eq!(
            ask(&sandbox, "GET", &format!("{VIEWERS}/{id}"), None)
                .await
                .status,
            404,
            "{id}"
        );
    }
}
