//! Built servers on one Redis, before one sandbox that counts.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use serde_json::{Value, json};
use status_roster::sandbox::{self, Fault, Faults, Running, known};
use tokio::process::Command;

use super::server::Server;
use crate::binary::at;
use crate::binary::session::Session;

/// A machine of its own folder, that shares the Redis and nothing else.
pub(super) fn machine(sandbox: &Running, redis: &str, folder: &Path, more: &str) -> Command {
    let file = folder.join("c.toml");
    std::fs::write(&file, more).unwrap();
    let mut command = at(sandbox, folder);
    command
        .env("STATUS_ROSTER_REDIS_URL", redis)
        .arg("--allow-writes")
        .arg("--config")
        .arg(file);
    command
}

fn said(output: &Output) -> String {
    let all = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8_lossy(&all).into_owned()
}

fn text(result: &Value) -> String {
    result["content"][0]["text"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn two_servers_together_never_exceed_the_limit() {
    let redis = Server::start(&[]).await;
    let sandbox = sandbox::start(sandbox::Settings {
        requests_per_window: 8,
        window: Duration::from_secs(1),
        ..sandbox::Settings::default()
    })
    .await
    .unwrap();
    let limits = "[statuspage]\nrequests_per_window = 8\nwindow_seconds = 1\nreserve = 2\n";
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = [0, 1].map(|at| machine(&sandbox, &redis.url(), folders[at].path(), limits));
    let (mut one, mut two) = (Session::open(one).await, Session::open(two).await);
    let ask = async |session: &mut Session| {
        for _ in 0..4 {
            let page = json!({"page_id": known::AUDIENCE_PAGE, "max_age_s": 0});
            let answer = session.call("list_page_access_users", page).await;
            assert_ne!(answer["isError"], true, "{answer}");
        }
    };
    tokio::join!(ask(&mut one), ask(&mut two));
    let report = sandbox.report();
    assert_eq!(report.rejected, 0, "{report:?}");
    assert!(report.most_in_window <= 8, "{report:?}");
    assert!(report.requests > 8, "one window was enough: {report:?}");
    // Neither kept a window of its own.
    for folder in &folders {
        let own = folder.path().join("state/windows");
        assert!(!own.exists(), "{}", own.display());
        assert!(folder.path().join("state/audit.jsonl").exists());
    }
}

#[tokio::test]
async fn a_plan_of_one_machine_is_approved_on_another_and_carried_out_once() {
    let redis = Server::start(&[]).await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let operator = "[statuspage]\nwindow_seconds = 1\n[confirmation]\nrequire = \"operator\"\n";
    let [mut here, mut there] = [
        Session::open(machine(&sandbox, &redis.url(), here.path(), operator)).await,
        Session::open(machine(&sandbox, &redis.url(), there.path(), operator)).await,
    ];
    let removal = json!({"system": "statuspage_team", "email": known::JANE});
    let plan = here.call("remove_user", removal.clone()).await["structuredContent"].take();
    let (id, token) = (plan["plan_id"].clone(), plan["confirmation_token"].clone());
    let mut confirmed = removal;
    confirmed["confirmation_token"] = token;
    let waits = text(&there.call("remove_user", confirmed.clone()).await);
    assert!(waits.contains("Nothing was changed."), "{waits}");

    let desk = tempfile::tempdir().unwrap();
    let mut approve = machine(&sandbox, &redis.url(), desk.path(), operator);
    approve.arg("approve").arg(id.as_str().unwrap());
    approve.stdin(std::process::Stdio::piped());
    approve.stdout(std::process::Stdio::piped());
    approve.stderr(std::process::Stdio::piped());
    let mut approve = approve.spawn().unwrap();
    let typed = format!("{}\n", known::JANE);
    let mut input = approve.stdin.take().unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut input, typed.as_bytes())
        .await
        .unwrap();
    drop(input);
    let approved = approve.wait_with_output().await.unwrap();
    assert!(approved.status.success(), "{}", said(&approved));

    let (first, second) = tokio::join!(
        here.call("remove_user", confirmed.clone()),
        there.call("remove_user", confirmed.clone()),
    );
    let done = [&first, &second].map(|it| it["structuredContent"]["status"] == "applied");
    assert_eq!(done.iter().filter(|it| **it).count(), 1, "{first} {second}");
    let deletes = sandbox.requests();
    let deletes = deletes.iter().filter(|it| it.method == "DELETE").count();
    assert_eq!(deletes, 1);
}

#[tokio::test]
async fn a_change_waits_for_the_machine_that_was_killed_in_the_middle_of_one_no_longer_than_its_lease()
 {
    let redis = Server::start(&[]).await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let (dies, lives) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let limits = "[statuspage]\nwindow_seconds = 1\n";
    let mut dying = Session::open(machine(&sandbox, &redis.url(), dies.path(), limits)).await;
    let mut living = Session::open(machine(&sandbox, &redis.url(), lives.path(), limits)).await;
    sandbox.faults(Faults {
        slow_ms: 60_000,
        ..Faults::next(Fault::Slow, "POST", "page_access_groups")
    });
    let group = |name: &str| json!({"name": "save_page_access_group", "arguments": {"page_id": known::AUDIENCE_PAGE, "name": name}});
    dying.send("tools/call", group("first")).await;
    super::until("the POST", async || {
        sandbox.requests().iter().any(|it| it.method == "POST")
    })
    .await;
    dying.process.kill().await.unwrap();
    let mut keys = redis.keys();
    keys.retain(|key| key.starts_with("status-roster:turn:"));
    let turn = keys.pop().unwrap();
    assert!((1..=15_000).contains(&redis.left(&turn)));
    living.send("tools/call", group("second")).await;
    // As if the lease were over, which nobody renews any more.
    let mut expire = redis::cmd("PEXPIRE");
    expire.arg(&turn).arg(100).exec(&mut redis.look()).unwrap();
    let answer = living.hear().await;
    assert_eq!(
        answer["result"]["structuredContent"]["status"], "applied",
        "{answer}"
    );
}

#[tokio::test]
async fn a_server_says_that_redis_is_gone_and_goes_on_when_it_is_back() {
    let mut redis = Server::start(&["--appendonly", "yes"]).await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let limits = "[statuspage]\nwindow_seconds = 1\n";
    let mut server = Session::open(machine(&sandbox, &redis.url(), folder.path(), limits)).await;
    let viewer = json!({"page_id": known::AUDIENCE_PAGE, "email": "new@example.org"});
    redis.kill();
    let read = server.call("list_org_users", json!({})).await;
    let write = server.call("add_page_viewer", viewer.clone()).await;
    for refused in [read, write] {
        let words = text(&refused);
        assert_eq!(refused["isError"], true, "{refused}");
        assert!(
            words.contains("which keeps the shared state, cannot be used"),
            "{words}"
        );
    }
    assert_eq!(
        sandbox.report().requests,
        0,
        "something was sent without a budget"
    );
    redis.start_again().await;
    let added = server.call("add_page_viewer", viewer).await;
    assert_eq!(added["structuredContent"]["status"], "applied", "{added}");
}

#[tokio::test]
async fn check_tells_how_well_a_redis_is_suited_and_a_start_without_it_is_refused() {
    let mut redis = Server::start(&[
        "--maxmemory-policy",
        "allkeys-lru",
        "--requirepass",
        "canary-5f",
    ])
    .await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let limits = "[statuspage]\nwindow_seconds = 1\n";
    let check = async |pass: &str| {
        let url = format!("{}?pass={pass}", redis.url());
        let mut check = machine(&sandbox, &url, folder.path(), limits);
        check.arg("check").output().await.unwrap()
    };
    let good = check("canary-5f").await;
    assert!(good.status.success(), "{}", said(&good));
    let words = said(&good);
    assert!(
        words.contains("WARNING: maxmemory-policy is `allkeys-lru`"),
        "{words}"
    );
    let bad = check("canary-wrong").await;
    assert!(!bad.status.success());
    assert!(
        said(&bad).contains("it does not accept the user name or the password"),
        "{}",
        said(&bad)
    );
    for output in [&good, &bad] {
        assert!(!said(output).contains("canary"), "{}", said(output));
    }
    let url = format!("{}?pass=canary-5f", redis.url());
    redis.kill();
    let mut serve = machine(&sandbox, &url, folder.path(), limits);
    let gone = serve.arg("check").output().await.unwrap();
    assert!(!gone.status.success());
    let words = said(&gone);
    assert!(
        words.contains("the server does not start without it"),
        "{words}"
    );
    assert!(!words.contains("canary"), "{words}");
}

#[tokio::test]
async fn a_program_that_ends_gives_its_turns_back_first() {
    let redis = Server::start(&[]).await;
    let sandbox = sandbox::start(sandbox::Settings::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let limits = "[statuspage]\nwindow_seconds = 1\n";
    let mut call = machine(&sandbox, &redis.url(), folder.path(), limits);
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    call.args(["call", "save_page_access_group", &page, "name=short"]);
    let output = call.output().await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("applied"), "{}", said(&output));
    let keys = redis.keys();
    assert!(!keys.iter().any(|key| key.contains(":turn:")), "{keys:?}");
}
