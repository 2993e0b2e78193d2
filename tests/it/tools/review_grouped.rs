//! Findings with the same to do are one entry, whose people are marked with what their accounts let them do.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use status_roster::sandbox::known::LEAVER_DIRECTORY_USER;

use super::review_access::all;
use super::review_shown::{hygiene, orderly};

/// Findings with the same to do are one entry, however many people they are about and however many pieces they come in.
#[tokio::test]
async fn findings_of_one_kind_are_one_entry_with_what_is_the_same_said_once() {
    let world = orderly().world().await;
    let identities = json!(["olivia.owner@example.com"]);
    let mut ask = json!({"profile": "hygiene", "identities": identities});
    let mut entries: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    let (mut pieces, mut split) = (0, 0);
    loop {
        let piece = world.result("review_access", ask.clone()).await;
        pieces += 1;
        let mut here = BTreeSet::new();
        for group in piece["findings"].as_array().unwrap() {
            let about = group["about"].as_array().unwrap();
            let fix = &group["fix"]["tool"];
            let key = json!([
                group["kind"],
                group["severity"],
                group["title"],
                group["next"],
                fix
            ]);
            assert!(here.insert(key.to_string()), "twice in one piece: {key}");
            let total = group["total"].as_u64().unwrap();
            let entry = entries.entry(key.to_string()).or_default();
            split += usize::from(entry.1 > 0);
            *entry = (total, entry.1 + about.len());
            for one in about {
                let kind = one["id"].as_str().unwrap().split(':').next();
                assert_eq!(kind, group["kind"].as_str());
                assert!(!one["who"].as_str().unwrap().is_empty());
                for line in one["evidence"].as_array().into_iter().flatten() {
                    assert!(!group["evidence"].to_string().contains(&line.to_string()));
                }
                for (name, _) in one["arguments"].as_object().into_iter().flatten() {
                    assert!(group["fix"]["arguments"][name].is_null(), "{group}");
                }
            }
            if about.len() > 1 && total as usize == about.len() {
                let one_line =
                    |one: &Value| one["evidence"].as_array().cloned().unwrap_or_default();
                let mut lines = about.iter().flat_map(one_line);
                let same = lines.find(|line| about.iter().all(|it| one_line(it).contains(line)));
                assert_eq!(same, None, "it is the same for all: {group}");
            }
        }
        let Some(cursor) = piece["next_cursor"].as_str() else {
            let shown: usize = entries.values().map(|(_, shown)| shown).sum();
            break assert_eq!(piece["matched"], shown);
        };
        ask["cursor"] = json!(cursor);
    }
    assert!(pieces > 1 && split > 0, "{pieces} pieces, {split} split");
    for (key, (total, shown)) in &entries {
        assert_eq!(*total as usize, *shown, "{key}");
    }
    let many = entries.values().filter(|(total, _)| *total > 20).count();
    assert!(many > 2, "{entries:?}");
}

/// Who is found is marked with what the accounts let them do.
#[tokio::test]
async fn accounts_are_marked_with_what_they_let_somebody_do() {
    let world = orderly().world().await;
    let ask = json!({"profile": "hygiene", "identities": ["olivia.owner@example.com"]});
    let (_, findings) = all(&world, ask).await;
    for (kind, marks) in [
        ("member_not_in_identities", json!(["can_sign_in"])),
        ("statusapp_not_in_identities", json!(["can_sign_in"])),
        ("directory_user_not_in_identities", json!(["can_sign_in"])),
        ("viewer_without_group", json!(["can_look"])),
        ("viewer_not_in_identities", json!(["can_look"])),
        ("quarantined_subscriber", Value::Null),
        ("invitation_not_in_identities", Value::Null),
        ("group_without_members", Value::Null),
    ] {
        let of_kind = |it: &&Value| it["id"].as_str().unwrap().starts_with(&format!("{kind}:"));
        let found: Vec<&Value> = findings.iter().filter(of_kind).collect();
        assert!(!found.is_empty(), "{kind}");
        assert!(found.iter().all(|it| it["access"] == marks), "{found:?}");
    }
    let id = format!("inactive_with_access:{LEAVER_DIRECTORY_USER}");
    let lena = findings.iter().find(|it| it["id"] == id.as_str()).unwrap();
    let all_three = json!(["can_sign_in", "can_look", "is_told"]);
    assert_eq!(lena["access"], all_three, "{lena}");
    let evidence = lena["evidence"].to_string();
    assert!(evidence.contains("can_look") && evidence.contains("is_told"));
}

/// The addresses are those of everybody whom a finding is about, also where the call that mends it goes by an id.
#[tokio::test]
async fn a_summary_has_each_address_once_and_counts_those_that_it_leaves_out() {
    let world = orderly().world().await;
    let ask = |summary: bool| json!({"profile": "hygiene", "kinds": ["viewer_without_group", "same_address_twice", "quarantined_subscriber"], "summary_only": summary});
    let (_, findings) = all(&world, ask(false)).await;
    let summary = world.result("review_access", ask(true)).await;
    let addresses: BTreeSet<String> = serde_json::from_value(summary["addresses"].clone()).unwrap();
    assert_eq!(
        addresses.len(),
        summary["addresses"].as_array().unwrap().len()
    );
    let of = |it: &Value| {
        let who = it["title"].as_str().unwrap().split(' ').next().unwrap();
        who.contains('@').then(|| who.to_lowercase())
    };
    let expected: BTreeSet<String> = findings.iter().filter_map(of).collect();
    assert!(expected.len() > 5, "{expected:?}");
    assert!(expected.is_subset(&addresses), "{expected:?} {addresses:?}");
    let mut many = orderly();
    many.sandbox.team_members = 700;
    let world = many.world().await;
    let everybody = hygiene(&world).await;
    assert_eq!(everybody["addresses"].as_array().unwrap().len(), 500);
    let warned = everybody["warnings"].to_string();
    assert!(
        warned.contains("more addresses are not in `addresses`"),
        "{warned}"
    );
}
