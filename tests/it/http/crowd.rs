//! Five hundred callers at once: none sees, continues or confirms what is another's.

use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use status_roster::caller::Scope;
use status_roster::sandbox::known;

use super::office::Office;

const CALLERS: usize = 500;

fn removal() -> Value {
    json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": known::JANE})
}

/// A token for each, written at once: 500 files made durable one after the other take seconds.
fn tokens(office: &Office) -> Vec<String> {
    let tokens: Vec<String> = (0..CALLERS)
        .map(|at| format!("srt_of_caller_{at}"))
        .collect();
    let rows: Vec<Value> = tokens
        .iter()
        .enumerate()
        .map(|(at, token)| {
            json!({
                "name": format!("caller-{at}"), "hash": hex::encode(Sha256::digest(token)), "scopes": [Scope::Read, Scope::Write, Scope::Remove],
                "created": "2026-01-01T00:00:00Z", "expires": "2100-01-01T00:00:00Z",
            })
        })
        .collect();
    std::fs::write(office.token_path(), json!({"tokens": rows}).to_string()).unwrap();
    tokens
}

/// What one of the crowd holds: a cursor, and a confirmation.
async fn take(office: &Office, token: &str) -> (Value, Value) {
    let list = office
        .call(
            Some(token),
            "list_org_users",
            json!({"limit": 2, "max_age_s": 600}),
        )
        .await;
    let cursor = list["structuredContent"]["next_cursor"].clone();
    assert!(cursor.is_string(), "{list}");
    let plan = office.call(Some(token), "remove_user", removal()).await;
    let confirmation = plan["structuredContent"]["confirmation_token"].clone();
    assert!(confirmation.is_string(), "{plan}");
    (cursor, confirmation)
}

/// Everything of `token`'s that works for it is refused to whoever holds `other`.
async fn try_with(
    office: &Office,
    token: &str,
    cursor: &Value,
    confirmation: &Value,
) -> (bool, String) {
    let query = json!({"limit": 2, "max_age_s": 600, "cursor": cursor});
    let list = office.call(Some(token), "list_org_users", query).await;
    let mut confirmed = removal();
    confirmed["confirmation_token"] = confirmation.clone();
    let removed = office.call(Some(token), "remove_user", confirmed).await;
    let words = removed["content"][0]["text"].as_str().unwrap().to_owned();
    (list["isError"] == true, words)
}

#[tokio::test]
async fn what_one_caller_holds_is_of_no_use_to_the_next() {
    let wide = "[http]\ntokens_file = \"state/tokens.json\"\nmetrics = \"open\"\ntotal_requests_per_minute = 100000";
    let office = Arc::new(Office::with(wide, |_| {}).await);
    let tokens = tokens(&office);
    let held = futures::future::join_all(tokens.iter().map(|token| take(&office, token))).await;
    let mut cursors: Vec<String> = held.iter().map(|(cursor, _)| cursor.to_string()).collect();
    cursors.sort();
    cursors.dedup();
    assert_eq!(cursors.len(), CALLERS, "a cursor for each");

    let next = (0..CALLERS).map(|at| {
        let (cursor, confirmation) = &held[(at + 1) % CALLERS];
        try_with(&office, &tokens[at], cursor, confirmation)
    });
    for (refused, words) in futures::future::join_all(next).await {
        assert!(refused, "another's cursor was continued");
        assert!(words.contains("another caller"), "{words}");
    }
    assert!(
        office.world.writes().is_empty(),
        "nothing was removed by whom it was not confirmed to"
    );

    let (cursor, confirmation) = &held[7];
    let (refused, words) = try_with(&office, &tokens[7], cursor, confirmation).await;
    assert!(
        !refused && words.contains("\"applied\""),
        "its own still work: {words}"
    );
    assert_eq!(office.world.writes().len(), 1);
    let pages = office
        .metric("status_roster_calls_total{tool=\"list_org_users\",outcome=\"answered\"}")
        .await;
    assert_eq!(pages, 501.0);
}
