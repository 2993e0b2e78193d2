//! Twenty mistakes of a newcomer: each message says what to type next.

use super::{program, run};

/// What is typed, how it ends, and what the message must name.
const MISTAKES: &[(&[&str], i32, &str)] = &[
    (&["fnid", "jane.doe@example.com"], 2, "find"),
    (&["find"], 2, "--help"),
    (&["find", "jane.doe@example.com"], 1, "--sandbox"),
    (
        &["--sandbox", "find", "jane doe@"],
        2,
        "status-roster find --help",
    ),
    (&["--sandbox", "call"], 2, "status-roster tools"),
    (
        &["--sandbox", "call", "find_preson"],
        2,
        "did you mean `find_person`?",
    ),
    (
        &["--sandbox", "call", "find_person", "jane.doe@example.com"],
        2,
        "email=jane@example.com",
    ),
    (
        &[
            "--sandbox",
            "call",
            "find_person",
            "mail=jane.doe@example.com",
        ],
        2,
        "did you mean `email`?",
    ),
    (
        &["--sandbox", "call", "list_org_users", "limit=many"],
        2,
        "list_org_users --help",
    ),
    (
        &["--sandbox", "call", "list_org_users", "name=a", "name=b"],
        2,
        "leave one out",
    ),
    (
        &["--sandbox", "call", "find_person", "--json", "{email"],
        2,
        "--json '{",
    ),
    (
        &["--sandbox", "call", "find_person", "--json", "missing.json"],
        2,
        "`-` for standard input",
    ),
    (
        &["--sandbox", "call", "list_page_access_users"],
        2,
        "page_id",
    ),
    (
        &["--sandbox", "offboard", "jane.doe@example.com"],
        1,
        "--allow-writes",
    ),
    (
        &[
            "--sandbox",
            "--allow-writes",
            "offboard",
            "--from",
            "missing.csv",
        ],
        2,
        "name a text file",
    ),
    (&["--sandbox", "export", "everybody"], 2, "viewers"),
    (
        &[
            "--sandbox",
            "export",
            "team",
            "--out",
            "/missing/roster.csv",
        ],
        2,
        "--out roster.csv",
    ),
    (&["--sandbox", "review", "tidiness"], 2, "hygiene"),
    (
        &[
            "--sandbox",
            "find",
            "jane.doe@example.com",
            "--output",
            "xml",
        ],
        2,
        "ndjson",
    ),
    (&["audit", "tail"], 1, "--state-dir"),
    (&["--sandbox", "tools", "find"], 2, "status-roster tools"),
    (&["approve", "abc"], 1, "status-roster plans"),
    (&["man", "fnid"], 2, "status-roster --help"),
    (&["completions", "csh"], 2, "bash"),
    (&["probe", "http://example.com/"], 1, "https://"),
];

#[tokio::test]
async fn each_message_says_what_to_type_next() {
    for (words, code, next) in MISTAKES {
        let folder = tempfile::tempdir().unwrap();
        let ran = run(program(folder.path()).args(*words)).await;
        let told = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(*code), "{words:?}: {told}");
        assert!(
            told.contains(next),
            "{words:?} does not say `{next}`: {told}"
        );
        assert_eq!(ran.out, "", "{words:?}: a mistake has no result");
    }
}

#[tokio::test]
async fn a_time_that_is_none_is_told_with_examples() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(program(folder.path()).args([
        "--sandbox",
        "--allow-writes",
        "add-viewer",
        "new@example.org",
        "--page",
        "customerpage",
    ]))
    .await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(program(folder.path()).args(["audit", "tail", "--since", "yesterday"])).await;
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--since 7d"), "{}", ran.err);
    let found = run(program(folder.path()).args([
        "audit",
        "tail",
        "--person",
        "new@example.org",
        "--since",
        "1h",
        "--output",
        "table",
    ]))
    .await;
    for part in ["TIME", "applied", "new@example.org", "status-roster"] {
        assert!(found.out.contains(part), "{part}: {}", found.out);
    }
    let lines =
        run(program(folder.path()).args(["audit", "tail", "--tool", "add_page_viewer"])).await;
    let file = std::fs::read_to_string(folder.path().join("state/audit.jsonl")).unwrap();
    assert_eq!(lines.out, file, "in a pipe the lines are as they are");
}
