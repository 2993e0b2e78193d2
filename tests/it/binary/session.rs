//! A client that speaks with the built server line by line, and may say anything.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

pub(crate) struct Session {
    pub(crate) process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    next: u64,
}

impl Session {
    /// Starts `serve`, and introduces itself.
    pub(crate) async fn open(mut command: Command) -> Self {
        let mut process = command
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut session = Self {
            input: process.stdin.take(),
            process,
            output,
            next: 0,
        };
        let me = json!({"name": "test", "version": "1"});
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": me});
        let answer = session.ask("initialize", hello).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "status-roster");
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        session.line(ready.to_string().as_bytes()).await;
        session
    }

    /// Any bytes, and the end of a line.
    pub(crate) async fn line(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).await.unwrap();
        input.write_all(b"\n").await.unwrap();
        input.flush().await.unwrap();
    }

    /// The next line that the server says.
    pub(crate) async fn hear(&mut self) -> Value {
        let patience = std::time::Duration::from_secs(30);
        let line = tokio::time::timeout(patience, self.output.next_line()).await;
        assert!(line.is_ok(), "the server says nothing");
        let line = line.unwrap().unwrap();
        assert!(line.is_some(), "the server is gone");
        serde_json::from_str(&line.unwrap()).unwrap()
    }

    /// Asks without waiting.
    pub(crate) async fn send(&mut self, method: &str, params: Value) -> u64 {
        self.next += 1;
        let request =
            json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params});
        self.line(request.to_string().as_bytes()).await;
        self.next
    }

    /// Asks and takes the answer, which must be the next line.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        let answer = self.hear().await;
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let params = json!({"name": tool, "arguments": arguments});
        self.ask("tools/call", params).await["result"].take()
    }

    /// Says goodbye, and waits for the end.
    pub(crate) async fn close(mut self) -> std::process::ExitStatus {
        drop(self.input.take());
        self.process.wait().await.unwrap()
    }
}
