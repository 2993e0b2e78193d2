//! Of a review only what is asked for, and every kind that was looked for.

use serde_json::{Value, json};

use super::world::{Make, World};

async fn world() -> World {
    Make::everything().world().await
}

fn kinds(review: &Value) -> Vec<&str> {
    let findings = review["findings"].as_array().unwrap().iter();
    let ids = findings.map(|it| it["id"].as_str().unwrap());
    ids.map(|id| id.split(':').next().unwrap()).collect()
}

#[tokio::test]
async fn a_summary_holds_counts_and_addresses_and_nothing_to_go_on_with() {
    let world = world().await;
    let whole = world
        .result("review_access", json!({"profile": "hygiene"}))
        .await;
    let summary = json!({"profile": "hygiene", "summary_only": true});
    let summary = world.result("review_access", summary).await;
    assert_eq!(summary["findings"], json!([]));
    assert!(summary.get("next_cursor").is_none(), "{summary}");
    assert_eq!(summary["counts"], whole["counts"]);
    let addresses = summary["addresses"].as_array().unwrap();
    assert!(
        addresses.contains(&json!("lena.leaver@example.com")),
        "{addresses:?}"
    );
    assert!(summary.to_string().len() < 6_000, "{summary}");
}

#[tokio::test]
async fn findings_of_some_kinds_or_so_grave_come_alone_in_all_pieces() {
    let world = world().await;
    let mut ask =
        json!({"profile": "hygiene", "kinds": ["viewer_without_group", "shared_mailbox"]});
    let mut seen = 0;
    loop {
        let piece = world.result("review_access", ask.clone()).await;
        let found = kinds(&piece);
        let wanted = |it: &&str| ["viewer_without_group", "shared_mailbox"].contains(it);
        assert!(found.iter().all(wanted), "{found:?}");
        seen += found.len();
        let Some(cursor) = piece["next_cursor"].as_str() else {
            break assert_eq!(piece["matched"], seen);
        };
        ask["cursor"] = json!(cursor);
    }
    assert!(seen > 0, "nothing was found");
    let grave = json!({"profile": "hygiene", "severity": "high"});
    let grave = world.result("review_access", grave).await;
    let findings = grave["findings"].as_array().unwrap();
    assert!(!findings.is_empty() && findings.iter().all(|it| it["severity"] == "high"));
}

#[tokio::test]
async fn a_kind_that_was_looked_for_and_not_found_is_there_with_nothing_and_one_that_was_not_is_absent()
 {
    let world = world().await;
    let review = world
        .result("review_access", json!({"profile": "hygiene"}))
        .await;
    let run = &review["checks_run"];
    assert_eq!(run["single_team_member"], 0, "{run}");
    assert!(run["inactive_with_access"].as_u64().unwrap() > 0);
    assert!(
        run.get("member_not_in_identities").is_none(),
        "no identities were given"
    );
    let people = json!({"profile": "hygiene", "identities": ["jane.doe@example.com"]});
    let review = world.result("review_access", people).await;
    assert!(
        review["checks_run"]["member_not_in_identities"]
            .as_u64()
            .unwrap()
            > 0
    );
    for (kind, count) in review["counts"].as_object().unwrap() {
        assert_eq!(&review["checks_run"][kind], count, "{kind}");
    }
}

#[tokio::test]
async fn a_kind_that_there_is_not_is_refused_with_those_that_there_are() {
    let world = world().await;
    let words = world
        .refusal(
            "review_access",
            json!({"profile": "hygiene", "kinds": ["viewers"]}),
        )
        .await;
    assert!(
        words.contains("`kinds` has no `viewers`") && words.contains("viewer_without_group"),
        "{words}"
    );
    assert_eq!(world.sandbox.report().requests, 0);
}

/// Each kind that the rules can find can be asked for.
#[tokio::test]
async fn every_kind_that_is_found_can_be_asked_for() {
    let world = world().await;
    for profile in ["hygiene", "offboarding", "atlassian_migration"] {
        let ask = json!({"profile": profile, "identities": ["jane.doe@example.com"]});
        let review = world.result("review_access", ask).await;
        let run: Vec<String> = review["checks_run"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let ask = json!({"profile": profile, "identities": ["jane.doe@example.com"], "kinds": run, "summary_only": true});
        let again = world.result("review_access", ask).await;
        assert_eq!(again["matched"], review["matched"], "{profile}");
    }
}
