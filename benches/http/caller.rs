//! A client that costs next to nothing: one connection, bytes that were made once, and a look for what the answer must hold.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::Server;

/// A call, and what its answer holds when it is the right one.
pub(crate) struct Question {
    tool: &'static str,
    body: String,
    holds: &'static str,
}

impl Question {
    pub(crate) fn new(tool: &'static str, arguments: &Value, holds: &'static str) -> Self {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        });
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments, "_meta": meta}});
        Self {
            tool,
            body: call.to_string(),
            holds,
        }
    }

    fn bytes(&self, server: &Server) -> Vec<u8> {
        let Self { tool, body, .. } = self;
        let token = server.token.as_deref();
        let token = token.map_or(String::new(), |it| {
            format!("authorization: Bearer {it}\r\n")
        });
        format!(
            "POST /mcp HTTP/1.1\r\nhost: {}\r\n{token}accept: application/json, text/event-stream\r\ncontent-type: application/json\r\nmcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: {tool}\r\ncontent-length: {}\r\n\r\n{body}",
            server.address,
            body.len()
        )
        .into_bytes()
    }
}

/// One connection.
pub(crate) struct Caller {
    stream: TcpStream,
    request: Vec<u8>,
    holds: &'static str,
    read: Vec<u8>,
}

impl Caller {
    pub(crate) async fn of(server: &Server, question: &Question) -> Self {
        Self::connect(&server.address, question.bytes(server), question.holds).await
    }

    pub(crate) async fn connect(address: &str, request: Vec<u8>, holds: &'static str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            request,
            holds,
            read: Vec::with_capacity(128 * 1024),
        }
    }

    /// Asks once; the length of the answer.
    pub(crate) async fn ask(&mut self) -> usize {
        self.stream.write_all(&self.request).await.unwrap();
        self.read.clear();
        let mut end = None;
        while end.is_none_or(|end| self.read.len() < end) {
            let more = self.stream.read_buf(&mut self.read).await.unwrap();
            assert!(more > 0, "closed: {}", String::from_utf8_lossy(&self.read));
            if end.is_none() {
                end = self.end();
            }
        }
        // Both servers say at the very end whether it is an error; a direct answer holds no such word.
        let end = &self.read[self.read.len().saturating_sub(64)..];
        let right = self.read.starts_with(b"HTTP/1.1 200")
            && holds(&self.read, self.holds)
            && !holds(end, "\"isError\":true");
        assert!(right, "{}", String::from_utf8_lossy(&self.read));
        self.read.len()
    }

    /// Where the answer ends, as soon as that can be told. Looks at the head alone, so that a long answer in many pieces costs the
    /// callers no more than one in a single piece.
    fn end(&self) -> Option<usize> {
        const BLANK: &[u8] = b"\r\n\r\n";
        let head = self.read.windows(BLANK.len()).position(|it| it == BLANK)?;
        let body = head + BLANK.len();
        let head = std::str::from_utf8(&self.read[..head]).unwrap();
        for line in head.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            if name.eq_ignore_ascii_case("content-length") {
                return Some(body + value.trim().parse::<usize>().unwrap());
            }
        }
        // In chunks: the last of them is empty.
        let over = self.read.ends_with(b"\r\n0\r\n\r\n");
        over.then_some(self.read.len())
    }
}

/// Whether the text is somewhere in these bytes: soon, in every answer that is asked for here.
fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|piece| piece == text.as_bytes())
}
