//! Keys that end: told from 30 days before, and in every answer of every tool from 14 days before.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use status_roster::access::Key;
use status_roster::roster::System;
use status_roster::sandbox::known::JANE;

use super::world::{Make, in_days};

fn key(system: System) -> Key {
    Key {
        name: "k".to_owned(),
        system,
        created: None,
        expires: None,
        creator: None,
        own: true,
    }
}

/// Noon of a day.
fn on(day: jiff::civil::Date) -> Timestamp {
    day.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
}

#[test]
fn days_are_counted_to_the_end_on_record_or_the_latest_possible() {
    let made = Some(date(2026, 1, 31));
    let ends = Some(date(2026, 7, 31));
    for (system, created, expires, today, days, words) in [
        (
            System::Statuspage,
            None,
            ends,
            date(2026, 6, 30),
            Some(31),
            None,
        ),
        (
            System::Statuspage,
            None,
            ends,
            date(2026, 7, 1),
            Some(30),
            Some("ends in 30 days (2026-07-31)"),
        ),
        (
            System::Statuspage,
            made,
            ends,
            date(2026, 7, 30),
            Some(1),
            Some("ends tomorrow"),
        ),
        (
            System::Statuspage,
            None,
            ends,
            date(2026, 7, 31),
            Some(0),
            Some("ends today"),
        ),
        (
            System::Statuspage,
            None,
            ends,
            date(2026, 8, 1),
            Some(-1),
            Some("ended on 2026-07-31"),
        ),
        (
            // Older keys have no end, and younger ones the one that was chosen: nothing follows from the day alone.
            System::Statuspage,
            made,
            None,
            date(2027, 1, 21),
            None,
            None,
        ),
        (
            System::AtlassianScim,
            made,
            None,
            date(2027, 1, 21),
            Some(10),
            Some("the old one stops at once"),
        ),
        (
            System::AtlassianScim,
            None,
            None,
            date(2027, 1, 21),
            None,
            None,
        ),
        // A StatusApp key may be made without an end.
        (System::Statusapp, made, None, date(2027, 1, 21), None, None),
        (
            System::Statusapp,
            None,
            ends,
            date(2026, 7, 20),
            Some(11),
            Some("Settings, API keys"),
        ),
    ] {
        let key = Key {
            created,
            expires,
            ..key(system)
        };
        let age = key.age(on(today), false);
        assert_eq!(age.days_left, days, "{system} {today}");
        match (words, age.warning) {
            (None, None) => {}
            (Some(words), Some(told)) => assert!(told.contains(words), "{told}"),
            other => panic!("{system} {today}: {other:?}"),
        }
    }
}

/// Whatever is asked, with or without arguments that make sense.
#[tokio::test]
async fn every_answer_of_every_tool_warns_from_14_days() {
    let make = Make {
        atlassian_scim: format!("key_expires = {}", in_days(14)),
        ..Make::everything()
    };
    let world = make.world().await;
    let warned = |text: &str| text.contains("atlassian_scim key` ends in 1");
    let names: Vec<&str> = world.app.catalogue.specs().map(|spec| spec.name).collect();
    let mut results = BTreeSet::new();
    for name in names {
        for arguments in [
            json!({}),
            json!({"email": JANE}),
            json!({"what": "team", "profile": "offboarding"}),
        ] {
            let answer = world.ask(name, arguments).await;
            assert!(warned(&answer.text), "{name}: {}", answer.text);
            match &answer.structured() {
                Some(result) => {
                    assert!(warned(&result["warnings"].to_string()), "{name}: {result}");
                    results.insert(name);
                }
                None => assert!(
                    answer.text.ends_with("Nothing was changed."),
                    "{name}: {}",
                    answer.text
                ),
            }
        }
    }
    assert!(results.len() > 10, "{results:?}");
    let not_yet = Make {
        atlassian_scim: format!("key_expires = {}", in_days(15)),
        ..Make::everything()
    };
    let world = not_yet.world().await;
    let status = world.ask("server_status", json!({})).await;
    assert!(
        warned(&status.text),
        "looking at the server tells it earlier"
    );
    let refused = world.ask("find_person", json!({})).await;
    assert!(!warned(&refused.text), "{}", refused.text);
}

#[tokio::test]
async fn a_key_near_its_end_is_told_from_30_days_and_in_every_answer_from_14() {
    for (days, in_status, everywhere) in [
        (31, false, false),
        (30, true, false),
        (14, true, true),
        (-1, true, true),
    ] {
        let make = Make {
            atlassian_scim: format!("key_expires = {}", in_days(days)),
            ..Make::everything()
        };
        let world = make.world().await;
        let status = world.result("server_status", json!({})).await;
        let keys = status["keys"].as_array().unwrap();
        let key = keys
            .iter()
            .find(|key| key["system"] == "atlassian_scim")
            .unwrap();
        assert_eq!(key["days_left"], days);
        assert_eq!(key["warning"].is_string(), in_status, "{days}");
        assert_eq!(
            status["notices"].to_string().contains("ends in") || days < 0,
            in_status,
            "{days}"
        );
        for (tool, arguments) in [
            ("list_pages", json!({})),
            ("list_team_members", json!({})),
            ("find_person", json!({"email": JANE})),
            ("remove_user", json!({"system": "statusapp", "email": JANE})),
        ] {
            let warned = world.result(tool, arguments).await["warnings"].to_string();
            assert_eq!(
                warned.contains("atlassian_scim key"),
                everywhere,
                "{tool} {days}: {warned}"
            );
        }
        let found = world.app.access.check().await;
        let told = found.iter().find(|(what, _)| what == "key");
        assert_eq!(told.is_some(), in_status);
        // It was used a moment ago, so it is not over, whatever is written down.
        let words = told.map(|(_, words)| words.clone().unwrap());
        let answers = words.is_some_and(|words| words.contains("still answers"));
        assert_eq!(answers, days < 0);
    }
}

#[tokio::test]
async fn a_year_is_counted_where_it_is_the_rule_and_nothing_is_said_where_there_is_none() {
    let made = format!("key_created = {}", in_days(-360));
    let make = Make {
        statuspage: made.clone(),
        atlassian_scim: made.clone(),
        statusapp: made,
        ..Make::everything()
    };
    let world = make.world().await;
    let status = world.result("server_status", json!({})).await;
    let keys = status["keys"].as_array().unwrap();
    let of = |system: &str| keys.iter().find(|key| key["system"] == system).unwrap();
    assert_eq!(of("atlassian_scim")["days_left"], 5);
    let warning = of("atlassian_scim")["warning"].as_str().unwrap();
    assert!(warning.contains("a year after it was made"), "{warning}");
    for system in ["statuspage", "statusapp"] {
        assert!(
            of(system)["expires"].is_null(),
            "{system} keys need not end"
        );
    }
}

#[test]
fn a_directory_key_from_before_the_limits_ends_on_a_day_of_a_range() {
    let key = Key {
        created: Some(date(2024, 12, 31)),
        ..key(System::AtlassianScim)
    };
    for (today, days, over, words) in [
        (date(2026, 3, 1), 61, false, None),
        (
            date(2026, 4, 20),
            11,
            false,
            Some("between 2026-05-01 and 2027-05-01"),
        ),
        (
            date(2026, 11, 30),
            -213,
            false,
            Some("between 2026-05-01 and 2027-05-01"),
        ),
        (date(2027, 5, 2), -366, true, Some("ended by 2027-05-01")),
    ] {
        let age = key.age(on(today), false);
        assert_eq!((age.days_left, age.over), (Some(days), over), "{today}");
        assert_eq!(age.expires.as_deref(), Some("2026-05-01"));
        assert_eq!(age.expires_latest.as_deref(), Some("2027-05-01"));
        let told = age.warning.unwrap_or_default();
        assert!(
            words.map_or(told.is_empty(), |words| told.contains(words)),
            "{told}"
        );
    }
    let age = key.age(on(date(2027, 6, 1)), true);
    assert!(!age.over && age.warning.unwrap().contains("still answers"));
}
