//! `mcp.json`, the first thing that a reader copies: it starts the server on the sandbox, read-only, and harms nothing.

use rmcp::ServiceExt as _;
use rmcp::transport::TokioChildProcess;
use serde_json::Value;

/// The arguments that reach the server itself: what stands after cargo's `--`.
fn arguments() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/mcp.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let servers = file["mcpServers"].as_object().unwrap();
    assert_eq!(
        servers.len(),
        1,
        "one server, so that a copy is not a choice"
    );
    let server = &servers["status-roster"];
    assert_eq!(
        server["command"], "cargo",
        "it works in a fresh clone, with nothing installed"
    );
    let args = server["args"].as_array().unwrap();
    let args: Vec<String> = args
        .iter()
        .map(|arg| arg.as_str().unwrap().to_owned())
        .collect();
    let end = args.iter().position(|arg| arg == "--").unwrap();
    args[end + 1..].to_vec()
}

#[tokio::test]
async fn mcp_json_starts_a_server_that_only_looks_and_needs_no_key() {
    let home = tempfile::tempdir().unwrap();
    let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_status-roster"));
    process
        .args(arguments())
        .env_clear()
        .env("HOME", home.path())
        .kill_on_drop(true);
    let (transport, _) = TokioChildProcess::builder(process)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let client = ().serve(transport).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    assert!(!tools.is_empty());
    for tool in &tools {
        let hints = tool.annotations.as_ref().unwrap();
        assert_eq!(
            hints.read_only_hint,
            Some(true),
            "`{}` is offered",
            tool.name
        );
    }
    client.cancel().await.unwrap();
}
