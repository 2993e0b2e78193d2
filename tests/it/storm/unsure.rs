//! Measured: how many changes end without anybody knowing what became of them, and how many calls a job takes, while the upstream
//! fails most of the time. Pauses pass at once.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, JANE_USER};
use status_roster::sandbox::{Fault, Faults};

use crate::tools::world::{Make, World};

async fn world(make: Make) -> World {
    let clock = Clock::following("2026-03-01T12:00:00Z".parse().unwrap());
    Make { clock, ..make }.world().await
}

fn failing(seed: u64, rates: &[(Fault, f64)]) -> Faults {
    Faults {
        seed,
        rates: rates.iter().copied().collect(),
        ..Faults::default()
    }
}

/// One call and, where it is a plan, the call that confirms it. How it ended, `refused` where it was.
async fn ended(world: &World, tool: &str, mut arguments: Value) -> String {
    let mut answer = world.ask(tool, arguments.clone()).await;
    let token = answer
        .structured()
        .map(|it| it["confirmation_token"].clone());
    if let Some(token) = token.filter(Value::is_string) {
        arguments["confirmation_token"] = token;
        answer = world.ask(tool, arguments).await;
    }
    answer.structured().map_or_else(
        || "refused".to_owned(),
        |it| it["status"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_changes_under_faults_and_lost_answers_one_at_most_ends_unknown() {
    let world = world(Make::default()).await;
    let faults = [
        (Fault::Status500, 0.03),
        (Fault::Status502, 0.03),
        (Fault::Status503, 0.03),
        (Fault::HtmlErrorPage, 0.03),
        (Fault::TruncatedBody, 0.05),
        (Fault::FailedAfterHandling, 0.03),
        (Fault::LostAnswer, 0.2),
    ];
    world.sandbox.faults(failing(11, &faults));
    let mut endings: BTreeMap<String, usize> = BTreeMap::new();
    for nth in 0..100 {
        let email = format!("unsure{nth}@example.com");
        let add = json!({"page_id": AUDIENCE_PAGE, "email": email});
        let remove = json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "email": email});
        for (tool, arguments) in [("add_page_viewer", add), ("remove_user", remove)] {
            let how = ended(&world, tool, arguments).await;
            *endings.entry(format!("{tool} {how}")).or_default() += 1;
        }
    }
    eprintln!("{endings:#?}");
    let of = |how: &str| -> usize {
        let those = endings.iter().filter(|(ending, _)| ending.ends_with(how));
        those.map(|(_, times)| times).sum()
    };
    assert!(of("unknown") <= 2, "{endings:#?}");
    assert!(of("refused") <= 2, "{endings:#?}");
    let viewers = world.stored_page(AUDIENCE_PAGE)["viewers"].to_string();
    let made = world.sandbox.requests();
    let posts = made.iter().filter(|it| it.method == "POST").count();
    assert!(posts <= 100, "{posts} posts: something was posted twice");
    let left = (0..100).filter(|nth| viewers.contains(&format!("unsure{nth}@")));
    let unfinished =
        of("remove_user failed") + of("confirmation_required") + of("unknown") + of("refused");
    assert!(left.count() <= unfinished, "{endings:#?}");
}

#[tokio::test(start_paused = true)]
async fn an_offboarding_over_three_systems_is_done_in_six_calls_while_half_of_all_answers_fail() {
    let mut most = 0;
    for seed in 1..=12 {
        let world = world(Make::everything()).await;
        world
            .sandbox
            .faults(failing(seed, &[(Fault::Status500, 0.5)]));
        let mut arguments = json!({"email": JANE});
        let mut told = Vec::new();
        let calls = loop {
            let answer = world.ask("offboard_person", arguments.clone()).await;
            told.push(answer.text.chars().take(300).collect::<String>());
            assert!(told.len() <= 6, "seed {seed}: {told:#?}");
            let Some(result) = answer.structured() else {
                continue;
            };
            if result["status"] == "applied" {
                break told.len();
            }
            if let Some(token) = result.get("confirmation_token") {
                arguments["confirmation_token"] = token.clone();
            }
        };
        most = most.max(calls);
        world.sandbox.faults(Faults::default());
        assert_eq!(world.stored_member(JANE_USER), Value::Null, "seed {seed}");
    }
    eprintln!("{most} calls at most");
}
