//! A stop lets what runs finish and refuses what comes.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::{Fault, Faults, known};

use super::office::Office;

async fn until(mut so: impl FnMut() -> bool) {
    for _ in 0..400 {
        if so() {
            return;
        }
        Clock::system().sleep(Duration::from_millis(25)).await;
    }
    assert!(so(), "not within 10 s");
}

#[tokio::test]
async fn a_change_that_runs_is_finished_and_told_and_new_ones_are_refused() {
    let mut office = Office::open().await;
    let faults = Faults {
        slow_ms: 1_500,
        ..Faults::next(Fault::Slow, "POST", "/page_access_users")
    };
    office.world.sandbox.faults(faults);
    let add = json!({"page_id": known::AUDIENCE_PAGE, "email": "new@northwind.example"});
    let session = office.session(None).await;
    let id = session.header("mcp-session-id").to_owned();
    let stop = office.stop.clone();
    let (added, refused) = tokio::join!(office.call(None, "add_page_viewer", add), async {
        until(|| {
            office
                .world
                .audit()
                .iter()
                .any(|line| line["kind"] == "intent")
        })
        .await;
        stop.cancel();
        until(|| stop.is_cancelled()).await;
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
        let mut reply = office.in_session(None, &id, &list).await;
        while reply.status == 200 {
            reply = office.in_session(None, &id, &list).await;
        }
        reply
    });
    assert_eq!(added["structuredContent"]["status"], "applied", "{added}");
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, "5"),
        "{refused:?}"
    );
    tokio::time::timeout(Duration::from_secs(10), &mut office.running)
        .await
        .unwrap()
        .unwrap();
    assert!(
        office
            .world
            .audit()
            .iter()
            .any(|line| line["kind"] == "outcome")
    );
}

#[tokio::test]
async fn streams_that_are_open_do_not_hold_a_stop_up() {
    let mut office = Office::open().await;
    let session = office.session(None).await;
    let id = session.header("mcp-session-id").to_owned();
    let client = super::office::client();
    let stream = client
        .get(format!("{}/mcp", office.url))
        .header("accept", "text/event-stream")
        .header("mcp-session-id", id)
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), 200);
    office.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), &mut office.running)
        .await
        .unwrap()
        .unwrap();
    stream.text().await.unwrap();
}

#[tokio::test]
async fn sigterm_in_the_middle_of_a_change_ends_with_0_and_a_whole_record() {
    let office = Office::open().await;
    let faults = Faults {
        slow_ms: 1_500,
        ..Faults::next(Fault::Slow, "POST", "/page_access_users")
    };
    office.world.sandbox.faults(faults);
    let folder = tempfile::tempdir().unwrap();
    let mut config =
        std::fs::read_to_string(office.world.state.path().join("config.toml")).unwrap();
    config.push_str("[log]\nfilter = \"info\"\n");
    std::fs::write(folder.path().join("c.toml"), config).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_status-roster"))
        .args([
            "--config",
            "c.toml",
            "--state-dir",
            "state",
            "serve",
            "--http",
            "127.0.0.1:0",
        ])
        .current_dir(folder.path())
        .env_clear()
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let line = log
        .find(|line| line.as_ref().is_ok_and(|it| it.contains("address=")))
        .unwrap()
        .unwrap();
    let address = line
        .split("address=")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    let add = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "add_page_viewer",
        "arguments": {"page_id": known::AUDIENCE_PAGE, "email": "new@northwind.example"},
        "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}},
    }});
    let asked = super::office::client()
        .post(format!("http://{address}/mcp"))
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "add_page_viewer")
        .body(add.to_string())
        .send();
    let audit = folder.path().join("state/audit.jsonl");
    let (answer, ()) = tokio::join!(asked, async {
        until(|| std::fs::read_to_string(&audit).is_ok_and(|it| it.contains("\"intent\""))).await;
        let pid = rustix::process::Pid::from_raw(i32::try_from(server.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    });
    let answer: Value = serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(
        answer["result"]["structuredContent"]["status"], "applied",
        "{answer}"
    );
    let ended = tokio::task::spawn_blocking(move || server.wait().unwrap())
        .await
        .unwrap();
    assert_eq!(ended.code(), Some(0));
    let record = status_roster::audit::verify(&audit).unwrap();
    assert!(record.unfinished.is_empty());
}
