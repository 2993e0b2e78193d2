//! Metrics: points go in, are accepted, and cannot be read back; what is deleted is gone for everybody.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, METRIC, PROVIDER};

use super::world::{confirmed, last_write, lose_the_next_answer, stored, world};

fn points(all: &Value) -> Value {
    json!({"page_id": AUDIENCE_PAGE, "metric_id": METRIC, "points": all})
}

#[tokio::test]
async fn points_are_accepted_and_not_called_applied() {
    let world = world().await;
    let now = Clock::system().now().as_second();
    let arguments = points(
        &json!([{"timestamp": now - 60, "value": 1.5}, {"timestamp": now - 3_600, "value": 2}]),
    );
    let done = world.result("submit_metric_data", arguments.clone()).await;
    assert_eq!(done["status"], "accepted", "{done}");
    assert!(
        done["summary"].as_str().unwrap().contains("Accepted"),
        "{done}"
    );
    let (method, path, body) = last_write(&world);
    assert_eq!(
        (method.as_str(), path),
        ("POST", format!("/pages/{AUDIENCE_PAGE}/metrics/data"))
    );
    assert_eq!(body["data"][METRIC].as_array().unwrap().len(), 2);
    let again = world.result("submit_metric_data", arguments).await;
    assert_eq!(again["status"], "accepted");
    assert_eq!(
        stored(&world, AUDIENCE_PAGE, "metrics", METRIC)["data"]
            .as_object()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn times_that_would_be_lost_are_refused() {
    let world = world().await;
    let now = Clock::system().now().as_second();
    for (timestamp, said) in [
        (now * 1_000, "milliseconds"),
        (now + 3_600, "future"),
        (now - 29 * 86_400, "28 days"),
    ] {
        let words = world
            .refusal(
                "submit_metric_data",
                points(&json!([{"timestamp": timestamp, "value": 1}])),
            )
            .await;
        assert!(words.contains(said), "{words}");
    }
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn a_metric_is_made_once_under_the_page_s_own_provider() {
    let world = world().await;
    let new = json!({"page_id": "internalpage", "name": "Queue", "suffix": "jobs"});
    let done = world.result("save_metric", new.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(
        done["steps"].as_array().unwrap().len(),
        2,
        "the provider, then the metric: {done}"
    );
    assert_eq!(world.result("save_metric", new).await["status"], "already");
    let list = world
        .result("list_metrics", json!({"page_id": "internalpage"}))
        .await;
    assert_eq!(
        (&list["records"][0]["name"], &list["providers"][0]["kind"]),
        (&json!("Queue"), &json!("Self")),
        "{list}"
    );
    let rename = json!({"page_id": "internalpage", "metric_id": list["records"][0]["id"], "name": "Waiting jobs"});
    assert_eq!(
        world.result("save_metric", rename).await["status"],
        "applied"
    );
}

#[tokio::test]
async fn clearing_and_removing_are_confirmed_with_who_loses_it() {
    let world = world().await;
    let which = json!({"page_id": AUDIENCE_PAGE, "metric_id": METRIC});
    let (plan, done) = confirmed(&world, "clear_metric_data", which.clone()).await;
    assert!(
        plan["losses"][0].as_str().unwrap().contains("every point"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    let (plan, done) = confirmed(&world, "remove_metric", which.clone()).await;
    assert!(plan["losses"].to_string().contains("directly"), "{plan}");
    assert_eq!(done["status"], "applied", "{done}");
    assert!(
        !world
            .stored_page(AUDIENCE_PAGE)
            .to_string()
            .contains(METRIC)
    );
    assert_eq!(
        world.result("remove_metric", which).await["status"],
        "already"
    );
}

#[tokio::test]
async fn a_batch_whose_answer_is_lost_is_sent_once_more_and_settles() {
    let world = world().await;
    let now = Clock::system().now().as_second();
    let arguments = points(&json!([{"timestamp": now - 60, "value": 1.5}]));
    lose_the_next_answer(&world, "POST");
    let done = world.result("submit_metric_data", arguments).await;
    assert_eq!(done["status"], "accepted", "{done}");
    assert_eq!(
        world.writes().len(),
        2,
        "the same points fall into the same places"
    );
    let held = stored(&world, AUDIENCE_PAGE, "metrics", METRIC)["data"].clone();
    assert_eq!(held.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn who_was_given_a_metric_directly_is_named_before_it_goes() {
    let world = world().await;
    let (plan, done) = confirmed(
        &world,
        "remove_metric",
        json!({"page_id": AUDIENCE_PAGE, "metric_id": METRIC}),
    )
    .await;
    let losses = plan["losses"].to_string();
    assert!(
        losses.contains("given directly") && losses.contains("jane.doe@example.com"),
        "{losses}"
    );
    assert_eq!(done["status"], "applied", "{done}");
}

#[tokio::test]
async fn the_metrics_of_one_provider_are_asked_of_that_provider() {
    let world = world().await;
    for provider in [PROVIDER, "self"] {
        let of = json!({"page_id": AUDIENCE_PAGE, "provider": provider});
        let list = world.result("list_metrics", of).await;
        assert_eq!(list["complete"], true, "{list}");
        let rows = list["records"].as_array().unwrap();
        assert!(rows.iter().any(|it| it["id"] == METRIC), "{list}");
        assert!(rows.iter().all(|it| it["provider_id"] == PROVIDER));
    }
    let path = format!("/v1/pages/{AUDIENCE_PAGE}/metrics_providers/{PROVIDER}/metrics?");
    let asked = world.sandbox.requests();
    let lists: Vec<_> = asked
        .iter()
        .filter(|it| !it.target.ends_with("/metrics_providers"))
        .collect();
    assert!(
        lists.iter().all(|it| it.target.starts_with(&path)),
        "{lists:?}"
    );
    let none = json!({"page_id": AUDIENCE_PAGE, "provider": "Datadog"});
    let words = world.refusal("list_metrics", none).await;
    assert!(
        words.contains("`Datadog`") && words.contains(PROVIDER),
        "{words}"
    );
}
