//! Of a review only what is asked for, and every kind that was looked for.

use serde_json::{Value, json};

use status_roster::roster::System;
use status_roster::sandbox::known::{AUDIENCE_PAGE, PUBLIC_PAGE};
use status_roster::sandbox::{Fault, Faults};

use super::review_access::each;
use super::world::{Make, World, in_days};

async fn world() -> World {
    Make::everything().world().await
}

/// The kind of each finding of a piece.
fn kinds(review: &Value) -> Vec<String> {
    let findings = review["findings"].as_array().unwrap().iter();
    let ids = findings
        .flat_map(each)
        .map(|it| it["id"].as_str().unwrap().to_owned());
    ids.map(|id| id.split(':').next().unwrap().to_owned())
        .collect()
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
        let wanted =
            |it: &String| ["viewer_without_group", "shared_mailbox"].contains(&it.as_str());
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

fn forbid(world: &World, paths: &[&str]) {
    let mut faults = Faults::default();
    for path in paths {
        let mut one = Faults::next(Fault::Forbidden, "GET", path);
        one.next[0].times = 99;
        faults.next.extend(one.next);
    }
    world.sandbox.faults(faults);
}

/// A company that wrote down all that a review asks for.
pub(super) fn orderly() -> Make {
    Make {
        statuspage: format!(
            "owner = \"olivia.owner@example.com\"\nkey_creator = \"olivia.owner@example.com\"\nkey_expires = {}",
            in_days(200)
        ),
        atlassian_scim: format!(
            "key_creator = \"olivia.owner@example.com\"\nkey_expires = {}",
            in_days(200)
        ),
        statusapp: format!(
            "key_creator = \"olivia.owner@example.com\"\nkey_expires = {}",
            in_days(200)
        ),
        more: "[policy]\nemail_domains = [\"example.com\"]\n".to_owned(),
        ..Make::everything()
    }
}

pub(super) async fn hygiene(world: &World) -> Value {
    let ask =
        json!({"profile": "hygiene", "identities": ["jane.doe@example.com"], "summary_only": true});
    world.result("review_access", ask).await
}

/// Each kind of findings depends on some lists. Where one of them was not read, nothing found means nothing, and is not said.
#[tokio::test]
async fn nothing_found_is_said_only_of_kinds_whose_lists_were_all_read() {
    let viewers = format!("{AUDIENCE_PAGE}/page_access_users");
    let subscribers = format!("{PUBLIC_PAGE}/subscribers");
    let groups = format!("{AUDIENCE_PAGE}/page_access_groups");
    for (paths, words, unread, read) in [
        (
            vec![viewers.as_str()],
            "the page access users of page",
            vec![
                "viewer_without_group",
                "viewers_without_effect",
                "viewer_not_in_identities",
                "hidden_or_broken_text",
                "same_address_twice",
                "inactive_with_access",
                "several_addresses",
            ],
            vec!["single_team_member", "quarantined_subscriber"],
        ),
        (
            vec![subscribers.as_str()],
            "the subscribers of page",
            vec![
                "quarantined_subscriber",
                "webhook_to_unknown_host",
                "subscriber_not_in_identities",
                "same_address_twice",
            ],
            vec!["viewer_without_group", "group_without_members"],
        ),
        (
            vec![groups.as_str()],
            "the page access groups of page",
            vec!["group_without_members", "group_gives_nothing"],
            vec!["viewer_without_group", "quarantined_subscriber"],
        ),
        (
            vec!["/organizations/"],
            "the team members",
            vec![
                "single_team_member",
                "owner_not_in_team",
                "member_not_in_identities",
            ],
            vec!["viewer_without_group", "statusapp_single_owner"],
        ),
        (
            vec!["/v1/pages"],
            "the list of pages",
            vec![
                "viewer_without_group",
                "quarantined_subscriber",
                "group_without_members",
            ],
            vec!["single_team_member", "directory_group_without_members"],
        ),
        (
            vec!["/Users"],
            "the people of the directory",
            vec![
                "inactive_with_access",
                "several_addresses",
                "name_of_two_people",
                "owner_has_left",
                "directory_user_not_in_identities",
            ],
            vec!["directory_group_without_members", "single_team_member"],
        ),
        (
            vec!["/Groups"],
            "the groups of the directory",
            vec!["directory_group_without_members"],
            vec!["inactive_with_access", "group_without_members"],
        ),
        (
            vec!["/team/members"],
            "the StatusApp team",
            vec![
                "statusapp_without_owner",
                "statusapp_single_owner",
                "statusapp_not_in_identities",
            ],
            vec!["invitation_expired", "single_team_member"],
        ),
        (
            vec!["/team/invitations"],
            "the StatusApp invitations",
            vec![
                "invitation_expired",
                "invitation_pending_long",
                "invitation_not_in_identities",
                "outside_address",
            ],
            vec!["statusapp_single_owner", "shared_mailbox"],
        ),
    ] {
        let world = orderly().world().await;
        forbid(&world, &paths);
        let review = hygiene(&world).await;
        assert_eq!(review["complete"], false, "{paths:?}");
        let (run, incomplete) = (&review["checks_run"], &review["checks_incomplete"]);
        for kind in unread {
            assert_ne!(run[kind], 0, "{kind} with {paths:?} unread: {run}");
            let why = incomplete[kind].as_str().unwrap_or_default();
            assert!(why.contains(words), "{kind}: {incomplete}");
        }
        for kind in read {
            assert!(run[kind].is_u64(), "{kind} was looked for: {run}");
            assert!(incomplete[kind].is_null(), "{kind}: {incomplete}");
        }
    }
}

/// Each kind of the profile is run, or it is said why it was not, whatever is configured.
#[tokio::test]
async fn every_kind_is_run_or_named_with_why_it_was_not() {
    let world = orderly().world().await;
    let whole = hygiene(&world).await;
    assert_eq!(whole["checks_incomplete"], Value::Null, "{whole}");
    let all: Vec<&String> = whole["checks_run"].as_object().unwrap().keys().collect();
    assert!(all.len() > 25, "{all:?}");
    for systems in [
        vec![System::Statuspage],
        vec![System::AtlassianScim],
        vec![System::Statusapp],
    ] {
        let bare = Make {
            systems: systems.clone(),
            ..Make::default()
        };
        let world = bare.world().await;
        let review = world
            .result("review_access", json!({"profile": "hygiene"}))
            .await;
        for kind in &all {
            let why = review["checks_incomplete"][kind.as_str()].as_str();
            let run = &review["checks_run"][kind.as_str()];
            assert!(
                run.is_u64() || why.is_some_and(|why| !why.is_empty()),
                "{systems:?}, {kind}: {review}"
            );
            assert!(run != 0 || why.is_none(), "{systems:?}, {kind}: {review}");
        }
        let has_pages = systems == [System::Statuspage];
        assert_eq!(
            review["checks_run"]["viewer_without_group"].is_u64(),
            has_pages
        );
        let left = &review["checks_run"]["inactive_with_access"];
        assert!(
            left.is_null(),
            "a directory alone tells no access: {review}"
        );
        let keys = review["checks_incomplete"]["key_ends"].as_str().unwrap();
        assert!(keys.contains("nobody wrote down when it ends"), "{keys}");
    }
}

/// While the lists are still being read no check was run, and none is said to have found nothing.
#[tokio::test]
async fn no_check_is_run_before_the_last_list_was_read() {
    let mut make = orderly();
    make.sandbox.requests_per_window = 12;
    make.server = "mode = \"write\"\nmax_wait_seconds = 1".to_owned();
    let world = make.world().await;
    let mut ask = json!({"profile": "hygiene", "summary_only": true});
    let mut pieces = 0;
    loop {
        let piece = world.result("review_access", ask.clone()).await;
        let Some(cursor) = piece["next_cursor"].as_str() else {
            assert_eq!(piece["complete"], true, "{piece}");
            break assert_eq!(piece["checks_run"]["single_team_member"], 0, "{piece}");
        };
        assert_eq!(piece["checks_run"], json!({}), "{piece}");
        let warned = piece["warnings"].to_string();
        assert!(warned.contains("no check was run yet"), "{warned}");
        pieces += 1;
        ask["cursor"] = json!(cursor);
    }
    assert!(pieces > 0, "it was read at once");
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
