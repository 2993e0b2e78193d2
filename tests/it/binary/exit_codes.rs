//! How commands end: the exit codes that scripts act on, under faults too.

use serde_json::Value;
use status_roster::sandbox::{self, Fault, Faults, Running, known};
use tempfile::TempDir;

use super::{Ran, at, run};

struct World {
    sandbox: Running,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        Self {
            sandbox: sandbox::start(sandbox::Settings::default()).await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn run(&self, words: &[&str]) -> Ran {
        run(at(&self.sandbox, self.folder.path()).args(words)).await
    }
}

#[tokio::test]
async fn find_ends_with_0_only_where_nothing_is_left() {
    let world = World::new().await;
    let found = world.run(&["find", known::LEAVER]).await;
    assert_eq!(found.code, Some(6), "{}", found.err);
    let result: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(result["verdict"], "found");
    assert_eq!(found.err, "", "a pipe gets the result and nothing else");
    let nobody = world.run(&["find", "nobody@example.com"]).await;
    assert_eq!(nobody.code, Some(0), "{}", nobody.err);
}

#[tokio::test]
async fn what_could_not_be_read_ends_with_4_and_is_never_called_gone() {
    let world = World::new().await;
    let mut faults = Faults::next(Fault::Forbidden, "GET", "page_access_users");
    faults.next[0].times = 1_000;
    world.sandbox.faults(faults);
    for words in [
        ["find", "nobody@example.com"].as_slice(),
        &["export", "viewers"],
        &["review"],
    ] {
        let ran = world.run(words).await;
        assert_eq!(ran.code, Some(4), "{words:?} {} {}", ran.out, ran.err);
    }
    let out = world.folder.path().join("roster.csv");
    let file = world
        .run(&["export", "viewers", "--out", out.to_str().unwrap()])
        .await;
    assert_eq!(file.code, Some(4));
    assert!(
        !out.exists() && file.err.contains("was not written"),
        "{}",
        file.err
    );
}

#[tokio::test]
async fn a_refusal_ends_with_1_and_wrong_words_with_2() {
    let world = World::new().await;
    let refused = world.run(&["offboard", known::LEAVER]).await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--allow-writes"), "{}", refused.err);
    for words in [
        ["call", "list_org_users", "nmae=jane"].as_slice(),
        &["call", "list_orgusers"],
        &["export", "everybody"],
        &["fnid", "jane.doe@example.com"],
        &["find", "jane.doe at example.com"],
        &["call"],
    ] {
        assert_eq!(world.run(words).await.code, Some(2), "{words:?}");
    }
}

#[tokio::test]
async fn a_change_ends_with_3_until_its_token_comes_and_with_5_where_it_did_nothing() {
    let world = World::new().await;
    let offboard = ["--allow-writes", "offboard", known::LEAVER];
    let plan = world.run(&offboard).await;
    assert_eq!(plan.code, Some(3), "{}", plan.err);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    let token = plan["confirmation_token"].as_str().unwrap();
    let done = world
        .run(&[offboard.as_slice(), &["--token", token]].concat())
        .await;
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    let nothing = world
        .run(&[
            "--allow-writes",
            "add-viewer",
            "new@example.org",
            "--page",
            known::PUBLIC_PAGE,
        ])
        .await;
    assert_eq!(nothing.code, Some(5), "{}", nothing.out);
    let added = world
        .run(&[
            "--allow-writes",
            "add-viewer",
            "new@example.org",
            "--page",
            known::AUDIENCE_PAGE,
        ])
        .await;
    assert_eq!(added.code, Some(0), "{}", added.out);
}

#[tokio::test]
async fn a_list_that_goes_on_ends_with_4_and_all_of_it_with_0() {
    let world = World::new().await;
    let page = format!("page_id={}", known::AUDIENCE_PAGE);
    let first = world.run(&["call", "list_page_access_users", &page]).await;
    assert_eq!(first.code, Some(4));
    let all = world
        .run(&["call", "list_page_access_users", &page, "--all"])
        .await;
    assert_eq!(all.code, Some(0), "{}", all.err);
    let all: Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!(
        all["records"].as_array().unwrap().len() as u64,
        all["matched"].as_u64().unwrap()
    );
    assert!(all.get("next_cursor").is_none());
}
