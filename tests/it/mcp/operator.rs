//! `confirmation.require = "operator"`: the plan waits until a person at the server approves it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use status_roster::sandbox::known;

use crate::tools::world::{Make, World};

async fn world() -> World {
    let more = "[confirmation]\nrequire = \"operator\"\n".to_owned();
    Make {
        more,
        ..Make::default()
    }
    .world()
    .await
}

/// Runs the built program at the server's own state, with a line on standard input.
async fn at_the_server(world: &World, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_status-roster"));
    command
        .args(arguments)
        .arg("--config")
        .arg(world.state.path().join("config.toml"))
        .arg("--state-dir")
        .arg(world.state.path().join("state"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let typed = format!("{typed}\n");
    let run = move || {
        let mut child = command.spawn().unwrap();
        // A program that asks nothing has closed its end.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        child.wait_with_output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn removal() -> Value {
    json!({"system": "statuspage_team", "email": known::JANE})
}

/// Plans Jane's removal: the plan's name, and the arguments of the second call.
async fn planned(world: &World) -> (String, Value) {
    let plan = world.result("remove_user", removal()).await;
    assert_eq!(plan["status"], "confirmation_required");
    let name = plan["plan_id"].as_str().unwrap().to_owned();
    let next = plan["next"].as_str().unwrap();
    assert!(
        next.contains(&format!("status-roster approve {name}")),
        "{next}"
    );
    let mut second = removal();
    second["confirmation_token"] = plan["confirmation_token"].clone();
    (name, second)
}

#[tokio::test]
async fn a_plan_waits_is_approved_at_the_server_and_then_carried_out_once() {
    let world = world().await;
    let (name, second) = planned(&world).await;

    let words = world.refusal("remove_user", second.clone()).await;
    assert!(
        words.contains("waits for a person at the server"),
        "{words}"
    );
    assert!(words.ends_with("Nothing was changed."), "{words}");

    let list = at_the_server(&world, &["plans"], "").await;
    assert!(list.status.success(), "{}", said(&list));
    assert!(
        said(&list).contains(&format!("{name}  waits")),
        "{}",
        said(&list)
    );

    let approved = at_the_server(&world, &["approve", &name[..8]], known::JANE).await;
    let told = said(&approved);
    assert!(approved.status.success(), "{told}");
    assert!(
        told.contains("remove the team member") && told.contains("lost by it"),
        "{told}"
    );

    assert_eq!(
        world.writes(),
        Vec::<String>::new(),
        "an approval sends nothing"
    );
    let done = world.result("remove_user", second.clone()).await;
    assert_eq!(done["status"], "applied");
    let replay = world.result("remove_user", second).await;
    assert_eq!(replay["status"], "already");

    let list = at_the_server(&world, &["plans"], "").await;
    assert!(said(&list).contains("No plan waits"), "{}", said(&list));
    let record: Vec<String> = world.audit().iter().map(ToString::to_string).collect();
    assert!(
        record
            .iter()
            .any(|line| line.contains("\"approved\"") && line.contains("uid "))
    );
    assert!(record.iter().any(|line| line.contains("\"confirmed\"")));
}

#[tokio::test]
async fn a_wrong_word_approves_nothing() {
    let world = world().await;
    let (name, second) = planned(&world).await;
    for typed in ["", "yes", "jane.doe@example.org"] {
        let refused = at_the_server(&world, &["approve", &name], typed).await;
        assert!(!refused.status.success());
        assert!(
            said(&refused).contains("not approved"),
            "{}",
            said(&refused)
        );
    }
    world.refusal("remove_user", second).await;
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_denied_plan_is_refused_even_when_it_was_approved_before() {
    let world = world().await;
    let (name, second) = planned(&world).await;
    assert!(
        at_the_server(&world, &["approve", &name], known::JANE)
            .await
            .status
            .success()
    );
    assert!(
        at_the_server(&world, &["deny", &name], "")
            .await
            .status
            .success()
    );
    let words = world.refusal("remove_user", second).await;
    assert!(
        words.contains("denied by a person at the server"),
        "{words}"
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_approval_is_for_one_plan_and_for_the_state_that_it_was_made_from() {
    let world = world().await;
    let (name, second) = planned(&world).await;
    assert!(
        at_the_server(&world, &["approve", &name], known::JANE)
            .await
            .status
            .success()
    );
    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    assert_eq!(
        world.result("set_permissions", grant).await["status"],
        "applied"
    );
    let before = world.writes().len();

    let again = world.result("remove_user", second).await;
    assert_eq!(again["status"], "confirmation_required");
    assert_eq!(again["refused"], "state_changed");
    let next = again["next"].as_str().unwrap();
    assert!(
        next.contains("status-roster approve") && next.contains("the difference"),
        "{next}"
    );
    let mut third = removal();
    third["confirmation_token"] = again["confirmation_token"].clone();
    let words = world.refusal("remove_user", third).await;
    assert!(words.contains("waits for a person"), "{words}");
    assert_eq!(world.writes().len(), before);
}

#[tokio::test]
async fn another_caller_cannot_use_the_approval() {
    let world = world().await;
    let (name, second) = planned(&world).await;
    assert!(
        at_the_server(&world, &["approve", &name], known::JANE)
            .await
            .status
            .success()
    );
    let answer = world.ask_as("somebody else", "remove_user", second).await;
    assert!(
        answer.is_error && answer.text.contains("another caller"),
        "{}",
        answer.text
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_unknown_plan_is_not_approved() {
    let world = world().await;
    let refused = at_the_server(&world, &["approve", "0123"], known::JANE).await;
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("no plan that waits"),
        "{}",
        said(&refused)
    );
}
