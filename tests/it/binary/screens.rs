//! What a person and a pipe are shown: each command on a terminal of 80 and of 120 columns, and without one.

use std::path::Path;

use serde_json::Value;

use super::pty::drawn;
use super::run;
use crate::readme::screens::steady;

/// A name, and what is typed after `--sandbox`.
const COMMANDS: &[(&str, &[&str])] = &[
    ("find", &["find", "lena.leaver@example.com"]),
    ("find_nobody", &["find", "nobody@example.com"]),
    ("export", &["export", "viewers", "--page", "publicstatus"]),
    ("export_team", &["export", "statusapp"]),
    ("review", &["review", "atlassian-migration"]),
    (
        "offboard",
        &["--allow-writes", "offboard", "lena.leaver@example.com"],
    ),
    (
        "add_viewer",
        &[
            "--allow-writes",
            "add-viewer",
            "new@example.org",
            "--page",
            "customerpage",
        ],
    ),
    ("permissions", &["permissions", "jane.doe@example.com"]),
    (
        "permissions_grant",
        &[
            "--allow-writes",
            "permissions",
            "jane.doe@example.com",
            "--grant",
            "publicstatus=incident_manager",
        ],
    ),
    (
        "sync",
        &[
            "--allow-writes",
            "sync",
            "missing.csv",
            "--page",
            "customerpage",
        ],
    ),
    ("list", &["call", "list_org_users", "name=jane"]),
    ("call_help", &["call", "list_subscribers", "--help"]),
    ("tools_one", &["tools", "find_person"]),
    ("refused", &["offboard", "lena.leaver@example.com"]),
    ("check", &["check"]),
    ("plans", &["plans"]),
    ("tokens", &["token", "list"]),
    ("reset", &["sandbox", "reset"]),
];

#[tokio::test]
async fn every_command_fits_the_terminal_and_says_the_same_in_a_pipe() {
    for (name, words) in COMMANDS {
        let mut shown = String::new();
        for columns in [80, 120] {
            let folder = tempfile::tempdir().unwrap();
            let drawn = drawn(folder.path(), columns, words, None);
            for line in &drawn.lines {
                let wide = line.chars().count() > usize::from(columns);
                // A command to copy stays in one piece, and so does a path.
                let whole = line.starts_with("  status-roster") || line.contains('/');
                assert!(!wide || whole, "{name} at {columns}: {line}");
            }
            let text = beginning(&drawn.lines);
            let text = same_every_day(folder.path(), &text);
            shown.push_str(&format!(
                "{columns} columns, ends with {}:\n{text}\n",
                drawn.code.unwrap()
            ));
        }
        let folder = tempfile::tempdir().unwrap();
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_status-roster"));
        program.env_clear().env("HOME", folder.path());
        program.env("TZ", "UTC").arg("--sandbox").args(*words);
        let ran = run(&mut program).await;
        let out = match serde_json::from_str(&ran.out) {
            Ok(result) => outline(&result),
            Err(_) => ran.out,
        };
        let text = format!("{out}{}", ran.err);
        let text = same_every_day(folder.path(), &text);
        shown.push_str(&format!("a pipe, ends with {}:\n{text}", ran.code.unwrap()));
        insta::assert_snapshot!(*name, shown);
    }
}

/// As much as shows how it is laid out.
fn beginning(lines: &[String]) -> String {
    const MOST: usize = 60;
    let more = lines.len().saturating_sub(MOST);
    let text = lines
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    if more == 0 {
        text
    } else {
        format!("{text}\nand {more} more lines")
    }
}

/// Without what belongs to a moment, a place or a chance.
fn same_every_day(folder: &Path, text: &str) -> String {
    let text = text.replace(&*folder.to_string_lossy(), "/home/you");
    let token = text.split_once("--token ").map(|(_, after)| after);
    let token = token.and_then(|after| after.split_whitespace().next());
    let text = steady(&text, token.unwrap_or_default());
    // The same count where the line ends in it.
    let mut parts = text.split(" of 60\nrequests");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |before, part| {
        let words = before.trim_end_matches(|c: char| c.is_ascii_digit());
        format!("{words}17 of 60\nrequests{part}")
    })
}

/// A result's fields by name, with how many items a list has: the rows are the table's.
fn outline(result: &Value) -> String {
    let Some(fields) = result.as_object() else {
        return format!("{} items\n", result.as_array().unwrap().len());
    };
    let fields = fields.iter();
    let lines = fields.map(|(key, value)| match value {
        Value::Array(items) => format!("{key}: {} items\n", items.len()),
        Value::Object(_) => format!("{key}: an object\n"),
        _ if ["as_of", "expires_at", "confirmation_token", "plan_id"].contains(&key.as_str()) => {
            format!("{key}: …\n")
        }
        value => format!("{key}: {value}\n"),
    });
    lines.collect()
}
