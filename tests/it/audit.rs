//! The record of changes: what stands in it, when, and what it refuses.

mod shared;
mod tampering;
mod unfinished;

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use status_roster::{
    audit::{Intent, Log, Outcome, Planned, Status, tail, verify},
    caller::Caller,
    clock::Clock,
    secret::Secret,
};
use tempfile::TempDir;

fn clock() -> Clock {
    Clock::following("2026-03-01T12:00:00Z".parse().unwrap())
}

fn record(directory: &TempDir) -> PathBuf {
    directory.path().join("audit.jsonl")
}

async fn opened(path: &Path) -> Log {
    Log::open(path, clock(), vec![]).await.unwrap().log
}

fn removal(target: &str) -> Planned {
    Planned {
        caller: Caller::local(Some("claude-code 2.1.0".to_owned())),
        tool: "remove_user".to_owned(),
        plan_id: "plan1".to_owned(),
        call_id: "call1".to_owned(),
        system: "statuspage_page".to_owned(),
        action: "delete page access user".to_owned(),
        target: json!({ "id": target, "email": "jane@example.com" }),
        before: json!({ "groups": ["g1"] }),
    }
}

async fn intended(log: &Log, target: &str) -> Intent {
    log.intent(removal(target)).await.unwrap()
}

fn gone() -> Outcome {
    Outcome {
        status: Status::Applied,
        after: Value::Null,
        detail: "read back: not found".to_owned(),
    }
}

/// A change from intent to outcome: two lines.
async fn changed(log: &Log, target: &str) {
    let intent = intended(log, target).await;
    log.outcome(intent, gone()).await.unwrap();
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_intent_is_on_the_disk_before_the_change_and_its_outcome_after() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    let intent = intended(&log, "u1").await;
    let id = intent.id().to_owned();
    assert_eq!(text(&path).lines().count(), 1);
    log.outcome(intent, gone()).await.unwrap();
    let lines = tail(&path, 9).unwrap();
    assert_eq!(lines.len(), 2);
    let [first, second] = [&lines[0], &lines[1]];
    assert_eq!(first["kind"], "intent");
    assert_eq!(first["at"], "2026-03-01T12:00:00Z");
    assert_eq!(
        first["caller"],
        json!({ "name": "local", "client": "claude-code 2.1.0" })
    );
    assert_eq!(first["tool"], "remove_user");
    assert_eq!(first["plan"], "plan1");
    assert_eq!(first["call"], "call1");
    assert_eq!(first["system"], "statuspage_page");
    assert_eq!(first["action"], "delete page access user");
    assert_eq!(
        first["target"],
        json!({ "id": "u1", "email": "jane@example.com" })
    );
    assert_eq!(first["before"], json!({ "groups": ["g1"] }));
    assert_eq!(second["kind"], "outcome");
    assert_eq!(second["intent"], id.as_str());
    assert_eq!(second["status"], "applied");
    assert_eq!(second["prev"], first["hash"]);
    assert_eq!(
        verify(&path).unwrap().last_hash,
        second["hash"].as_str().unwrap()
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_line_too() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    opened(&path)
        .await
        .event("refused", json!({ "code": "expired" }))
        .await
        .unwrap();
    let line = text(&path);
    assert!(
        line.starts_with(
            r#"{"seq":1,"at":"2026-03-01T12:00:00Z","kind":"event","event":"refused","detail":{"code":"expired"},"prev":"000"#
        ),
        "{line}"
    );
}

#[tokio::test(start_paused = true)]
async fn no_other_user_can_read_the_record_or_what_is_beside_it() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("made/audit.jsonl");
    let log = opened(&path).await;
    changed(&log, "u1").await;
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let metadata = entry.as_ref().unwrap().metadata().unwrap();
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(metadata.permissions().mode() & 0o777, expected, "{entry:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_never_reaches_the_record_wherever_it_is_put() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let keys = [
        "canary-key-1234",
        "with\"quote\\and\nline\"",
        "schlüssel-ünïcode",
        "ends-in-backslash\\",
    ];
    let secrets = keys.iter().map(|key| Secret::new(key)).collect();
    let log = Log::open(&path, clock(), secrets).await.unwrap().log;
    for key in keys {
        let planned = Planned {
            tool: format!("x{key}"),
            target: json!({ "nested": [{ key: format!("a{key}b") }] }),
            ..removal(key)
        };
        let intent = log.intent(planned).await.unwrap();
        let outcome = Outcome {
            after: json!(key),
            detail: key.to_owned(),
            ..gone()
        };
        log.outcome(intent, outcome).await.unwrap();
        log.event(key, json!(key)).await.unwrap();
    }
    for file in [&path, &path.with_extension("jsonl.head")] {
        let written = text(file);
        for key in keys {
            let escaped = Value::from(key).to_string();
            assert!(!written.contains(key), "{written}");
            assert!(!written.contains(escaped.trim_matches('"')), "{written}");
        }
    }
    assert!(text(&path).contains(r#""detail":"[secret]""#));
    assert_eq!(verify(&path).unwrap().lines, 12);
}

#[tokio::test(start_paused = true)]
async fn what_only_looks_like_a_credential_when_escaped_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let secrets = vec![Secret::new("n1234567890"), Secret::new("short")];
    let log = Log::open(&path, clock(), secrets).await.unwrap().log;
    let detail = json!("\n1234567890 is short");
    log.event("note", detail.clone()).await.unwrap();
    assert_eq!(tail(&path, 1).unwrap()[0]["detail"], detail);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_refuses_the_change() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let log = opened(&path).await;
    let refused = log.intent(removal("u1")).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "cannot write the audit record `{}`: No space left on device (os error 28). Nothing was changed.",
            path.display()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_opened_is_an_error_that_names_it() {
    let directory = TempDir::new().unwrap();
    let refused = Log::open(directory.path(), clock(), vec![])
        .await
        .unwrap_err()
        .to_string();
    let expected = format!(
        "cannot use the audit record `{}`: ",
        directory.path().display()
    );
    assert!(refused.starts_with(&expected), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_outcome_says_that_the_target_must_be_looked_at() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    let intent = intended(&log, "u1").await;
    let id = intent.id().to_owned();
    std::fs::remove_file(&path).unwrap();
    let said = log.outcome(intent, gone()).await.unwrap_err().to_string();
    assert!(
        said.contains(&format!(
            "Its intent `{id}` is on record without an outcome"
        )),
        "{said}"
    );
    assert!(!said.contains("Nothing was changed"), "{said}");
    assert!(
        !path.exists(),
        "a new record in its place would hide that the old one is gone"
    );
}

#[tokio::test(start_paused = true)]
async fn the_tail_is_the_last_lines_oldest_first() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    for n in 0..5 {
        log.event("n", json!(n)).await.unwrap();
    }
    let last: Vec<_> = tail(&path, 2)
        .unwrap()
        .iter()
        .map(|line| line["detail"].clone())
        .collect();
    assert_eq!(last, [json!(3), json!(4)]);
    assert!(tail(&path, 0).unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_is_refused_over_and_over_does_not_fill_the_record() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    for _ in 0..500 {
        log.refusal("ann", json!({"why": "policy"})).await.unwrap();
    }
    log.refusal("bob", json!({"why": "policy"})).await.unwrap();
    assert_eq!(
        text(&path).lines().count(),
        21,
        "the first of ann, and bob's"
    );
    clock().sleep(std::time::Duration::from_secs(61)).await;
    log.refusal("ann", json!({"why": "policy"})).await.unwrap();
    let last = text(&path).lines().last().unwrap().to_owned();
    assert!(last.contains(r#""left_out_before":480"#), "{last}");
    verify(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_record_is_looked_at_as_it_is_now() {
    let directory = TempDir::new().unwrap();
    let path = record(&directory);
    let log = opened(&path).await;
    log.check().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(log.check().await.is_err());
}
