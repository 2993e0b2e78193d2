//! Ctrl-C in the middle of a change: the step under way is finished, what was done and what was not is printed, and the same plan goes on.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use status_roster::clock::Clock;
use status_roster::sandbox::{self, Fault, Faults, Running, known};

use super::{at, run};

fn removals(sandbox: &Running) -> usize {
    let sent = sandbox.requests();
    sent.iter().filter(|it| it.method == "DELETE").count()
}

#[tokio::test]
async fn what_is_done_stands_and_the_rest_goes_on_with_the_same_token() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let words = ["--allow-writes", "offboard", known::LEAVER];
    let plan = run(at(&sandbox, folder.path()).args(words)).await;
    assert_eq!(plan.code, Some(3), "{}", plan.err);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    let token = plan["confirmation_token"].as_str().unwrap();
    let steps = plan["steps"].as_array().unwrap().len();
    assert!(steps > 1, "{plan:#}");

    let mut slow = Faults::next(Fault::Slow, "DELETE", "");
    slow.slow_ms = 700;
    sandbox.faults(slow);
    let mut command = at(&sandbox, folder.path());
    command.args(words).args(["--token", token]);
    command.stdin(std::process::Stdio::null());
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let process = command.spawn().unwrap();
    while removals(&sandbox) == 0 {
        Clock::system().sleep(Duration::from_millis(5)).await;
    }
    let id = Pid::from_raw(i32::try_from(process.id().unwrap()).unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    let stopped = process.wait_with_output().await.unwrap();
    let err = String::from_utf8(stopped.stderr).unwrap();
    let out: Value = serde_json::from_slice(&stopped.stdout).unwrap();
    assert_eq!(stopped.status.code(), Some(4), "{out:#} {err}");
    assert_eq!(out["steps"][0]["status"], "applied", "{out:#}");
    assert_eq!(out["status"], "partial", "{out:#}");
    assert_eq!(removals(&sandbox), 1, "no step was begun after Ctrl-C");
    let next = plan["steps"][1]["action"].as_str().unwrap();
    for part in [
        "the step under way is finished first",
        "not done twice",
        &format!("Not done:\n- {next}: "),
        "To go on with the rest, type:\n  status-roster",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }

    let rest = run(at(&sandbox, folder.path())
        .args(words)
        .args(["--token", token]))
    .await;
    assert_eq!(rest.code, Some(0), "{} {}", rest.out, rest.err);
    assert_eq!(removals(&sandbox), steps, "each step once");
    let gone = run(at(&sandbox, folder.path()).args(["find", known::LEAVER])).await;
    assert_eq!(gone.code, Some(0), "{}", gone.out);
}
