//! The binary as a person uses it.

mod asked;
mod canary;
mod commands;
mod cursors;
pub(crate) mod damage;
mod ends;
mod exit_codes;
mod exported;
mod faults;
mod fuzz;
mod interrupted;
mod kept_sandbox;
mod malformed;
mod mistakes;
mod names;
pub(crate) mod pty;
mod screens;
pub(crate) mod session;
mod stopped;
mod terminal;

use std::path::Path;
use std::process::Output;

use status_roster::sandbox::Running;
use tokio::process::Command;

/// The program with nothing of this machine's environment.
fn program(state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_status-roster"));
    command
        .env_clear()
        .env("HOME", state)
        .arg("--state-dir")
        .arg(state.join("state"));
    command
}

/// The program, told where a sandbox is.
pub(crate) fn at(sandbox: &Running, state: &Path) -> Command {
    let mut command = program(state);
    command
        .env("STATUSPAGE_API_KEY", &sandbox.api_key)
        .env("STATUSPAGE_ORGANIZATION_ID", &sandbox.organization_id)
        .env("STATUSPAGE_BASE_URL", sandbox.statuspage_url());
    command
}

/// Everything that it printed.
fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// How a command ended, and what it printed on either output.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs it to its end, without a terminal.
async fn run(command: &mut Command) -> Ran {
    let output = command
        .stdin(std::process::Stdio::null())
        .output()
        .await
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
