//! How often one caller may ask, and all of them together.

use serde_json::json;
use status_roster::caller::Scope;

use super::office::Office;

#[tokio::test]
async fn a_caller_without_measure_is_told_to_wait_and_the_others_are_not() {
    let office = Office::with(
        "[http]\ntokens_file = \"state/tokens.json\"\nrequests_per_minute = 40",
        |_| {},
    )
    .await;
    let eager = office.token("eager", &[Scope::Read]).await;
    let calm = office.token("calm", &[Scope::Read]).await;
    let mut refused = None;
    for _ in 0..60 {
        let reply = office.ask(Some(&eager), "tools/list", json!({}), &[]).await;
        if reply.status != 200 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!(
        (1..=3).contains(&wait),
        "40 a minute is one in 1.5 s: {wait}"
    );
    assert!(
        refused.body.contains("too many requests") && refused.body.contains("Nothing was changed.")
    );
    assert!(!office.shown(Some(&calm), &[]).await.is_empty());
}

#[tokio::test]
async fn all_callers_together_have_a_limit_too() {
    let office = Office::with("", |settings| settings.total_requests_per_minute = 5).await;
    for _ in 0..5 {
        assert_eq!(
            office.ask(None, "tools/list", json!({}), &[]).await.status,
            200
        );
    }
    assert_eq!(
        office.ask(None, "tools/list", json!({}), &[]).await.status,
        429
    );
    assert_eq!(
        office.get("/healthz", None).await.status,
        200,
        "probes are not callers"
    );
}

#[tokio::test]
async fn strangers_use_up_nothing_that_callers_have() {
    let office = Office::with_tokens().await;
    let token = office.token("ci", &[Scope::Read]).await;
    let mut last = 0;
    for _ in 0..700 {
        last = office.get("/mcp", Some("srt_guess")).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "guessing is slowed down");
    assert!(!office.shown(Some(&token), &[]).await.is_empty());
}
