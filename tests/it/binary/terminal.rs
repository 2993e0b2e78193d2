//! Nothing that moves, hides or reorders text reaches a terminal, wherever it came from.

use status_roster::roster::text::is_hidden;

use super::program;

const HOSTILE: &str = "\u{1b}[2Jx\u{9b}31m\u{202e}y\u{7f}\u{2066}";

#[tokio::test]
async fn hostile_characters_of_arguments_and_answers_are_written_out() {
    let folder = tempfile::tempdir().unwrap();
    let calls: [&[&str]; 3] = [
        &["--sandbox", "call", HOSTILE],
        &["--sandbox", "call", "find_person", HOSTILE],
        &[
            "--sandbox",
            "call",
            "list_org_users",
            &format!("email={HOSTILE}@example.com"),
        ],
    ];
    for arguments in calls {
        let output = program(folder.path())
            .args(arguments)
            .output()
            .await
            .unwrap();
        for printed in [&output.stdout, &output.stderr] {
            let printed = String::from_utf8_lossy(printed);
            let bad = printed.chars().find(|c| is_hidden(*c) && *c != '\n');
            assert_eq!(bad, None, "{arguments:?}: {printed:?}");
        }
    }
}

#[tokio::test]
async fn a_record_that_holds_them_is_shown_without() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let path = state.join("audit.jsonl");
    let opened =
        status_roster::audit::Log::open(&path, status_roster::clock::Clock::system(), vec![])
            .await
            .unwrap();
    let detail = serde_json::json!({"words": HOSTILE});
    opened.log.event("note", detail.clone()).await.unwrap();
    let output = program(folder.path())
        .args(["audit", "tail"])
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    assert!(
        !printed.chars().any(|c| is_hidden(c) && c != '\n'),
        "{printed:?}"
    );
    let line: serde_json::Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!(line["detail"], detail, "the value is the same");
}
