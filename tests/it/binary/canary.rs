//! The key leaves the program in one header and nowhere else: not in what it prints at its most talkative, not in a file.

use std::path::Path;

use status_roster::sandbox::{self, Fault, Faults, known};

use super::{at, program, said};

const KEY: &str = "canary-7f3e9a1c5d8b4e60a2";

fn files_with_the_key(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with_the_key(&path, found);
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(KEY) {
            found.push(path.display().to_string());
        }
    }
}

#[tokio::test]
async fn a_key_is_in_no_output_and_no_file_whatever_goes_wrong() {
    let settings = sandbox::Settings {
        api_key: KEY.to_owned(),
        requests_per_window: 1_000,
        ..sandbox::Settings::default()
    };
    let sandbox = sandbox::start(settings).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let viewer = format!("page_id={}", known::AUDIENCE_PAGE);
    let new = ["email=canary@example.org", viewer.as_str()];
    let calls: [&[&str]; 6] = [
        &["check"],
        &["call", "list_org_users"],
        &["call", "list_page_access_users", &viewer],
        &["call", "add_page_viewer", new[0], new[1]],
        &[
            "call",
            "remove_user",
            "system=statuspage_page",
            new[0],
            new[1],
        ],
        &["call", "server_status"],
    ];
    let faults = [
        None,
        Some(Fault::Status500),
        Some(Fault::HtmlErrorPage),
        Some(Fault::TruncatedBody),
        Some(Fault::Unauthenticated),
        Some(Fault::LostAnswer),
    ];
    let mut talk = 0;
    for (fault, call) in faults
        .iter()
        .zip(calls.iter().cycle())
        .chain(std::iter::repeat(&None).zip(calls.iter()).take(6))
    {
        let on = fault.map_or_else(Faults::default, |fault| Faults::next(fault, "GET", "/v1"));
        sandbox.faults(on);
        let output = at(&sandbox, folder.path())
            .args(["--allow-writes", "--log", "trace"])
            .args(*call)
            .output()
            .await
            .unwrap();
        let said = said(&output);
        talk += said.len();
        assert!(!said.contains(KEY), "{call:?} with {fault:?}");
    }
    assert!(talk > 10_000, "it talked: {talk} bytes");
    assert!(!sandbox.requests().is_empty(), "the key was used");
    let mut found = Vec::new();
    files_with_the_key(folder.path(), &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_address_are_told_without_the_key() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wrong_key = at(&sandbox, folder.path())
        .env("STATUSPAGE_API_KEY", KEY)
        .args(["--log", "trace", "check"])
        .output()
        .await
        .unwrap();
    assert!(!wrong_key.status.success());
    assert!(
        said(&wrong_key).contains("does not accept the key"),
        "{}",
        said(&wrong_key)
    );
    let nobody_there = at(&sandbox, folder.path())
        .env("STATUSPAGE_API_KEY", KEY)
        .env("STATUSPAGE_BASE_URL", "http://127.0.0.1:9/v1")
        .args(["--log", "trace", "check"])
        .output()
        .await
        .unwrap();
    let plain = program(folder.path())
        .env("STATUSPAGE_API_KEY", KEY)
        .env("STATUSPAGE_ORGANIZATION_ID", "abc")
        .env("STATUSPAGE_BASE_URL", "http://statuspage.example.com/v1")
        .arg("check")
        .output()
        .await
        .unwrap();
    for output in [wrong_key, nobody_there, plain] {
        assert!(!output.status.success());
        assert!(!said(&output).contains(KEY), "{}", said(&output));
    }
}
