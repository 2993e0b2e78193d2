//! A server that follows a script, in the test's own runtime: frozen time stands still while it works, which it does not for
//! a server in another thread.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use status_roster::clock::Clock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What happens to one request, after it was read whole.
#[derive(Debug, Clone)]
pub(super) enum Turn {
    /// Status, header lines, body.
    Answer(u16, Vec<&'static str>, String),
    /// The connection is reset.
    Reset,
    /// A success whose body ends too early.
    Truncated,
    /// Nothing, for ever.
    Silence,
    /// A success after this long.
    After(Duration),
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) at: Duration,
    /// Method and target.
    pub(super) line: String,
    pub(super) body: String,
}

/// Stops when dropped.
pub(super) struct Script {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    _serving: JoinSet<()>,
}

pub(super) fn ok(body: &str) -> Turn {
    Turn::Answer(200, vec![], body.to_owned())
}

pub(super) fn status(status: u16) -> Turn {
    Turn::Answer(status, vec![], String::new())
}

pub(super) fn with(status: u16, header: &'static str) -> Turn {
    Turn::Answer(status, vec![header], String::new())
}

impl Script {
    /// Serves `turns` in order; a request too many is answered 599, which no test expects.
    pub(super) async fn start(clock: Clock, turns: Vec<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut serving = JoinSet::new();
        let (log, mut turns) = (Arc::clone(&seen), VecDeque::from(turns));
        serving.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let Some((head, body)) = request(&mut stream).await else {
                    continue;
                };
                let line = head
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(" HTTP/1.1")
                    .to_owned();
                log.lock().unwrap().push(Seen {
                    at: clock.monotonic(),
                    line,
                    body,
                });
                let turn =
                    turns
                        .pop_front()
                        .unwrap_or(Turn::Answer(599, vec![], "unexpected".to_owned()));
                open.spawn(answer(stream, turn, clock));
            }
        });
        Self {
            url,
            seen,
            _serving: serving,
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Method and target of each request.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Whole seconds at which requests arrived.
    pub(super) fn seconds(&self) -> Vec<u64> {
        self.seen()
            .into_iter()
            .map(|seen| seen.at.as_secs())
            .collect()
    }
}

async fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut text = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let read = stream
            .read(&mut piece)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        text.extend_from_slice(piece.get(..read)?);
        let shown = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = shown.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.to_ascii_lowercase().lines().find_map(|line| {
            line.strip_prefix("content-length:")
                .and_then(|value| value.trim().parse::<usize>().ok())
        });
        if body.len() >= length.unwrap_or(0) {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}

async fn answer(mut stream: TcpStream, turn: Turn, clock: Clock) {
    let text = match turn {
        Turn::Answer(status, headers, body) => {
            let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
            let length = body.len();
            format!(
                "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
        }
        Turn::Reset => {
            stream.set_zero_linger().unwrap();
            return;
        }
        Turn::Truncated => {
            "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{\"id\":".to_owned()
        }
        Turn::Silence => {
            std::future::pending::<()>().await;
            return;
        }
        Turn::After(pause) => {
            clock.sleep(pause).await;
            "HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"id\":\"t1\"}"
                .to_owned()
        }
    };
    // The client may have given up; then there is nobody to tell.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}
