//! The worst arguments, against the program itself: they are carried beside the thread that carries requests.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::AUDIENCE_PAGE;

use super::program::Program;

pub(super) fn call(tool: &str, arguments: &Value) -> Vec<u8> {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool, "arguments": arguments,
        "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}},
    }})
    .to_string();
    let length = body.len();
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMcp-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\nContent-Length: {length}\r\n\r\n"
    );
    (head + &body).into_bytes()
}

/// The longest that the parts of a body of 4 MiB can make anybody compute.
fn worst() -> Vec<Vec<u8>> {
    let people: Vec<String> = (0..50_000)
        .map(|at| format!("someone.with.a.name.{at}@customers.example"))
        .collect();
    let hygiene = |identities: Value| json!({"profile": "hygiene", "identities": identities});
    let rows: String = (0..60_000)
        .map(|at| format!("person-{at}@customers.example\n"))
        .collect();
    let sync = json!({"page_id": AUDIENCE_PAGE, "desired": format!("email\n{rows}")});
    vec![
        call("review_access", &hygiene(json!(people))),
        call("review_access", &hygiene(json!(vec![json!([]); 900_000]))),
        call(
            "review_access",
            &hygiene(json!("\u{200b}".repeat(1_000_000))),
        ),
        call("sync_page_viewers", &sync),
        call("list_pages", &json!({"note": vec![json!([]); 900_000]})),
    ]
}

#[test]
fn the_worst_arguments_hold_up_nobody() {
    let program = Program::start();
    let requests = worst();
    let address = program.address.clone();
    let attack = std::thread::spawn(move || {
        let answers = requests.iter().map(|it| Program::ask(&address, it));
        answers.collect::<Vec<String>>()
    });
    let probe = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let clock = Clock::system();
    let mut times = Vec::new();
    while !attack.is_finished() {
        let began = clock.monotonic();
        let answer = Program::ask(&program.address, probe);
        times.push(clock.monotonic().saturating_sub(began));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        std::thread::sleep(Duration::from_millis(5));
    }
    for answer in attack.join().unwrap() {
        // Read, and refused or not; or too long for what it asks for.
        let heard = ["HTTP/1.1 200", "HTTP/1.1 413"];
        let as_expected = heard.iter().any(|it| answer.starts_with(it));
        assert!(as_expected, "{answer:.300}");
    }
    times.sort();
    let slowest = *times.last().unwrap();
    // In a build without optimisation these calls compute for seconds, on a machine that may be busy with other tests.
    assert!(times.len() > 20, "{}", times.len());
    assert!(
        slowest < Duration::from_millis(500),
        "{slowest:?} of {}",
        times.len()
    );
}
