//! The guarded client, against servers that answer exactly what a test says.

mod errors;
mod headers;
mod lists;
mod logs;
mod lost_answers;
mod paths;
mod rate_limits;
mod retries;
mod script;
mod settings;
mod writes;

use serde::Deserialize;
use serde_json::{Value, json};
use status_roster::audit::{Intent, Log, Planned};
use status_roster::caller::Caller;
use status_roster::clock::Clock;
use status_roster::secret::Secret;
use status_roster::store::Store;
use status_roster::upstream::{Client, Credential, Cx, Path, Row, Settings, Single};
use tokio_util::sync::CancellationToken;

/// Appears in no output, error or log.
const CANARY: &str = "canary-key-8c1f";

#[derive(Debug, Deserialize, PartialEq)]
struct Thing {
    id: String,
}

impl Single for Thing {}

impl Row for Thing {
    fn row_id(&self) -> &str {
        &self.id
    }
}

fn frozen() -> Clock {
    Clock::following("2026-01-01T00:00:00Z".parse().unwrap())
}

fn settings(base_url: &str) -> Settings {
    Settings::new(
        "statuspage",
        base_url.parse().unwrap(),
        Credential::OAuth(Secret::new(CANARY)),
    )
}

fn client(base_url: &str, clock: Clock) -> Client {
    Client::new(settings(base_url), &Store::memory(clock), clock).unwrap()
}

fn interactive() -> Cx {
    Cx::interactive(CancellationToken::new())
}

fn things() -> Path {
    Path::new().push("things")
}

fn thing() -> Path {
    things().push("t1")
}

/// The proof that a write is on the record, and the record.
async fn intent(clock: Clock) -> (Intent, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("audit.jsonl");
    let log = Log::open(&path, clock, Vec::new()).await.unwrap().log;
    let planned = Planned {
        caller: Caller::local(None),
        tool: "a_test".to_owned(),
        plan_id: "p".to_owned(),
        call_id: "c".to_owned(),
        system: "statuspage".to_owned(),
        action: "change a thing".to_owned(),
        target: json!({}),
        before: Value::Null,
    };
    (log.intent(planned).await.unwrap(), directory)
}
