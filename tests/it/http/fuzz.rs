//! Thousands of damaged requests: each is answered or its connection closed, and the server grows by nothing.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

use super::program::Program;
use crate::binary::damage::{Dice, damaged, fine};

/// Requests for each of the clients that send at once.
const EACH: u64 = 1_500;
const CLIENTS: u64 = 4;

/// More than the server has at its start, by less than what came in.
const MOST_GROWTH_KB: u64 = 40_000;

const HEAD: &str = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";

/// Sends it and takes what comes back; nothing where the server did not end within its time. Where the length may be wrong, it says
/// that nothing more comes, which the server takes for a client that is gone.
fn sent(address: &str, request: &[u8], whole: bool) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let _ = stream.write_all(request);
    if !whole {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => Some(answer),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Some(answer),
        Err(_) => None,
    }
}

/// A message with its headers, damaged in its body, in its head, or not at all. Whether an answer is certain: its head is whole.
fn request(id: u64, dice: &mut Dice) -> (Vec<u8>, bool) {
    let mut body = fine(id, dice);
    let kind = dice.roll(10);
    if kind < 6 {
        body = damaged(body, dice);
    }
    let mut head = HEAD.as_bytes().to_vec();
    if dice.roll(3) == 0 {
        head.extend(b"MCP-Protocol-Version: 2026-07-28\r\n");
    }
    if dice.roll(3) == 0 {
        head.extend(b"Mcp-Session-Id: no-such-session\r\n");
    }
    head.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    if kind < 8 {
        return ([head, body].concat(), true);
    }
    (damaged([head, body].concat(), dice), false)
}

/// How many of its requests were answered.
fn one_client(address: &str, client: u64) -> usize {
    let mut dice = Dice(20_261_130 + client);
    let mut answered = 0;
    for id in 0..EACH {
        let (request, certain) = request(id, &mut dice);
        let shown = || String::from_utf8_lossy(&request).into_owned();
        let answer = sent(address, &request, certain);
        assert!(answer.is_some(), "no end: {}", shown());
        let answer = answer.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        if answer.is_empty() && !certain {
            continue;
        }
        let status = answer.strip_prefix("HTTP/1.1 ").and_then(|it| it.get(..3));
        let status: Option<u16> = status.and_then(|it| it.parse().ok());
        assert!(status.is_some(), "no answer: {} {answer}", shown());
        let status = status.unwrap();
        assert!(status < 500, "{status}: {} {answer}", shown());
        answered += 1;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        if certain && answer.contains("content-type: application/json") {
            let message: Value = serde_json::from_str(body).unwrap_or_default();
            assert_eq!(message["jsonrpc"], "2.0", "{answer}");
        }
    }
    answered
}

#[test]
fn every_request_is_answered_or_ended_and_memory_is_bounded() {
    let program = Program::start();
    one_client(&program.address, 999);
    let before = program.status("VmRSS");
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let address = program.address.clone();
            std::thread::spawn(move || one_client(&address, client))
        })
        .collect();
    let answered: usize = clients.into_iter().map(|it| it.join().unwrap()).sum();
    assert!(answered > 4_000, "{answered} were answered");
    let after = program.status("VmRSS");
    assert!(
        after < before + MOST_GROWTH_KB,
        "{before} kB before, {after} kB after"
    );
}
