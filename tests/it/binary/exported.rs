//! Twenty thousand viewers in one command, with the window enforced; stopped and asked again, the file is the same.

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
    std::fs::write(
        &file,
        "[statuspage]\nwindow_seconds = 2\n[server]\nmax_wait_seconds = 1\n",
    )
    .unwrap();
    let mut command = at(sandbox, folder);
    command.arg("--config").arg(file);
    command.args(["export", "viewers", "--page", known::AUDIENCE_PAGE]);
    command
        .args(["--columns", "application-roster", "--out"])
        .arg(out);
    command
}

#[tokio::test]
async fn an_export_that_was_stopped_goes_on_and_ends_as_one_that_was_not() {
    let sandbox = many().await;
    let folder = tempfile::tempdir().unwrap();
    let (whole, stopped) = (
        folder.path().join("whole.csv"),
        folder.path().join("stopped.csv"),
    );
    // One state directory: both commands keep to one window.
    let home = folder.path().join("a");
    std::fs::create_dir(&home).unwrap();

    let ran = run(&mut export(&sandbox, &home, &whole)).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let rows = std::fs::read_to_string(&whole).unwrap().lines().count() - 1;
    assert!(
        rows >= VIEWERS && ran.out.contains(&format!("{rows} of {rows} rows")),
        "{}",
        ran.out
    );
    let needed = sandbox.report().requests;

    let mut process = export(&sandbox, &home, &stopped)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while sandbox.report().requests < needed + needed / 2 {
        Clock::system().sleep(Duration::from_millis(5)).await;
    }
    let id = Pid::from_raw(i32::try_from(process.id().unwrap()).unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    assert_eq!(process.wait().await.unwrap().code(), Some(4));
    assert!(!stopped.exists(), "a part of a file is no file");
    let so_far = sandbox.report().requests - needed;

    let again = run(&mut export(&sandbox, &home, &stopped)).await;
    assert_eq!(again.code, Some(0), "{} {}", again.out, again.err);
    assert_eq!(
        std::fs::read(&whole).unwrap(),
        std::fs::read(&stopped).unwrap()
    );
    let report = sandbox.report();
    let rest = report.requests - needed - so_far;
    assert!(
        rest <= needed - so_far + 2,
        "{needed} are needed, {so_far} were made, {rest} more"
    );
    assert_eq!(
        (report.rejected, report.most_in_window <= 60),
        (0, true),
        "{report:?}"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "no temporary file stays: {left:?}");
}

#[tokio::test]
async fn a_list_that_changed_while_it_was_stopped_is_read_anew() {
    let settings = sandbox::Settings {
        viewers: 3_000,
        requests_per_window: 10,
        window: Duration::from_secs(1),
        ..sandbox::Settings::default()
    };
    let sandbox = sandbox::start(settings).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (here, elsewhere) = (folder.path().join("a"), folder.path().join("b"));
    for folder in [&here, &elsewhere] {
        std::fs::create_dir(folder).unwrap();
    }
    let file = folder.path().join("config.toml");
    std::fs::write(
        &file,
        "[statuspage]\nwindow_seconds = 1\nrequests_per_window = 10\nreserve = 1\n",
    )
    .unwrap();
    let out = here.join("viewers.csv");
    let program = |folder: &Path| {
        let mut command = at(&sandbox, folder);
        command.arg("--config").arg(&file);
        command
    };
    let export = || {
        let mut command = program(&here);
        command
            .args(["export", "viewers", "--page", known::AUDIENCE_PAGE, "--out"])
            .arg(&out);
        command
    };
    let mut process = export().spawn().unwrap();
    while sandbox.report().requests < 20 {
        Clock::system().sleep(Duration::from_millis(5)).await;
    }
    let id = Pid::from_raw(i32::try_from(process.id().unwrap()).unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    assert_eq!(process.wait().await.unwrap().code(), Some(4));

    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let who = format!("email={}", known::JANE);
    let removal = [
        "--allow-writes",
        "call",
        "remove_user",
        "system=statuspage_page",
        &page,
        &who,
    ];
    let plan = run(program(&elsewhere).args(removal)).await;
    let plan: serde_json::Value = serde_json::from_str(&plan.out).unwrap();
    let token = format!(
        "confirmation_token={}",
        plan["confirmation_token"].as_str().unwrap()
    );
    let removed = run(program(&elsewhere).args(removal).arg(token)).await;
    assert_eq!(removed.code, Some(0), "{} {}", removed.out, removed.err);

    let halves = run(&mut export()).await;
    assert_eq!(halves.code, Some(4), "{} {}", halves.out, halves.err);
    assert!(
        halves
            .err
            .contains("it changed since the reading was stopped")
            && !out.exists(),
        "{}",
        halves.err
    );
    let anew = run(&mut export()).await;
    assert_eq!(anew.code, Some(0), "{} {}", anew.out, anew.err);
    assert!(!std::fs::read_to_string(&out).unwrap().contains(known::JANE));
}

#[tokio::test]
async fn a_long_call_waits_for_the_budget_instead_of_giving_up() {
    let settings = sandbox::Settings {
        requests_per_window: 5,
        window: Duration::from_secs(1),
        ..sandbox::Settings::default()
    };
    let sandbox = sandbox::start(settings).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let limits = "[statuspage]\nwindow_seconds = 1\nrequests_per_window = 5\nreserve = 1\n[server]\nmax_wait_seconds = 1\n";
    std::fs::write(&file, limits).unwrap();
    let mut command = at(&sandbox, folder.path());
    command.arg("--config").arg(&file);
    let ran = run(command.args(["call", "review_access", "profile=hygiene", "--all"])).await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let review: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(review["complete"], true, "{review:#}");
    assert!(sandbox.report().requests > 10, "longer than one wait");
    assert_eq!(sandbox.report().rejected, 0);
}
