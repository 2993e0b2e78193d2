//! What operators look at.

use serde_json::{Value, json};
use status_roster::caller::Scope;
use status_roster::sandbox::{Fault, Faults, known};

use super::office::Office;

#[tokio::test]
async fn readiness_is_what_the_last_contact_said_and_costs_nothing() {
    let office = Office::open().await;
    assert_eq!(office.get("/healthz", None).await.status, 200);
    let fresh = office.get("/readyz", None).await;
    assert_eq!(
        fresh.status, 200,
        "nothing is known yet, so nothing is wrong"
    );
    let mut faults = Faults::next(Fault::Unauthenticated, "GET", "/v1/");
    faults.next[0].times = 100;
    office.world.sandbox.faults(faults);
    office.call(None, "list_pages", json!({})).await;
    let asked = office.world.sandbox.requests().len();
    let failed = office.get("/readyz", None).await;
    assert_eq!(failed.status, 503, "{failed:?}");
    let said: Value = serde_json::from_str(&failed.body).unwrap();
    assert_eq!(said["systems"][0]["last_status"], 401);
    assert_eq!(
        office.world.sandbox.requests().len(),
        asked,
        "no request, no budget"
    );
    office.world.sandbox.faults(Faults::default());
    office.call(None, "list_pages", json!({})).await;
    assert_eq!(office.get("/readyz", None).await.status, 200);
}

#[tokio::test]
async fn metrics_count_calls_refusals_and_requests_and_name_nobody() {
    let office = Office::open().await;
    office
        .call(None, "list_org_users", json!({"email": known::JANE}))
        .await;
    office
        .call(
            None,
            "list_org_users",
            json!({"limit": "x", "note": known::JANE}),
        )
        .await;
    office.call(None, "no_such_tool", json!({})).await;
    let page = office.get("/metrics", None).await;
    assert!(
        page.header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    for line in [
        "# TYPE status_roster_calls_total counter",
        "# TYPE status_roster_window_limit gauge",
        "status_roster_calls_total{tool=\"list_org_users\",outcome=\"answered\"} 1",
        "status_roster_refusals_total{tool=\"list_org_users\",reason=\"bad_arguments\"} 1",
        "status_roster_refusals_total{tool=\"unknown\",reason=\"unknown_tool\"} 1",
        "status_roster_window_limit{system=\"statuspage\"} 5000",
    ] {
        assert!(
            page.body.lines().any(|it| it == line),
            "{line}\n{}",
            page.body
        );
    }
    let sent = office.world.sandbox.requests().len();
    let counted = office
        .metric("status_roster_upstream_requests_total{system=\"statuspage\"}")
        .await;
    assert!(sent > 0 && counted == sent as f64);
    assert!(!page.body.contains('@') && !page.body.contains("jane"));
    for line in page.body.lines().filter(|it| !it.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(
            name.starts_with("status_roster_") && value.parse::<f64>().is_ok(),
            "{line}"
        );
    }
}

/// A proxy on this machine connects from this machine, whoever sent it.
#[tokio::test]
async fn metrics_ask_for_the_admin_scope_wherever_callers_have_tokens() {
    let tokens =
        "[http]\ntokens_file = \"state/tokens.json\"\npublic_url = \"https://roster.example.com\"";
    for address in ["0.0.0.0:0", "127.0.0.1:0"] {
        asks_for_admin(address, tokens).await;
    }
}

async fn asks_for_admin(address: &str, tokens: &str) {
    let office = Office::at(address, tokens, |_| {}).await;
    let reader = office.token("reader", &[Scope::Read]).await;
    let admin = office
        .token("prometheus", &[Scope::Read, Scope::Admin])
        .await;
    assert_eq!(office.get("/metrics", None).await.status, 401);
    let refused = office.get("/metrics", Some(&reader)).await;
    assert_eq!(refused.status, 403);
    assert!(
        refused
            .header("www-authenticate")
            .contains("error=\"insufficient_scope\", scope=\"admin\"")
    );
    assert_eq!(office.get("/metrics", Some(&admin)).await.status, 200);
    assert_eq!(office.get("/healthz", None).await.status, 200);
    let open = format!("{tokens}\nmetrics = \"open\"");
    let open = Office::at(address, &open, |_| {}).await;
    assert_eq!(open.get("/metrics", None).await.status, 200);
}
