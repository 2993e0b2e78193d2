//! `review_access`: findings with what shows them and a call that can be made, and silence about what was not read.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{AUDIENCE_PAGE, GROUPS, JANE, OWNER, PUBLIC_PAGE};
use status_roster::sandbox::{Fault, Faults, Settings};

use super::world::{Make, World};

/// Each finding of a group as one of its own, with what is the same for all of the group.
pub(super) fn each(group: &Value) -> Vec<Value> {
    let about = group["about"].as_array().unwrap().iter();
    let each = about.map(|one| {
        let lines = |of: &Value| of["evidence"].as_array().cloned().unwrap_or_default();
        let mut finding = json!({
            "id": one["id"],
            "severity": group["severity"],
            "title": format!("{} {}", one["who"].as_str().unwrap(), group["title"].as_str().unwrap()),
            "evidence": Value::from([lines(group), lines(one)].concat()),
            "access": one["access"],
        });
        if group["fix"].is_object() {
            finding["fix"] = group["fix"].clone();
            for (name, value) in one["arguments"].as_object().into_iter().flatten() {
                finding["fix"]["arguments"][name] = value.clone();
            }
        }
        for (from, key) in [(group, "next"), (one, "name")] {
            if !from[key].is_null() {
                finding[key] = from[key].clone();
            }
        }
        finding
    });
    each.collect()
}

pub(super) async fn all(world: &World, mut arguments: Value) -> (Value, Vec<Value>) {
    let mut findings = Vec::new();
    let mut first = Value::Null;
    loop {
        let piece = world.result("review_access", arguments.clone()).await;
        assert!(piece.to_string().len() < 20_480);
        findings.extend(piece["findings"].as_array().unwrap().iter().flat_map(each));
        arguments["cursor"] = piece["next_cursor"].clone();
        let last = piece["next_cursor"].is_null();
        if first.is_null() {
            first = piece;
        }
        if last {
            return (first, findings);
        }
    }
}

pub(super) fn kinds(findings: &[Value]) -> BTreeSet<String> {
    let ids = findings
        .iter()
        .map(|finding| finding["id"].as_str().unwrap());
    ids.map(|id| id.split(':').next().unwrap().to_owned())
        .collect()
}

fn company() -> Make {
    Make {
        more: "[policy]\nemail_domains = [\"example.com\"]\n".to_owned(),
        ..Make::default()
    }
}

#[tokio::test]
async fn what_is_out_of_order_is_found_with_its_evidence_and_its_fix() {
    let world = company().world().await;
    let (report, findings) = all(&world, json!({"profile": "hygiene"})).await;
    assert_eq!(report["complete"], true);
    for kind in [
        "outside_address",
        "shared_mailbox",
        "viewer_without_group",
        "same_address_twice",
        "group_without_members",
        "quarantined_subscriber",
        "webhook_to_unknown_host",
    ] {
        assert!(
            kinds(&findings).contains(kind),
            "{kind}: {:?}",
            kinds(&findings)
        );
    }
    assert_eq!(report["matched"], findings.len());
    let counted: u64 = report["counts"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(counted as usize, findings.len());
    let ids: BTreeSet<&str> = findings
        .iter()
        .map(|finding| finding["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids.len(),
        findings.len(),
        "each finding has an id of its own"
    );
    assert!(ids.contains(format!("group_without_members:{}", GROUPS[7].0).as_str()));
    for finding in &findings {
        assert!(!finding["evidence"].as_array().unwrap().is_empty());
        assert!(
            finding["fix"].is_object() || finding["next"].is_string(),
            "{finding}"
        );
    }
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(world.sandbox.report().unpaginated_hits, 0);
}

#[tokio::test]
async fn a_fix_makes_its_finding_go_away_and_leaves_the_others() {
    let world = company().world().await;
    let (_, before) = all(&world, json!({"profile": "hygiene"})).await;
    let of = |findings: &[Value]| -> BTreeSet<String> {
        findings
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let finding = before
        .iter()
        .find(|it| it["id"].as_str().unwrap().starts_with("quarantined"))
        .unwrap();
    let mut fix = finding["fix"]["arguments"].clone();
    let plan = world.result("remove_user", fix.clone()).await;
    fix["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(world.result("remove_user", fix).await["status"], "applied");
    let (_, after) = all(&world, json!({"profile": "hygiene"})).await;
    let gone: Vec<String> = of(&before).difference(&of(&after)).cloned().collect();
    assert!(
        gone.contains(&finding["id"].as_str().unwrap().to_owned()),
        "{gone:?}"
    );
    assert!(
        gone.len() <= 2,
        "the same subscriber may also have been there twice: {gone:?}"
    );
    assert!(of(&after).is_subset(&of(&before)));
}

#[tokio::test]
async fn who_is_not_among_the_identities_is_found_everywhere() {
    let world = World::new().await;
    let identities = json!([OWNER, "Oncall@Example.com"]);
    let (report, findings) = all(
        &world,
        json!({"profile": "offboarding", "identities": identities}),
    )
    .await;
    assert_eq!(report["counts"]["member_not_in_identities"], 248);
    let about_jane: BTreeSet<String> = kinds(
        &findings
            .iter()
            .filter(|it| it["title"].as_str().unwrap().to_lowercase().contains(JANE))
            .cloned()
            .collect::<Vec<_>>(),
    );
    assert_eq!(
        about_jane.len(),
        3,
        "member, viewer and subscriber: {about_jane:?}"
    );
    assert!(
        !findings
            .iter()
            .any(|it| it["title"].as_str().unwrap().contains(OWNER))
    );
    assert!(
        !findings
            .iter()
            .any(|it| it["title"].as_str().unwrap().contains("oncall@"))
    );
    let customers = findings
        .iter()
        .filter(|it| it["id"].as_str().unwrap().starts_with("viewer_not"));
    assert!(
        customers.count() < 30,
        "customers of other domains are not employees"
    );
    assert_eq!(findings[0]["severity"], "high");
    assert!(
        findings
            .iter()
            .all(|it| it["fix"]["tool"] == "offboard_person")
    );
}

#[tokio::test]
async fn no_identities_are_a_refusal_and_not_a_list_of_everybody() {
    let world = World::new().await;
    let refusal = world
        .refusal("review_access", json!({"profile": "offboarding"}))
        .await;
    assert!(refusal.contains("identities"), "{refusal}");
    let refusal = world
        .refusal(
            "review_access",
            json!({"profile": "offboarding", "identities": []}),
        )
        .await;
    assert!(refusal.contains("everybody would be found"), "{refusal}");
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn nothing_is_concluded_from_what_was_not_read() {
    let make = Make {
        sandbox: Settings {
            team_members: 2,
            ..Make::default().sandbox
        },
        ..company()
    };
    let world = make.world().await;
    let mut faults = Faults::next(Fault::Forbidden, "GET", "/users?");
    faults.next[0].times = 9;
    let mut more = Faults::next(
        Fault::Forbidden,
        "GET",
        &format!("{PUBLIC_PAGE}/subscribers"),
    );
    more.next[0].times = 9;
    faults.next.extend(more.next);
    world.sandbox.faults(faults);
    let (report, findings) = all(&world, json!({"profile": "hygiene"})).await;
    assert_eq!(report["complete"], false);
    assert!(!kinds(&findings).contains("single_team_member"));
    assert!(
        report["not_checked"]
            .to_string()
            .contains("only one person can run the pages"),
        "{report}"
    );
    let unknown = report["unknown"].to_string();
    assert!(
        unknown.contains("team members") && unknown.contains(PUBLIC_PAGE),
        "{unknown}"
    );
    assert!(
        kinds(&findings).contains("group_without_members"),
        "what was read is reviewed all the same"
    );
}

#[tokio::test]
async fn one_page_is_enough_where_one_is_asked_for() {
    let world = company().world().await;
    let (report, _) = all(
        &world,
        json!({"profile": "hygiene", "page_ids": [AUDIENCE_PAGE]}),
    )
    .await;
    assert_eq!(report["complete"], true);
    let requests = world.sandbox.requests();
    assert!(
        !requests
            .iter()
            .any(|it| it.target.contains(&format!("{PUBLIC_PAGE}/")))
    );
}

#[tokio::test]
async fn a_review_of_less_is_no_answer_to_a_review_of_more() {
    let make = Make {
        systems: System::ALL.to_vec(),
        ..company()
    };
    let world = make.world().await;
    let (_, fewer) = all(&world, json!({"profile": "offboarding"})).await;
    assert!(!kinds(&fewer).contains("group_without_members"));
    let (_, more) = all(&world, json!({"profile": "hygiene"})).await;
    assert!(
        kinds(&more).contains("group_without_members"),
        "the groups are read although a review was made a moment ago"
    );
}

#[tokio::test]
async fn the_last_team_member_is_told_with_what_a_person_decides() {
    let make = Make {
        sandbox: Settings {
            team_members: 2,
            ..Make::default().sandbox
        },
        ..company()
    };
    let world = make.world().await;
    let mut removal = json!({"system": "statuspage_team", "email": JANE});
    let plan = world.result("remove_user", removal.clone()).await;
    removal["confirmation_token"] = plan["confirmation_token"].clone();
    world.result("remove_user", removal).await;
    let (_, findings) = all(&world, json!({"profile": "hygiene"})).await;
    let finding = findings
        .iter()
        .find(|it| it["id"] == "single_team_member")
        .unwrap();
    assert!(
        finding["fix"].is_null(),
        "whom to add, no call knows: {finding}"
    );
    assert!(finding["next"].as_str().unwrap().contains("add_org_user"));
}
