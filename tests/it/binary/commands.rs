//! Commands: what they print, and how they end.

use serde_json::Value;
use status_roster::sandbox::{self, known};

use super::{at, program, said};

#[tokio::test]
async fn the_demo_tells_the_whole_story() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).arg("demo").output().await.unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    for part in [
        "status: applied",
        "status: no_effect",
        "status: confirmation_required",
        "used already",
        "matched: 0",
        "each as it was written",
        "rejected 0",
    ] {
        assert!(said.contains(part), "`{part}` is missing in {said}");
    }
}

#[tokio::test]
async fn a_call_prints_its_result_and_a_refusal_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let good = program(folder.path())
        .args(["--sandbox", "call", "list_org_users", "name=jane"])
        .output()
        .await
        .unwrap();
    let result: Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!(result["records"][0]["email"], known::JANE);
    let bad = program(folder.path())
        .args(["--sandbox", "call", "list_org_users", "nmae=jane"])
        .output()
        .await
        .unwrap();
    assert_eq!(
        bad.status.code(),
        Some(2),
        "what is typed wrong is no refusal"
    );
    assert!(
        bad.stdout.is_empty()
            && said(&bad).contains("nmae")
            && said(&bad).contains("Nothing was changed."),
        "{}",
        said(&bad)
    );
    let read_only = program(folder.path())
        .args([
            "--sandbox",
            "call",
            "remove_user",
            "system=statuspage_team",
            "email=a@b.example",
        ])
        .output()
        .await
        .unwrap();
    assert!(
        said(&read_only).contains("--allow-writes"),
        "{}",
        said(&read_only)
    );
}

#[tokio::test]
async fn every_problem_of_the_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(
        &file,
        "[statuspge]\napi_key = \"x\"\n[server]\nmode = \"wirte\"\n",
    )
    .unwrap();
    let output = program(folder.path())
        .arg("--config")
        .arg(&file)
        .arg("check")
        .output()
        .await
        .unwrap();
    let said = said(&output);
    assert!(!output.status.success());
    assert!(
        said.contains("statuspage") && said.contains("wirte"),
        "{said}"
    );
}

#[tokio::test]
async fn an_edited_line_of_the_audit_file_is_found() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let done = at(&sandbox, folder.path())
        .args([
            "--allow-writes",
            "call",
            "add_page_viewer",
            &page,
            "email=new@example.org",
        ])
        .output()
        .await
        .unwrap();
    assert!(said(&done).contains("\"applied\""), "{}", said(&done));
    let sound = at(&sandbox, folder.path())
        .args(["audit", "verify"])
        .output()
        .await
        .unwrap();
    assert!(
        sound.status.success() && said(&sound).contains("each as it was written"),
        "{}",
        said(&sound)
    );
    let file = folder.path().join("state/audit.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replacen("new@example.org", "old@example.org", 1),
    )
    .unwrap();
    let edited = at(&sandbox, folder.path())
        .args(["audit", "verify"])
        .output()
        .await
        .unwrap();
    assert!(
        !edited.status.success() && said(&edited).contains("line"),
        "{}",
        said(&edited)
    );
}

#[tokio::test]
async fn two_processes_share_the_budget_of_a_key() {
    let settings = sandbox::Settings {
        requests_per_window: 4,
        window: std::time::Duration::from_secs(2),
        ..sandbox::Settings::default()
    };
    let sandbox = sandbox::start(settings).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(
        &file,
        "[statuspage]\nrequests_per_window = 4\nwindow_seconds = 2\nreserve = 1\n",
    )
    .unwrap();
    let ask = || {
        let mut command = at(&sandbox, folder.path());
        command.arg("--config").arg(&file).args([
            "call",
            "get_permissions",
            "email=jane.doe@example.com",
        ]);
        async move { command.output().await.unwrap() }
    };
    let (a, b) = tokio::join!(ask(), ask());
    assert!(
        a.status.success() && b.status.success(),
        "{} {}",
        said(&a),
        said(&b)
    );
    let report = sandbox.report();
    assert_eq!(
        (report.rejected, report.most_in_window <= 4),
        (0, true),
        "{report:?}"
    );
}

#[tokio::test]
async fn every_tool_is_listed_and_the_help_says_where_to_start() {
    let folder = tempfile::tempdir().unwrap();
    let tools = program(folder.path()).arg("tools").output().await.unwrap();
    let listed = said(&tools);
    let catalogue = status_roster::tools::catalogue(status_roster::toolkit::Limits::default());
    for card in catalogue.cards() {
        assert!(listed.contains(card.name), "{} is missing", card.name);
    }
    let help = program(folder.path()).arg("--help").output().await.unwrap();
    let help_said = said(&help);
    assert!(help.status.success());
    for part in [
        "status-roster demo",
        "serve",
        "call",
        "check",
        "--allow-writes",
        "--sandbox",
    ] {
        assert!(
            help_said.contains(part),
            "`{part}` is missing in {help_said}"
        );
    }
    let wrong = program(folder.path()).arg("sreve").output().await.unwrap();
    assert!(
        !wrong.status.success() && said(&wrong).contains("serve"),
        "{}",
        said(&wrong)
    );
}

#[tokio::test]
async fn who_audits_or_approves_needs_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let ran = folder.path().join("ran");
    let command = format!(
        "[statuspage]\norganization_id = \"exampleorg01\"\napi_key_command = [\"touch\", \"{}\"]\n",
        ran.display()
    );
    std::fs::write(&config, command).unwrap();
    for words in [["audit", "tail"], ["token", "list"], ["plans", ""]] {
        for named in [false, true] {
            let mut program = program(folder.path());
            if named {
                program.arg("--config").arg(&config);
            }
            let words = words.iter().filter(|word| !word.is_empty());
            let output = program.args(words).output().await.unwrap();
            let told = said(&output);
            assert!(!told.contains("no system is configured"), "{told}");
        }
    }
    assert!(!ran.exists(), "the key command was run");
}

#[tokio::test]
async fn a_record_that_was_never_begun_is_not_called_gone() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["tail", "verify"] {
        let output = program(folder.path())
            .args(["audit", command])
            .output()
            .await
            .unwrap();
        let told = said(&output);
        assert!(!output.status.success());
        assert!(
            told.contains("there is no record") && told.contains("--state-dir"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_misspelt_tool_is_answered_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path())
        .args(["--sandbox", "call", "list_orgusers"])
        .output()
        .await
        .unwrap();
    let told = said(&output);
    assert!(told.contains("did you mean `list_org_users`?"), "{told}");
    assert!(told.trim_end().ends_with("Nothing was changed."), "{told}");
}
