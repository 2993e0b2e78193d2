//! What the server costs, measured on the release binary over standard input and output: `cargo bench --bench roster`.
//!
//! Everything is printed for one run on this machine, with the sandbox in this process as the upstream. Times differ from
//! machine to machine; requests do not. Nothing here fails a build.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot go on stops; it prints, and it measures real time"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use status_roster::sandbox::{self, Running, known};

const STARTS: usize = 15;
const CALLS: usize = 2_000;

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    _state: tempfile::TempDir,
}

impl Server {
    /// Starts the binary against a sandbox; the time is from the start to the first answer.
    fn start(sandbox: &Running, requests: u32) -> (Self, Duration) {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("config.toml");
        let settings = format!(
            "[statuspage]\norganization_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\nrequests_per_window = {requests}\nwindow_seconds = 1\n",
            sandbox.organization_id,
            sandbox.api_key,
            sandbox.statuspage_url()
        );
        std::fs::write(&file, settings).unwrap();
        let from = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_status-roster"))
            .args(["serve", "--config"])
            .arg(&file)
            .arg("--state-dir")
            .arg(state.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            input,
            output,
            next: 0,
            _state: state,
        };
        let client = json!({"name": "bench", "version": "1"});
        server.ask(
            "initialize",
            &json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}),
        );
        let taken = from.elapsed();
        server.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        (server, taken)
    }

    fn send(&mut self, message: &Value) {
        self.input
            .write_all(format!("{message}\n").as_bytes())
            .unwrap();
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        assert!(answer["result"]["isError"] != json!(true), "{answer}");
        answer["result"]["structuredContent"].clone()
    }

    fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let kb = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kb.map_or(f64::NAN, |kb| kb / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sandbox(runtime: &tokio::runtime::Runtime, viewers: usize) -> Running {
    let settings = sandbox::Settings {
        viewers,
        requests_per_window: 1_000_000,
        window: Duration::from_secs(1),
        ..sandbox::Settings::default()
    };
    runtime.block_on(sandbox::start(settings)).unwrap()
}

fn at(sorted: &[Duration], part: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a few thousand"
    )]
    let index = ((sorted.len() - 1) as f64 * part) as usize;
    sorted[index]
}

fn many(server: &mut Server, what: &str, arguments: &Value, tool: &str) {
    let from = Instant::now();
    let mut each: Vec<Duration> = (0..CALLS)
        .map(|_| {
            let from = Instant::now();
            server.call(tool, arguments);
            from.elapsed()
        })
        .collect();
    let all = from.elapsed();
    each.sort();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let rate = CALLS as f64 / all.as_secs_f64();
    println!(
        "{what:<44} {rate:>7.0} calls/s   p50 {:>6.0?}   p99 {:>6.0?}",
        at(&each, 0.5),
        at(&each, 0.99)
    );
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let small = sandbox(&runtime, 1_200);
    let mut starts: Vec<Duration> = (0..STARTS)
        .map(|_| Server::start(&small, 100_000).1)
        .collect();
    starts.sort();
    println!(
        "start to first answer, median of {STARTS:<12} {:>7.1?}   (slowest {:.1?})",
        at(&starts, 0.5),
        at(&starts, 1.0)
    );

    let (mut server, _) = Server::start(&small, 900);
    println!(
        "resident after the start                     {:>7.1} MB",
        server.resident_mb()
    );
    many(
        &mut server,
        "a list page from the snapshot",
        &json!({"limit": 50, "max_age_s": 3600}),
        "list_org_users",
    );
    println!(
        "resident after {CALLS} calls                    {:>7.1} MB",
        server.resident_mb()
    );
    drop(server);

    let (mut server, _) = Server::start(&small, 100_000);
    let one = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "max_age_s": 0});
    many(
        &mut server,
        "one person, one upstream request a call",
        &one,
        "list_page_access_users",
    );
    println!(
        "resident after {CALLS} calls                    {:>7.1} MB",
        server.resident_mb()
    );
    drop(server);

    println!(
        "requests to list every viewer (the minimum is one for 100, and a short page to know the end):"
    );
    for viewers in [100, 1_000, 10_000] {
        let sandbox = sandbox(&runtime, viewers);
        let (mut server, _) = Server::start(&sandbox, 100_000);
        let mut arguments = json!({"page_id": known::AUDIENCE_PAGE, "limit": 200});
        let mut listed = 0;
        loop {
            let piece = server.call("list_page_access_users", &arguments);
            listed += piece["records"].as_array().unwrap().len();
            match &piece["next_cursor"] {
                Value::String(cursor) => arguments["cursor"] = json!(cursor),
                _ => break,
            }
        }
        let requests = sandbox.requests().len();
        println!(
            "  {listed:>6} viewers: {requests} requests, the minimum is {}",
            listed / 100 + 1
        );
    }
}
