//! `review_access` with one, two and three systems: the others are named, and what one system's failure hides is told.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{AUDIENCE_PAGE, PUBLIC_PAGE};
use status_roster::sandbox::{Fault, Faults};

use super::review_access::{all, kinds};
use super::review_people::company;
use super::world::Make;

#[tokio::test]
async fn one_two_or_three_systems_answer_and_the_others_are_named() {
    for systems in [
        vec![System::Statuspage],
        vec![System::AtlassianScim],
        vec![System::Statusapp],
        vec![System::AtlassianScim, System::Statusapp],
        System::ALL.to_vec(),
    ] {
        let make = Make {
            systems: systems.clone(),
            ..company()
        };
        let world = make.world().await;
        let (report, findings) = all(&world, json!({"profile": "hygiene"})).await;
        assert_eq!(report["complete"], true, "{systems:?}");
        let unknown: Vec<&Value> = report["unknown"].as_array().unwrap().iter().collect();
        assert_eq!(unknown.len(), 3 - systems.len(), "{unknown:?}");
        assert!(unknown.iter().all(|it| it["kind"] == "not_configured"));
        let seen = kinds(&findings);
        let has = |system| systems.contains(&system);
        assert_eq!(
            seen.contains("quarantined_subscriber"),
            has(System::Statuspage)
        );
        assert_eq!(seen.contains("invitation_expired"), has(System::Statusapp));
        assert_eq!(
            seen.contains("inactive_with_access"),
            has(System::AtlassianScim) && systems.len() > 1,
            "{systems:?}: {seen:?}"
        );
        let not_checked = report["not_checked"].to_string();
        assert_eq!(
            not_checked.contains("who has left the company"),
            !has(System::AtlassianScim),
            "{not_checked}"
        );
    }
}

#[tokio::test]
async fn a_system_that_fails_is_named_and_the_rest_is_reviewed() {
    for (system, paths, hidden, still) in [
        (
            "atlassian_scim",
            &["/scim/"][..],
            "switched off in the directory: it was not read to its end",
            "invitation_expired",
        ),
        (
            "statusapp",
            &["/team/members", "/team/invitations"],
            "are among the StatusApp team, the StatusApp invitations: not read",
            "inactive_with_access",
        ),
        (
            "statuspage",
            &["/organizations/", "/v1/pages"],
            "only one person can run the pages",
            "inactive_with_access",
        ),
    ] {
        let world = company().world().await;
        let mut faults = Faults::default();
        for path in paths {
            let mut more = Faults::next(Fault::Forbidden, "GET", path);
            more.next[0].times = 99;
            faults.next.extend(more.next);
        }
        world.sandbox.faults(faults);
        let (report, findings) = all(&world, json!({"profile": "hygiene"})).await;
        assert_eq!(report["complete"], false, "{system}");
        let unknown = report["unknown"].as_array().unwrap();
        assert!(!unknown.is_empty());
        assert!(
            unknown
                .iter()
                .all(|it| it["system"] == system && it["kind"] == "not_read"),
            "{unknown:?}"
        );
        let not_checked = report["not_checked"].to_string();
        assert!(not_checked.contains(hidden), "{system}: {not_checked}");
        assert!(
            kinds(&findings).contains(still),
            "{system}: {:?}",
            kinds(&findings)
        );
        let all_words = Value::from(findings.clone()).to_string();
        assert!(
            !all_words.contains("single_team_member")
                && !all_words.contains("statusapp_without_owner")
        );
    }
}

#[tokio::test]
async fn one_page_is_reviewed_with_the_other_systems() {
    let world = company().world().await;
    let (report, findings) = all(
        &world,
        json!({"profile": "hygiene", "page_ids": [AUDIENCE_PAGE]}),
    )
    .await;
    assert_eq!(report["complete"], true);
    assert!(kinds(&findings).contains("inactive_with_access"));
    let asked = world.sandbox.requests();
    assert!(
        !asked
            .iter()
            .any(|it| it.target.contains(&format!("{PUBLIC_PAGE}/")))
    );
    let make = Make {
        systems: vec![System::Statusapp],
        ..company()
    };
    let world = make.world().await;
    let told = world
        .refusal(
            "review_access",
            json!({"profile": "hygiene", "page_ids": [AUDIENCE_PAGE]}),
        )
        .await;
    assert!(told.contains("STATUSPAGE_API_KEY"), "{told}");
}
