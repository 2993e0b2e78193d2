//! A plan that one machine began is finished by another with the same token, whatever became of the first and of Redis.

use serde_json::{Value, json};
use status_roster::sandbox::{self, Fault, Faults, Running, known};

use super::built::machine;
use super::server::Server;
use crate::binary::session::Session;

const LIMITS: &str = "[statuspage]\nwindow_seconds = 1\n";

async fn sandbox() -> Running {
    let settings = sandbox::Settings {
        requests_per_window: 1_000,
        ..sandbox::Settings::default()
    };
    sandbox::start(settings).await.unwrap()
}

fn removals(sandbox: &Running) -> Vec<String> {
    let requests = sandbox.requests();
    let removals = requests.iter().filter(|it| it.method != "GET");
    // Of a slow one nothing was done when its client was gone.
    let handled = removals.filter(|it| it.fault.is_none());
    handled.map(|it| it.target.clone()).collect()
}

/// The plan of an offboarding, and the call that confirms it.
async fn planned(server: &mut Session) -> (Value, Value) {
    let person = json!({"email": known::JANE});
    let plan = server.call("offboard_person", person.clone()).await["structuredContent"].take();
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert!(plan["steps"].as_array().unwrap().len() > 1, "{plan}");
    let mut confirmed = person;
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    (plan, confirmed)
}

#[tokio::test]
async fn a_machine_that_is_killed_in_the_middle_leaves_the_rest_to_another() {
    let redis = Server::start(&[]).await;
    let sandbox = sandbox().await;
    let (dies, lives) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut dying = Session::open(machine(&sandbox, &redis.url(), dies.path(), LIMITS)).await;
    let mut living = Session::open(machine(&sandbox, &redis.url(), lives.path(), LIMITS)).await;
    let (plan, confirmed) = planned(&mut dying).await;
    sandbox.faults(Faults {
        slow_ms: 60_000,
        ..Faults::next(Fault::Slow, "DELETE", "")
    });
    let call = json!({"name": "offboard_person", "arguments": confirmed});
    dying.send("tools/call", call).await;
    super::until("the first removal", async || {
        sandbox.requests().iter().any(|it| it.method == "DELETE")
    })
    .await;
    dying.process.kill().await.unwrap();
    for turn in redis.keys() {
        // As if the lease of the killed machine were over.
        if turn.starts_with("status-roster:turn:") {
            let mut expire = redis::cmd("PEXPIRE");
            expire.arg(&turn).arg(1).exec(&mut redis.look()).unwrap();
        }
    }
    let done = living.call("offboard_person", confirmed.clone()).await["structuredContent"].take();
    assert_eq!(done["status"], "applied", "{done}");
    let removed = removals(&sandbox);
    let mut once = removed.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), removed.len(), "twice: {removed:?}");
    assert_eq!(
        removed.len(),
        plan["steps"].as_array().unwrap().len(),
        "{removed:?}"
    );
    let left = living
        .call("offboard_person", json!({"email": known::JANE}))
        .await;
    assert_eq!(left["structuredContent"]["steps"], json!([]), "{left}");
}

#[tokio::test]
async fn a_token_is_as_good_after_an_outage_of_redis_as_before() {
    let mut redis = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]).await;
    let sandbox = sandbox().await;
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut one = Session::open(machine(&sandbox, &redis.url(), here.path(), LIMITS)).await;
    let mut other = Session::open(machine(&sandbox, &redis.url(), there.path(), LIMITS)).await;
    let (_, confirmed) = planned(&mut one).await;
    redis.kill();
    for server in [&mut one, &mut other] {
        let refused = server.call("offboard_person", confirmed.clone()).await;
        assert_eq!(refused["isError"], true, "{refused}");
        let words = refused["content"][0]["text"].as_str().unwrap();
        assert!(words.ends_with("Nothing was changed."), "{words}");
    }
    assert_eq!(removals(&sandbox), Vec::<String>::new());
    redis.start_again().await;
    let done = other.call("offboard_person", confirmed.clone()).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    let removed = removals(&sandbox).len();
    let again = one.call("offboard_person", confirmed).await;
    assert_eq!(removals(&sandbox).len(), removed, "{again}");
}
