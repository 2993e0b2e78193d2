//! What the server does over HTTP, beside a plain server of the same library: `cargo bench --bench http`.
//!
//! Both are processes of their own, with every caller and the sandbox in this one; they are asked in turns, so that whatever the
//! machine does besides meets both. What counts is the ratio of one run; nothing here fails a build. `-- SECONDS` sets how
//! long each turn lasts (1).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot go on stops; it prints, and it measures real time"
)]

mod caller;
mod measure;
mod plain;
mod server;

use std::time::Duration;

use serde_json::json;
use status_roster::sandbox::{self, known};

use caller::Question;
use measure::{Load, direct, row, turns};
use server::Server;

/// Callers at once.
const CROWDS: [usize; 3] = [1, 16, 64];
/// Team members: a page that is not full, so that one request reads all.
const TEAM: usize = 99;
/// Turns of each server for each crowd.
const TURNS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|it| it == plain::FLAG) {
        plain::serve(&arguments[at + 1], &arguments[at + 2]);
        return;
    }
    let seconds = arguments.iter().find_map(|it| it.parse().ok());
    let turn = Duration::from_secs_f64(seconds.unwrap_or(1.0));
    // The sandbox and the callers each have a thread of their own.
    let upstream = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let settings = sandbox::Settings {
        requests_per_window: 10_000_000,
        window: Duration::from_secs(1),
        team_members: TEAM,
        ..sandbox::Settings::default()
    };
    let sandbox = upstream.block_on(sandbox::start(settings)).unwrap();
    let ours = Server::ours(&sandbox);
    let plain = Server::plain(&sandbox);
    let load = Load::new();

    let viewers = format!(
        "/pages/{}/page_access_users?email={}&page=1&per_page=100",
        known::AUDIENCE_PAGE,
        known::JANE
    );
    let team = format!(
        "/organizations/{}/users?page=1&per_page=100",
        sandbox.organization_id
    );
    let one = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE, "max_age_s": 0});
    let all = json!({"limit": TEAM, "max_age_s": 0});
    let list = json!({"limit": TEAM, "max_age_s": 3600});
    let rows = |path: &str| json!({"path": path, "most": TEAM});
    let straight = direct(&load, &sandbox, &viewers, turn);
    println!("a direct request to the sandbox: p50 {straight:.0?}");
    println!();
    for (what, ours_asks, plain_asks) in [
        (
            "one person, with a request upstream for each call",
            Question::new("list_page_access_users", &one, known::JANE),
            Question::new(plain::TOOL, &rows(&viewers), known::JANE),
        ),
        (
            "a whole page of people, with a request upstream for each call",
            Question::new("list_org_users", &all, "records"),
            Question::new(plain::TOOL, &rows(&team), "records"),
        ),
        (
            "the same page: from the snapshot, and plainly by a request upstream",
            Question::new("list_org_users", &list, "records"),
            Question::new(plain::TOOL, &rows(&team), "records"),
        ),
    ] {
        println!(
            "{what} (answers of {} and {} bytes)",
            load.length(&ours, &ours_asks),
            load.length(&plain, &plain_asks)
        );
        for callers in CROWDS {
            let sides = [(&ours, &ours_asks), (&plain, &plain_asks)];
            let [us, them] = turns(&load, sides, callers, turn, TURNS);
            row(callers, &us, &them);
            if callers == 1 {
                let added = |it: &measure::Found| it.p50().saturating_sub(straight);
                println!(
                    "             added to a direct request: {:.0?}, by the plain one {:.0?}",
                    added(&us),
                    added(&them)
                );
            }
        }
        println!();
    }
    println!(
        "resident at the end: {:.1} MB, the plain one {:.1} MB",
        ours.resident_mb(),
        plain.resident_mb()
    );
}
