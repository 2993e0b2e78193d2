//! The rolling window and the bucket of lists that are not paged.

use std::time::Duration;

use status_roster::sandbox::{ErrorShape, Rejection, RetryAfter, Settings, start};

use super::wire::ask;

const LIST: &str = "/v1/pages/customerpage/page_access_users";

#[tokio::test]
async fn more_than_the_window_holds_is_rejected_with_both_statuses() {
    let sandbox = start(Settings {
        requests_per_window: 3,
        ..Settings::default()
    })
    .await
    .unwrap();
    let mut seen = Vec::new();
    for _ in 0..5 {
        let reply = ask(&sandbox, "GET", "/v1/pages", None).await;
        seen.push((reply.status, reply.header("retry-after")));
    }
    let minute = Some("60".to_owned());
    assert_eq!(seen[..3], [(200, None), (200, None), (200, None)]);
    assert_eq!(seen[3..], [(429, minute.clone()), (420, minute)]);
    let report = sandbox.report();
    assert_eq!(
        (report.requests, report.rejected, report.most_in_window),
        (5, 2, 5)
    );
}

#[tokio::test]
async fn a_slot_comes_free_after_one_window() {
    let window = Duration::from_millis(300);
    let sandbox = start(Settings {
        requests_per_window: 1,
        window,
        ..Settings::default()
    })
    .await
    .unwrap();
    assert_eq!(ask(&sandbox, "GET", "/v1/pages", None).await.status, 200);
    assert_eq!(
        ask(&sandbox, "GET", "/v1/pages", None)
            .await
            .header("retry-after"),
        Some("1".to_owned())
    );
    while ask(&sandbox, "GET", "/v1/pages", None).await.status != 200 {}
    assert!(sandbox.report().rejected >= 1);
}

#[tokio::test]
async fn a_date_says_when_to_come_back() {
    let settings = Settings {
        requests_per_window: 0,
        retry_after: RetryAfter::Date,
        rejection: Rejection::Status420,
        ..Settings::default()
    };
    let sandbox = start(settings).await.unwrap();
    let reply = ask(&sandbox, "GET", "/v1/pages", None).await;
    assert_eq!(reply.status, 420);
    assert!(reply.header("retry-after").unwrap().ends_with(" GMT"));
}

#[tokio::test]
async fn a_list_that_is_not_paged_stops_at_100_and_works_once_a_minute() {
    let sandbox = start(Settings::default()).await.unwrap();
    assert_eq!(ask(&sandbox, "GET", LIST, None).await.rows().len(), 100);
    assert_eq!(
        ask(&sandbox, "GET", &format!("{LIST}?email=jane"), None)
            .await
            .status,
        429
    );
    assert_eq!(
        ask(
            &sandbox,
            "GET",
            &format!("{LIST}?page=1&per_page=100"),
            None
        )
        .await
        .status,
        200
    );
    assert_eq!(
        ask(&sandbox, "GET", "/v1/pages/customerpage/metrics", None)
            .await
            .status,
        200
    );
    assert_eq!(sandbox.report().unpaginated_hits, 3);
}

#[tokio::test]
async fn errors_come_in_every_shape() {
    let sandbox = start(Settings {
        error_shape: ErrorShape::Rotate,
        ..Settings::default()
    })
    .await
    .unwrap();
    let mut bodies = Vec::new();
    for _ in 0..5 {
        bodies.push(ask(&sandbox, "GET", "/v1/nothing", None).await.text);
    }
    let html = bodies.remove(2);
    assert!(html.starts_with("<html>"), "{html}");
    assert_eq!(
        bodies,
        [
            r#"{"message":"not found"}"#,
            r#"{"error":["not found"]}"#,
            "",
            r#"{"error":"not found"}"#
        ]
    );
}
