//! Twenty thousand viewers in one command, with the window enforced; a command that is stopped leaves no file.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use status_roster::clock::Clock;
use status_roster::sandbox::{self, Running, known};
use tokio::process::Command;

use super::{at, run};

const VIEWERS: usize = 20_000;

async fn many() -> Running {
    let settings = sandbox::Settings {
        viewers: VIEWERS,
        requests_per_window: 60,
        window: Duration::from_secs(2),
        ..sandbox::Settings::default()
    };
    sandbox::start(settings).await.unwrap()
}

fn export(sandbox: &Running, folder: &Path, out: &Path) -> Command {
    let file = folder.join("config.toml");
    std::fs::write(&file, "[statuspage]\nwindow_seconds = 2\n").unwrap();
    let mut command = at(sandbox, folder);
    command.arg("--config").arg(file);
    command.args(["export", "viewers", "--page", known::AUDIENCE_PAGE]);
    command
        .args(["--columns", "application-roster", "--out"])
        .arg(out);
    command
}

#[tokio::test]
async fn an_export_is_a_whole_file_within_the_window_or_no_file() {
    let sandbox = many().await;
    let folder = tempfile::tempdir().unwrap();
    let (whole, stopped) = (
        folder.path().join("whole.csv"),
        folder.path().join("stopped.csv"),
    );
    let ran = run(&mut export(&sandbox, folder.path(), &whole)).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let rows = std::fs::read_to_string(&whole).unwrap().lines().count() - 1;
    assert!(
        rows >= VIEWERS && ran.out.contains(&format!("{rows} of {rows} rows")),
        "{}",
        ran.out
    );
    let needed = sandbox.report().requests;

    let mut process = export(&sandbox, folder.path(), &stopped).spawn().unwrap();
    while sandbox.report().requests < needed + needed / 2 {
        Clock::system().sleep(Duration::from_millis(5)).await;
    }
    let id = Pid::from_raw(i32::try_from(process.id().unwrap()).unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    assert_eq!(process.wait().await.unwrap().code(), Some(4));
    let report = sandbox.report();
    assert_eq!(
        (report.rejected, report.most_in_window <= 60),
        (0, true),
        "{report:?}"
    );
    let csv = |name: &std::ffi::OsStr| name.to_string_lossy().ends_with(".csv");
    let files = std::fs::read_dir(folder.path()).unwrap();
    let files: Vec<_> = files.map(|it| it.unwrap().file_name()).collect();
    assert!(!stopped.exists(), "a part of a file is no file");
    assert_eq!(files.iter().filter(|it| csv(it)).count(), 1, "{files:?}");
}
