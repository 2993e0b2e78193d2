//! A client that writes lines and reads lines, and knows no library.

use serde_json::{Value, json};
use status_roster::mcp::Handler;
use status_roster::transport::stdio;
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};

pub(super) struct Wire {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    output: WriteHalf<DuplexStream>,
    last: u64,
}

impl Wire {
    /// Connects, and says nothing yet.
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    pub(super) fn silent(handler: Handler) -> Self {
        let (here, there) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(there);
        tokio::spawn(async move { stdio::serve_on(handler, input, output).await });
        let (input, output) = tokio::io::split(here);
        let lines = BufReader::new(input).lines();
        Self {
            lines,
            output,
            last: 0,
        }
    }

    /// Connects, in the oldest way that everybody speaks.
    pub(super) async fn open(handler: Handler) -> Self {
        let mut wire = Self::silent(handler);
        let hello = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "wire", "version": "1"},
        });
        let answer = wire.ask("initialize", hello).await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "status-roster");
        wire.notify("notifications/initialized", json!({})).await;
        wire
    }

    /// Writes a line as it is.
    pub(super) async fn line(&mut self, line: &str) {
        self.bytes(line.as_bytes()).await;
        self.bytes(b"\n").await;
    }

    /// Writes this and no more.
    pub(super) async fn bytes(&mut self, bytes: &[u8]) {
        self.output.write_all(bytes).await.unwrap();
    }

    /// Says that nothing more comes from here.
    pub(super) async fn close(&mut self) {
        self.output.shutdown().await.unwrap();
    }

    /// Whether the server has closed its side too.
    pub(super) async fn is_closed(&mut self) -> bool {
        self.lines.next_line().await.unwrap().is_none()
    }

    pub(super) async fn notify(&mut self, method: &str, params: Value) {
        let message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        self.line(&message.to_string()).await;
    }

    /// Sends a request and tells its id.
    pub(super) async fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let message =
            json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params});
        self.line(&message.to_string()).await;
        self.last
    }

    /// The next message, whatever it is.
    pub(super) async fn next(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Sends a request and takes the next message for its answer.
    pub(super) async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        let answer = self.next().await;
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    pub(super) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }
}
