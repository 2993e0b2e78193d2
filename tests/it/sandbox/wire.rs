//! A client of a few lines: one connection a request, and exactly the bytes that came back.

use std::net::SocketAddr;

use serde_json::Value;
use status_roster::sandbox::{Running, Settings, start};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        self.json().as_array().unwrap().clone()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}

/// A sandbox whose window no test meets by accident.
pub(crate) async fn roomy() -> Running {
    start(Settings {
        requests_per_window: 10_000,
        ..Settings::default()
    })
    .await
    .unwrap()
}

/// Sends bytes; returns every byte that came before the end, and whether the end was an error.
pub(crate) async fn raw(to: SocketAddr, request: &[u8]) -> (Vec<u8>, bool) {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes).await;
    (bytes, ended.is_err())
}

/// A request with chosen headers.
pub(crate) async fn send(
    to: &Running,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let (bytes, _) = raw(to.address(), request.as_bytes()).await;
    let answer = String::from_utf8(bytes).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply {
        status,
        head: head.to_owned(),
        text: text.to_owned(),
    }
}

/// A Statuspage request with the right key; a body is JSON.
pub(crate) async fn ask(to: &Running, method: &str, target: &str, body: Option<Value>) -> Reply {
    let auth = format!("OAuth {}", to.api_key);
    let headers = [
        ("authorization", auth.as_str()),
        ("content-type", "application/json"),
    ];
    send(
        to,
        method,
        target,
        &headers,
        &body.map_or_else(String::new, |body| body.to_string()),
    )
    .await
}

/// Every row of a list that counts its pages from 1.
pub(crate) async fn walk(of: &Running, target: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for page in 1.. {
        let next = ask(
            of,
            "GET",
            &format!("{target}?page={page}&per_page=100"),
            None,
        )
        .await
        .rows();
        let last = next.len() < 100;
        rows.extend(next);
        if last {
            break;
        }
    }
    rows
}
