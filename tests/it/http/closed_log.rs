//! A server whose log nobody reads any more goes on answering.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

#[tokio::test]
async fn a_closed_log_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_status-roster"))
        .args(["--sandbox", "--log", "debug", "--state-dir", "state"])
        .args(["serve", "--http", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env_clear()
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let line = log.find(|line| line.as_ref().is_ok_and(|it| it.contains("address=")));
    let line = line.unwrap().unwrap();
    let address = line.split("address=").nth(1).unwrap();
    let address = address.split(' ').next().unwrap().to_owned();
    drop(log);
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "list_pages", "arguments": {},
        "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}},
    }});
    let answer = super::office::client()
        .post(format!("http://{address}/mcp"))
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "list_pages")
        .body(call.to_string())
        .send()
        .await;
    server.kill().unwrap();
    server.wait().unwrap();
    let answer: Value = serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(answer["result"]["isError"], false, "{answer}");
}
