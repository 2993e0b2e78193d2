//! `--sandbox` keeps its world and its keys in the state directory: a change is completed by the next command.

use std::path::Path;

use serde_json::Value;
use status_roster::sandbox::known;

use super::{Ran, program, run};

async fn on_sandbox(folder: &Path, words: &[&str]) -> Ran {
    run(program(folder).arg("--sandbox").args(words)).await
}

async fn accounts(folder: &Path) -> u64 {
    let found = on_sandbox(folder, &["find", known::LEAVER]).await;
    let found: Value = serde_json::from_str(&found.out).unwrap();
    found["matched"].as_u64().unwrap()
}

#[tokio::test]
async fn a_confirmation_is_completed_by_the_next_command_and_reset_takes_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let before = accounts(folder).await;
    let offboard = ["--allow-writes", "offboard", known::LEAVER];
    let plan = on_sandbox(folder, &offboard).await;
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    let token = plan["confirmation_token"].as_str().unwrap();
    let carried_out = [offboard.as_slice(), &["--token", token]].concat();
    let done = on_sandbox(folder, &carried_out).await;
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    assert_eq!(
        accounts(folder).await,
        1,
        "a record that is switched off stays"
    );
    let reset = on_sandbox(folder, &["sandbox", "reset"]).await;
    assert_eq!(reset.code, Some(0), "{}", reset.err);
    assert_eq!(accounts(folder).await, before);
}

#[tokio::test]
async fn two_processes_at_once_share_one_world() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.args(["--sandbox", "--allow-writes"]);
    let mut server = super::session::Session::open(command).await;
    let page = known::AUDIENCE_PAGE;
    let added = on_sandbox(
        folder.path(),
        &[
            "--allow-writes",
            "add-viewer",
            "new@example.org",
            "--page",
            page,
        ],
    )
    .await;
    assert_eq!(added.code, Some(0), "{}", added.err);
    let seen = server
        .call(
            "list_page_access_users",
            serde_json::json!({"page_id": page, "email": "new@example.org"}),
        )
        .await;
    assert_eq!(seen["structuredContent"]["matched"], 1, "{seen:#}");
    assert!(server.close().await.success());
}
