//! The server's own settings: where it keeps what it must remember, how much it does at once, and what it says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::problem::Origin;
use super::reader::Reader;
use crate::confirmation::Require;

/// `[server]`.
#[derive(Debug, Clone)]
pub struct Server {
    /// The most that the server may do.
    pub mode: Mode,
    /// The folder of the budgets, spent tokens, plans and the sealing key. Processes that share the folder share them.
    pub state_dir: PathBuf,
    /// The longest that a call blocks before it answers with what it has. MCP clients give up at 60 s.
    pub max_wait: Duration,
    /// Calls that run at the same time; further ones wait.
    pub max_concurrent_calls: u32,
    /// Bytes that are kept in memory between calls.
    pub memory: usize,
}

/// The most that the server may do. Statuspage keys are all-powerful; the server is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Look only.
    Read,
    /// Change, within `[policy]`.
    Write,
}

/// `[confirmation]`.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The person or procedure that confirms a change. There is no value that turns confirmation off.
    pub require: Require,
    /// The time for which a confirmation token is valid.
    pub ttl: Duration,
}

/// `[audit]`.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The file that every change is written to before it is made.
    pub path: PathBuf,
}

/// `[log]`.
#[derive(Debug, Clone)]
pub struct Log {
    /// A tracing filter that has been parsed once already.
    pub filter: String,
    /// The form of a log line.
    pub format: LogFormat,
}

/// The form of a log line. The log always goes to standard error: standard output belongs to the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Our own lines, and only warnings of the libraries: at `debug` the MCP library logs whole arguments and results.
const USUAL_FILTER: &str = "warn,status_roster=info";

pub(super) fn server(from: &mut Reader, usual_state_dir: Option<&Path>) -> Option<Server> {
    let mode = from.choice(
        "server.mode",
        Mode::Read,
        &[("read", Mode::Read), ("write", Mode::Write)],
    );
    let max_wait = from.whole("server.max_wait_seconds", 1..=3600, 45);
    let max_concurrent_calls = from.whole("server.max_concurrent_calls", 1..=1024, 16);
    let memory = from.whole("server.memory_mib", 8..=65_536, 24) as usize * 1024 * 1024;
    let before = from.problem_count();
    let configured = from.path("server.state_dir").map(|(path, _)| path);
    let state_dir = configured.or_else(|| usual_state_dir.map(Path::to_owned));
    if state_dir.is_none() && from.problem_count() == before {
        let what = "`server.state_dir` is missing and neither `XDG_STATE_HOME` nor `HOME` says where it could be; set `STATUS_ROSTER_STATE_DIR`";
        from.problem(Origin::Nowhere, what.to_owned());
    }
    Some(Server {
        mode,
        state_dir: state_dir?,
        max_wait: Duration::from_secs(u64::from(max_wait)),
        max_concurrent_calls,
        memory,
    })
}

pub(super) fn confirmation(from: &mut Reader) -> Confirmation {
    let require = from.choice(
        "confirmation.require",
        Require::Token,
        &[Require::Token, Require::Human, Require::Operator].map(|it| (it.word(), it)),
    );
    // A person who has to come to the server needs longer than one who sits before the client.
    let usual = match require {
        Require::Token | Require::Human => 600,
        Require::Operator => 3_600,
    };
    let seconds = from.whole("confirmation.ttl_seconds", 30..=86_400, usual);
    Confirmation {
        require,
        ttl: Duration::from_secs(u64::from(seconds)),
    }
}

pub(super) fn audit(from: &mut Reader, state_dir: Option<&Path>) -> Option<Audit> {
    let configured = from.path("audit.path").map(|(path, _)| path);
    Some(Audit {
        path: configured.or_else(|| Some(state_dir?.join("audit.jsonl")))?,
    })
}

pub(super) fn log(from: &mut Reader) -> Log {
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let format = from.choice("log.format", LogFormat::Text, &formats);
    let filter = match from.text("log.filter") {
        None => USUAL_FILTER.to_owned(),
        Some((filter, origin)) => {
            if let Err(error) = EnvFilter::builder().parse(&filter) {
                let what = format!(
                    "`log.filter` is not a filter ({error}); the default is `{USUAL_FILTER}`"
                );
                from.problem(origin, what);
            }
            filter
        }
    };
    Log { filter, format }
}
