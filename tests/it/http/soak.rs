//! Ordinary calls for as long as wanted: memory, threads and descriptors stay bounded.
//!
//! `SOAK_SECONDS=600` makes each of the two last ten minutes; else it is ten seconds, or
//! as many calls as a slow machine makes in them: a fast one would be held to another measure.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, PUBLIC_PAGE};
use status_roster::sandbox::{self, Running};

use super::hostile::call;
use super::program::Program;

/// Clients that call at once, each as fast as it is answered.
const CLIENTS: usize = 2;

/// Threads of the server: the runtime's and those that wait for the disk.
const MOST_THREADS: u64 = 40;

/// Descriptors that are left open when nobody calls: the listener, the record, the logs, and connections to the sandbox.
const MOST_DESCRIPTORS: usize = 80;

#[expect(
    clippy::disallowed_methods,
    reason = "how long, for whoever runs it by hand"
)]
fn lasts() -> Duration {
    let seconds = std::env::var("SOAK_SECONDS").ok();
    Duration::from_secs(seconds.map_or(10, |text| text.parse().unwrap()))
}

/// Calls after which it ends, where nobody said how long it lasts.
const CALLS: usize = 300;

struct Soak {
    program: Program,
    sandbox: Running,
    _runtime: tokio::runtime::Runtime,
    _config: tempfile::TempDir,
    calls: AtomicUsize,
}

impl Soak {
    fn of(viewers: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let settings = sandbox::Settings {
            viewers,
            requests_per_window: 100_000,
            window: Duration::from_secs(1),
            ..sandbox::Settings::default()
        };
        let sandbox = runtime.block_on(sandbox::start(settings)).unwrap();
        let config = tempfile::tempdir().unwrap();
        let file = config.path().join("roster.toml");
        let text = "[statuspage]\nrequests_per_window = 100000\nwindow_seconds = 1\n\n[http]\nrequests_per_minute = 1000000\n";
        std::fs::write(&file, text).unwrap();
        let program = Program::start_at(&sandbox, &["--config", file.to_str().unwrap()]);
        Self {
            program,
            sandbox,
            _runtime: runtime,
            _config: config,
            calls: AtomicUsize::new(0),
        }
    }

    fn ask(&self, tool: &str, arguments: &Value) -> Value {
        self.calls.fetch_add(1, Relaxed);
        let answer = Program::ask(&self.program.address, &call(tool, arguments));
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let data = body.lines().filter_map(|it| it.strip_prefix("data:"));
        let last = data.rev().find(|it| it.contains("\"result\""));
        let message: Value = serde_json::from_str(last.unwrap_or(body)).unwrap_or_default();
        assert!(message["result"].is_object(), "{tool}: {answer}");
        message["result"]["structuredContent"].clone()
    }

    /// What an agent, a script and somebody who leaves their session behind do.
    fn round(&self, client: usize, at: usize, everybody: &str) {
        let page = json!({"page_id": AUDIENCE_PAGE, "limit": 50, "max_age_s": at % 3});
        let list = self.ask("list_page_access_users", &page);
        if let Some(cursor) = list["next_cursor"].as_str() {
            let next = json!({"page_id": AUDIENCE_PAGE, "limit": 50, "cursor": cursor});
            // The cursor of a list that made room for others is refused, in words.
            self.calls.fetch_add(1, Relaxed);
            Program::ask(
                &self.program.address,
                &call("list_page_access_users", &next),
            );
        }
        let somebody = format!("person.{client}.{at}@customers.example");
        self.ask("find_person", &json!({"email": somebody}));
        self.ask(
            "list_subscribers",
            &json!({"page_id": PUBLIC_PAGE, "limit": 20}),
        );
        let add = json!({"page_id": AUDIENCE_PAGE, "email": somebody});
        self.ask("add_page_viewer", &add);
        let mut remove =
            json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "email": somebody});
        let plan = self.ask("remove_user", &remove);
        remove["confirmation_token"] = plan["confirmation_token"].clone();
        self.ask("remove_user", &remove);
        match at % 4 {
            0 => drop(self.ask("review_access", &json!({"profile": "hygiene"}))),
            1 => drop(self.ask(
                "export_roster",
                &json!({"what": "viewers", "format": "csv"}),
            )),
            2 => drop(self.ask(
                "sync_page_viewers",
                &json!({"page_id": AUDIENCE_PAGE, "desired": everybody}),
            )),
            _ => drop(self.ask("offboard_person", &json!({"email": JANE}))),
        }
        self.leave_a_session();
    }

    fn leave_a_session(&self) {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "soak", "version": "1"}}})
        .to_string();
        let length = body.len();
        let head = format!(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {length}\r\n\r\n"
        );
        Program::ask(&self.program.address, (head + &body).as_bytes());
    }

    /// Everybody of the page but one, so that a preview has something to show.
    fn everybody(&self) -> String {
        let world = self.sandbox.world();
        let pages = world["statuspage"]["pages"].as_array().unwrap();
        let page = pages.iter().find(|page| page["id"] == AUDIENCE_PAGE);
        let viewers = page.unwrap()["viewers"].as_array().unwrap().iter();
        let emails = viewers
            .skip(1)
            .filter_map(|viewer| viewer["email"].as_str());
        emails.fold("email\n".to_owned(), |all, email| all + email + "\n")
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "how long, for whoever runs it by hand"
    )]
    fn goes_on(&self) -> bool {
        self.calls.load(Relaxed) < CALLS || std::env::var_os("SOAK_SECONDS").is_some()
    }

    #[expect(
        clippy::print_stdout,
        reason = "the figures are what somebody runs it for"
    )]
    /// Runs it, and holds the most memory that was its own (kB) to a bound.
    fn run(&self, most_kb: u64) {
        let everybody = self.everybody();
        let (clock, lasts) = (Clock::system(), lasts());
        let ends = clock.monotonic().saturating_add(lasts);
        let mut most = (0, 0, 0);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let everybody = &everybody;
                    scope.spawn(move || {
                        let mut at = 0;
                        while Clock::system().monotonic() < ends && self.goes_on() {
                            self.round(client, at, everybody);
                            at += 1;
                        }
                    })
                })
                .collect();
            while clients.iter().any(|it| !it.is_finished()) {
                most.0 = most.0.max(self.program.status("RssAnon"));
                most.1 = most.1.max(self.program.status("Threads"));
                most.2 = most.2.max(self.program.descriptors());
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let calls = self.calls.load(Relaxed);
        println!(
            "{calls} calls in {} s: {} kB of memory of its own, {} threads, {} descriptors at most",
            lasts.as_secs(),
            most.0,
            most.1,
            most.2
        );
        let metrics = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let metrics = Program::ask(&self.program.address, metrics);
        let kept = metrics
            .lines()
            .filter(|it| it.starts_with("status_roster_memory"));
        println!("{}", kept.collect::<Vec<_>>().join("\n"));
        assert!(calls > 10, "{calls} calls");
        assert!(most.0 < most_kb, "{} kB, {most_kb} allowed", most.0);
        assert!(most.1 <= MOST_THREADS, "{} threads", most.1);
        let left = self.program.descriptors();
        assert!(left <= MOST_DESCRIPTORS, "{left} descriptors");
        assert!(self.program.folder().join("state").is_dir());
    }
}

#[test]
fn ordinary_calls_in_an_ordinary_world_stay_under_64_mb() {
    Soak::of(450).run(64_000);
}

#[test]
fn reviews_exports_and_previews_of_twenty_thousand_stay_under_128_mb() {
    Soak::of(20_000).run(128_000);
}
