//! Subscribers: pages from 0, quarantined ones hidden, and who gets mail.

use serde_json::json;
use status_roster::sandbox::{Running, known};

use super::wire::{ask, roomy};

const PUBLIC: &str = "/v1/pages/publicstatus/subscribers";
const CUSTOMERS: &str = "/v1/pages/customerpage/subscribers";

async fn all(of: &Running, target: &str) -> Vec<serde_json::Value> {
    let mut rows = Vec::new();
    for page in 0.. {
        let next = ask(of, "GET", &format!("{target}&page={page}&limit=100"), None)
            .await
            .rows();
        let last = next.len() < 100;
        rows.extend(next);
        if last {
            break;
        }
    }
    rows
}

#[tokio::test]
async fn the_first_page_is_page_0_and_quarantined_ones_are_hidden() {
    let sandbox = roomy().await;
    let everybody = all(&sandbox, &format!("{PUBLIC}?state=all")).await;
    assert_eq!(everybody.len(), 253);
    let active = all(&sandbox, &format!("{PUBLIC}?q=")).await;
    assert!(active.iter().all(|row| row["quarantined_at"].is_null()));
    let quarantined = all(&sandbox, &format!("{PUBLIC}?state=quarantined")).await;
    let unconfirmed = all(&sandbox, &format!("{PUBLIC}?state=unconfirmed")).await;
    assert_eq!(active.len() + quarantined.len() + unconfirmed.len(), 253);
    let histogram = ask(
        &sandbox,
        "GET",
        &format!("{PUBLIC}/histogram_by_state"),
        None,
    )
    .await
    .json();
    let total: u64 = histogram
        .as_object()
        .unwrap()
        .values()
        .map(|row| row["total"].as_u64().unwrap())
        .sum();
    assert_eq!(total, 253);
    let count = ask(&sandbox, "GET", &format!("{PUBLIC}/count?state=all"), None)
        .await
        .json();
    assert_eq!(count["email"], histogram["email"]["total"]);
}

#[tokio::test]
async fn a_search_misses_whoever_is_quarantined_unless_asked_for_all() {
    let sandbox = roomy().await;
    let active = all(&sandbox, &format!("{PUBLIC}?q=jane.doe%40example.com")).await;
    let both = all(
        &sandbox,
        &format!("{PUBLIC}?q=jane.doe%40example.com&state=all"),
    )
    .await;
    assert_eq!((active.len(), both.len()), (1, 2));
    assert_eq!(
        ask(
            &sandbox,
            "GET",
            &format!("{PUBLIC}?state=gone&page=0&limit=100"),
            None
        )
        .await
        .status,
        400
    );
    assert_eq!(
        ask(
            &sandbox,
            "GET",
            &format!("{PUBLIC}?type=pigeon&page=0&limit=100"),
            None
        )
        .await
        .status,
        400
    );
}

#[tokio::test]
async fn a_subscriber_is_created_narrowed_widened_and_deleted() {
    let sandbox = roomy().await;
    let new = json!({ "subscriber": { "email": "sub@northwind.example" } });
    let created = ask(&sandbox, "POST", CUSTOMERS, Some(new.clone())).await;
    assert_eq!(
        (created.status, created.json()["mode"].as_str()),
        (201, Some("email"))
    );
    assert_eq!(
        ask(&sandbox, "POST", CUSTOMERS, Some(new)).await.status,
        422
    );
    let at = format!("{CUSTOMERS}/{}", created.json()["id"].as_str().unwrap());
    let narrowed = ask(
        &sandbox,
        "PATCH",
        &at,
        Some(json!({ "component_ids": [known::COMPONENT] })),
    )
    .await;
    assert_eq!(narrowed.json()["components"], json!([known::COMPONENT]));
    assert_eq!(
        ask(&sandbox, "PATCH", &at, Some(json!({ "component_ids": [] })))
            .await
            .status,
        422
    );
    assert_eq!(
        ask(&sandbox, "PATCH", &at, Some(json!({}))).await.json()["components"],
        json!([])
    );
    let deleted = ask(
        &sandbox,
        "DELETE",
        &format!("{at}?skip_unsubscription_notification=true"),
        None,
    )
    .await;
    assert_eq!(
        (deleted.status, deleted.json()["email"].as_str()),
        (200, Some("sub@northwind.example"))
    );
    assert_eq!(ask(&sandbox, "DELETE", &at, None).await.status, 404);
    let mails: Vec<_> = sandbox.report().mails.iter().map(|mail| mail.why).collect();
    assert_eq!(mails, ["subscription_confirmation"]);
    let gone = ask(
        &sandbox,
        "GET",
        &format!("{CUSTOMERS}/unsubscribed?page=1&per_page=100"),
        None,
    )
    .await;
    assert_eq!(gone.rows().len(), 1);
}

#[tokio::test]
async fn without_being_told_not_to_a_removal_writes_to_the_person() {
    let sandbox = roomy().await;
    ask(
        &sandbox,
        "DELETE",
        &format!("{CUSTOMERS}/{}", known::JANE_SUBSCRIBER),
        None,
    )
    .await;
    let report = sandbox.report();
    assert_eq!(
        (report.mails[0].to.as_str(), report.mails[0].why),
        (known::JANE, "unsubscribed")
    );
}

#[tokio::test]
async fn many_are_unsubscribed_at_once_but_quarantined_ones_are_passed_over() {
    let sandbox = roomy().await;
    let rows = all(
        &sandbox,
        &format!("{PUBLIC}?state=all&q=jane.doe%40example.com"),
    )
    .await;
    let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
    let body = json!({ "subscribers": ids, "skip_unsubscription_notification": true });
    let reply = ask(
        &sandbox,
        "POST",
        &format!("{PUBLIC}/unsubscribe"),
        Some(body),
    )
    .await;
    assert_eq!((reply.status, reply.text.as_str()), (201, ""));
    assert_eq!(sandbox.report().writes["subscriber_deleted"], 1);
    let rest = json!({ "subscribers": ids, "state": "all" });
    ask(
        &sandbox,
        "POST",
        &format!("{PUBLIC}/unsubscribe"),
        Some(rest),
    )
    .await;
    assert_eq!(sandbox.report().writes["subscriber_deleted"], 2);
    let everybody = json!({ "subscribers": "all" });
    assert_eq!(
        ask(
            &sandbox,
            "POST",
            &format!("{PUBLIC}/unsubscribe"),
            Some(everybody)
        )
        .await
        .status,
        422
    );
}

#[tokio::test]
async fn the_quarantined_come_back_and_the_unconfirmed_are_asked_again() {
    let sandbox = roomy().await;
    let hidden = all(&sandbox, &format!("{PUBLIC}?state=quarantined")).await;
    let ids: Vec<_> = hidden.iter().take(3).map(|row| row["id"].clone()).collect();
    assert_eq!(
        ask(
            &sandbox,
            "POST",
            &format!("{PUBLIC}/reactivate"),
            Some(json!({ "subscribers": ids }))
        )
        .await
        .status,
        201
    );
    assert_eq!(
        all(&sandbox, &format!("{PUBLIC}?state=quarantined"))
            .await
            .len(),
        hidden.len() - 3
    );
    let waiting = all(&sandbox, &format!("{PUBLIC}?state=unconfirmed&type=email")).await;
    let at = format!(
        "{PUBLIC}/{}/resend_confirmation",
        waiting[0]["id"].as_str().unwrap()
    );
    assert_eq!(ask(&sandbox, "POST", &at, None).await.status, 201);
    assert_eq!(sandbox.report().mails[0].why, "subscription_confirmation");
}

#[tokio::test]
async fn every_type_is_there_and_a_webhook_carries_a_token() {
    let sandbox = roomy().await;
    let rows = all(&sandbox, &format!("{PUBLIC}?state=all")).await;
    let modes: std::collections::BTreeSet<_> = rows
        .iter()
        .map(|row| row["mode"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(modes.len(), 6);
    let hook = rows.iter().find(|row| row["mode"] == "webhook").unwrap();
    assert!(hook["endpoint"].as_str().unwrap().contains("token=whsec_"));
    assert!(hook["email"].is_string());
}

#[tokio::test]
async fn a_new_viewer_can_be_subscribed_and_stays_subscribed_when_deleted() {
    let sandbox = roomy().await;
    let viewers = "/v1/pages/customerpage/page_access_users";
    let new = json!({ "page_access_user": { "email": "joined@northwind.example", "subscribe_to_components": true } });
    let id = ask(&sandbox, "POST", viewers, Some(new)).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    ask(&sandbox, "DELETE", &format!("{viewers}/{id}"), None).await;
    let left = all(
        &sandbox,
        &format!("{CUSTOMERS}?q=joined%40northwind.example"),
    )
    .await;
    assert_eq!(
        (left.len(), left[0]["page_access_user_id"].as_str()),
        (1, Some(id.as_str()))
    );
}
