//! Commands: what they print, and how they end.

use serde_json::Value;
use status_roster::sandbox::{self, known};

use super::{at, program, run, said};

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
    for spec in catalogue.specs() {
        assert!(listed.contains(spec.name), "{} is missing", spec.name);
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

#[tokio::test]
async fn completions_pages_and_tables_are_made_from_what_can_be_typed() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let made = run(program(folder.path()).args(["completions", shell])).await;
        assert_eq!(made.code, Some(0), "{}", made.err);
        for word in ["offboard", "allow-writes", "export"] {
            assert!(made.out.contains(word), "{word} is missing for {shell}");
        }
    }
    let page = run(program(folder.path()).args(["man", "find"])).await;
    assert!(
        page.out.starts_with(".ie") || page.out.contains(".TH"),
        "{}",
        page.out
    );
    let out = folder.path().join("man1");
    let all = run(program(folder.path()).args(["man", "--out"]).arg(&out)).await;
    assert_eq!(all.code, Some(0), "{}", all.err);
    let pages = std::fs::read_dir(&out).unwrap().count();
    assert!(pages > 15, "{pages}");
    let tables = run(program(folder.path()).args(["tools", "--markdown"])).await;
    for row in [
        "| tool | effect |",
        "| `find_person` | read |",
        "| `open_incident` | publish |",
    ] {
        assert!(tables.out.contains(row), "{row}: {}", tables.out);
    }
}

#[tokio::test]
async fn help_lists_what_belongs_to_the_command_first() {
    let folder = tempfile::tempdir().unwrap();
    for (command, own) in [
        ("find", "--page"),
        ("export", "--out"),
        ("offboard", "--from"),
        ("serve", "--http"),
        ("call", "--all"),
    ] {
        let help = run(program(folder.path()).args([command, "--help"])).await;
        let at = |word: &str| {
            help.out
                .find(word)
                .unwrap_or_else(|| panic!("{word}: {}", help.out))
        };
        assert!(at(own) < at("--state-dir <"), "{command}: {}", help.out);
        assert!(help.out.contains("Example"), "{command}: {}", help.out);
    }
}

#[tokio::test]
async fn check_names_the_systems_that_are_not_configured() {
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ran = run(at(&sandbox, folder.path()).arg("check")).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for name in ["ATLASSIAN_SCIM_API_KEY", "STATUSAPP_API_KEY"] {
        assert!(ran.out.contains(name), "{name}: {}", ran.out);
    }
    let misspelt = run(at(&sandbox, folder.path())
        .env("STATUSPAGE_API_KYE", "x")
        .env("STATUSAPP_API_KYE", "x")
        .arg("check"))
    .await;
    assert_eq!(misspelt.code, Some(1));
    for name in [
        "did you mean `STATUSPAGE_API_KEY`",
        "did you mean `STATUSAPP_API_KEY`",
    ] {
        assert!(misspelt.err.contains(name), "{name}: {}", misspelt.err);
    }
}
