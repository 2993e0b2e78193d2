//! A hundred thousand lines, most of them damaged: each that wants an answer has one, and the server grows by nothing.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::sandbox;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use super::at;
use super::damage::{Dice, damaged, fine};

const FRAMES: u64 = 100_000;

/// More than the server has at its start, by far less than what came in.
const MOST_GROWTH_KB: u64 = 40_000;

/// Whether somebody waits for an answer: not of a notification, not of an answer, not of nothing.
fn wants_an_answer(line: &[u8]) -> bool {
    if line.trim_ascii().is_empty() {
        return false;
    }
    match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(message)) => {
            let id = message.contains_key("id");
            id || !message.get("method").is_some_and(Value::is_string)
        }
        _ => true,
    }
}

fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|it| it.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "ends with the test")]
async fn every_line_that_wants_an_answer_has_one_and_memory_is_bounded() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut server = at(&sandbox, folder.path())
        .args(["--log", "off", "serve"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let process = server.id().unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap()).lines();
    let me = json!({"name": "fuzz", "version": "1"});
    let hello = json!({"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params":
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": me}});
    input
        .write_all(format!("{hello}\n").as_bytes())
        .await
        .unwrap();
    output.next_line().await.unwrap().unwrap();
    let before = resident(process);

    let answered = Arc::new(AtomicU64::new(0));
    let counted = answered.clone();
    let reading = tokio::spawn(async move {
        let mut by_id: HashMap<u64, u64> = HashMap::new();
        while let Ok(Some(line)) = output.next_line().await {
            let answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == "last" {
                break;
            }
            counted.fetch_add(1, Relaxed);
            if let Some(id) = answer["id"].as_u64() {
                *by_id.entry(id).or_default() += 1;
            }
        }
        by_id
    });
    let mut dice = Dice(20_261_130);
    let (mut wanted, mut whole) = (0_u64, Vec::new());
    for id in 1_000_000..1_000_000 + FRAMES {
        let mut line = fine(id, &mut dice);
        if dice.roll(10) > 0 {
            line = damaged(line, &mut dice);
        } else {
            whole.push(id);
        }
        wanted += u64::from(wants_an_answer(&line));
        line.push(b'\n');
        input.write_all(&line).await.unwrap();
        // What came before is answered, so that nothing is refused for being too much.
        if id % 500 == 0 {
            input.flush().await.unwrap();
        }
    }
    // Answers to calls may overtake each other: the last one is asked for when the others are there.
    for _ in 0..1_200 {
        if answered.load(Relaxed) >= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let after = resident(process);
    let last = json!({"jsonrpc": "2.0", "id": "last", "method": "ping"});
    input
        .write_all(format!("{last}\n").as_bytes())
        .await
        .unwrap();
    let by_id = tokio::time::timeout(Duration::from_secs(60), reading)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answered.load(Relaxed), wanted, "answers");
    let missing: Vec<u64> = whole
        .into_iter()
        .filter(|id| !by_id.contains_key(id))
        .collect();
    assert!(
        missing.is_empty(),
        "{} without an answer, first {:?}",
        missing.len(),
        missing.first()
    );
    assert!(
        after < before + MOST_GROWTH_KB,
        "{before} kB before, {after} kB after"
    );
}
