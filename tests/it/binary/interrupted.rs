//! The server is killed or stopped in the middle of a change: the record says what is known, and the next start tells it.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::{self, Fault, Faults, Running, known};

use super::at;
use super::session::Session;

fn adding() -> Value {
    let arguments = json!({"page_id": known::AUDIENCE_PAGE, "email": "late@example.org"});
    json!({"name": "add_page_viewer", "arguments": arguments})
}

async fn serve(sandbox: &Running, folder: &Path) -> Session {
    let mut command = at(sandbox, folder);
    command.arg("--allow-writes");
    Session::open(command).await
}

/// Until the sandbox has received the POST, which it takes its time to answer.
async fn until_it_is_sent(sandbox: &Running) {
    let sent = || {
        sandbox
            .requests()
            .iter()
            .any(|request| request.method == "POST")
    };
    for _ in 0..4_000 {
        if sent() {
            break;
        }
        Clock::system().sleep(Duration::from_millis(5)).await;
    }
    assert!(sent(), "nothing was sent");
}

fn record(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("state/audit.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn slow(ms: u64) -> Faults {
    Faults {
        slow_ms: ms,
        ..Faults::next(Fault::Slow, "POST", "page_access_users")
    }
}

#[tokio::test]
async fn after_a_kill_the_next_start_names_the_change_without_an_outcome() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    sandbox.faults(slow(10_000));
    let mut server = serve(&sandbox, folder.path()).await;
    server.send("tools/call", adding()).await;
    until_it_is_sent(&sandbox).await;
    server.process.kill().await.unwrap();

    let mut again = serve(&sandbox, folder.path()).await;
    let status = again.call("server_status", json!({})).await;
    let notices = status["structuredContent"]["notices"].to_string();
    assert!(
        notices.contains("late@example.org") && notices.contains("outcome is not on record"),
        "{status:#}"
    );
    assert!(again.close().await.success());
    let verified = at(&sandbox, folder.path())
        .args(["audit", "verify"])
        .output()
        .await
        .unwrap();
    let said = super::said(&verified);
    assert!(
        verified.status.success() && said.contains("unfinished: add"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_finishes_its_change_first() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    sandbox.faults(slow(1_000));
    let mut server = serve(&sandbox, folder.path()).await;
    server.send("tools/call", adding()).await;
    until_it_is_sent(&sandbox).await;
    let id = i32::try_from(server.process.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    let ended = server.process.wait().await.unwrap();
    assert!(ended.success(), "{ended}");
    let record = record(folder.path());
    let kinds: Vec<_> = record.iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["intent", "outcome"], "{record:#?}");
    assert_eq!(record[1]["status"], "applied");
    assert_eq!(sandbox.report().writes["viewer_created"], 1);
}

#[tokio::test]
async fn a_client_that_leaves_does_not_cut_a_change_short() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    sandbox.faults(slow(1_000));
    let mut server = serve(&sandbox, folder.path()).await;
    server.send("tools/call", adding()).await;
    until_it_is_sent(&sandbox).await;
    assert!(server.close().await.success());
    let record = record(folder.path());
    assert_eq!(record.last().unwrap()["status"], "applied", "{record:#?}");
}
