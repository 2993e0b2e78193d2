//! What leaves as traces: the spans of calls, plans and requests, and nothing of anybody.
//!
//! The built program is told of a collector that this test plays, and of a sandbox whose world has addresses, ids and keys.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; clippy knows that of `#[test]` itself, not of its helpers"
)]

mod collector;
mod wire;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use status_roster::sandbox::{self, Running, known};
use tokio::process::Command;

use collector::Collector;
use wire::Span;

fn program(sandbox: &Running, collector: &str, state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_status-roster"));
    command
        .env_clear()
        .env("HOME", state)
        .env("STATUSPAGE_API_KEY", &sandbox.api_key)
        .env("STATUSPAGE_ORGANIZATION_ID", &sandbox.organization_id)
        .env("STATUSPAGE_BASE_URL", sandbox.statuspage_url())
        .env("STATUS_ROSTER_TRACES_ENDPOINT", collector)
        .arg("--allow-writes")
        .arg("--state-dir")
        .arg(state.join("state"));
    command
}

async fn call(sandbox: &Running, collector: &str, state: &Path, words: &[&str]) -> Output {
    let mut command = program(sandbox, collector, state);
    command.arg("call").args(words).output().await.unwrap()
}

/// Every text of the sandbox's world that tells of somebody: addresses, names, ids.
fn told(value: &serde_json::Value, texts: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) if text.contains('@') => {
            texts.insert(text.clone());
        }
        serde_json::Value::Array(items) => items.iter().for_each(|it| told(it, texts)),
        serde_json::Value::Object(fields) => fields.values().for_each(|it| told(it, texts)),
        _ => {}
    }
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|it| it.name == name).collect()
}

#[tokio::test]
async fn calls_plans_and_requests_arrive_and_nothing_of_anybody_with_them() {
    let collector = Collector::start().await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let state = tempfile::tempdir().unwrap();
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let jane = format!("email={}", known::JANE);
    let calls = [
        vec!["list_org_users", jane.as_str()],
        vec!["list_page_access_users", page.as_str()],
        vec!["find_person", jane.as_str()],
        vec!["add_page_viewer", page.as_str(), "email=canary@example.org"],
        vec![
            "remove_user",
            "system=statuspage_team",
            "email=nobody-canary@example.org",
        ],
        vec!["get_permissions", "email=not an address canary"],
    ];
    for words in &calls {
        call(&sandbox, &collector.url, state.path(), words).await;
    }
    assert_eq!(sandbox.report().writes.get("viewer_created"), Some(&1));

    let bytes = collector.received();
    let spans: Vec<Span> = bytes.iter().flat_map(|it| wire::spans(it)).collect();
    let (of_calls, plans, requests) = (
        named(&spans, "call"),
        named(&spans, "plan"),
        named(&spans, "request"),
    );
    assert_eq!(of_calls.len(), calls.len());
    // The viewer who is added, and the removal of somebody who is not there.
    assert_eq!(plans.len(), 2);
    assert_eq!(requests.len() as u64, sandbox.report().requests);
    assert_eq!(spans.len(), of_calls.len() + plans.len() + requests.len());
    let below = |above: &Span| spans.iter().filter(|it| it.parent == above.id).count();
    let carried_out = plans.iter().find(|plan| below(plan) > 0).unwrap();
    // The POST, and the look that shows what it did.
    assert_eq!(below(carried_out), 2);
    let call = of_calls.iter().find(|it| it.id == carried_out.parent);
    assert!(
        below(call.unwrap()) > 2,
        "the plan, and what it was planned from"
    );
    for span in plans.iter().chain(&requests) {
        let above = |it: &&Span| it.id == span.parent && it.trace == span.trace;
        assert!(spans.iter().any(|it| above(&it)), "{span:?}");
    }
    let all = bytes.concat();
    let holds = |text: &str| all.windows(text.len()).any(|it| it == text.as_bytes());
    for present in [
        "add_page_viewer",
        "status-roster",
        "statuspage",
        "POST",
        "bad_arguments",
    ] {
        assert!(holds(present), "`{present}` is missing");
    }
    let fields = || spans.iter().flat_map(|it| &it.fields);
    let names: BTreeSet<&str> = fields().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "caller",
        "http.request.method",
        "http.response.status_code",
        "outcome",
        "plan.steps",
        "tool",
        "upstream.system",
        "waited_ms",
    ];
    assert_eq!(names, BTreeSet::from(expected));
    assert!(fields().all(|(_, value)| !value.contains('@')));
    let mut texts = BTreeSet::new();
    told(&sandbox.world(), &mut texts);
    assert!(texts.len() > 20, "{texts:?}");
    texts.extend([
        "canary".to_owned(),
        sandbox.api_key.clone(),
        sandbox.organization_id.clone(),
        known::AUDIENCE_PAGE.to_owned(),
        state.path().display().to_string(),
    ]);
    for text in texts {
        assert!(!holds(&text), "`{text}` left as a trace");
    }
}

#[tokio::test]
async fn a_collector_that_is_not_there_changes_no_answer() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let state = tempfile::tempdir().unwrap();
    let nowhere = "http://127.0.0.1:1/v1/traces";
    let output = call(&sandbox, nowhere, state.path(), &["list_pages"]).await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(said.contains(known::AUDIENCE_PAGE), "{said}");
}

#[tokio::test]
async fn an_address_with_a_password_is_refused_and_not_shown() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let state = tempfile::tempdir().unwrap();
    let secret = "http://user:canary@127.0.0.1:4318/v1/traces";
    let output = call(&sandbox, secret, state.path(), &["list_pages"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        said.contains("`traces.endpoint` must be the whole address"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
    assert_eq!(sandbox.report().requests, 0);
}
