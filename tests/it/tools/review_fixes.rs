//! Every fix of every kind of finding is a call that the server takes, and none of them changes anything by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use status_roster::sandbox::known::{LEAVER, OWNER};
use status_roster::toolkit::{Effect, Limits};

use super::review_access::{all, kinds};
use super::world::{Make, World, in_days};

/// A company with everything out of order.
async fn mess() -> World {
    let make = Make {
        statuspage: format!(
            "owner = \"{LEAVER}\"\nkey_creator = \"{LEAVER}\"\nkey_expires = {}",
            in_days(20)
        ),
        atlassian_scim: format!("key_expires = {}", in_days(-3)),
        more: "[policy]\nemail_domains = [\"example.com\"]\n".to_owned(),
        ..Make::everything()
    };
    let world = make.world().await;
    super::review_people::two_addresses_for_jane(&world).await;
    super::review_people::one_owner_in_statusapp(&world).await;
    super::review_people::nobody_in(&world, "former-staff").await;
    world
}

#[tokio::test]
async fn every_kind_of_fix_is_a_call_that_its_tool_takes() {
    let world = mess().await;
    let schemas: BTreeMap<&str, (jsonschema::Validator, Effect)> =
        status_roster::tools::catalogue(Limits::default())
            .specs()
            .map(|spec| {
                let schema = Value::Object(spec.input.clone());
                let validator = jsonschema::draft202012::new(&schema).unwrap();
                (spec.name, (validator, spec.effect))
            })
            .collect();
    let identities = json!([OWNER]);
    let mut findings = Vec::new();
    for arguments in [
        json!({"profile": "hygiene", "identities": identities}),
        json!({"profile": "hygiene"}),
        json!({"profile": "offboarding"}),
        json!({"profile": "atlassian_migration", "identities": identities}),
        json!({"profile": "atlassian_migration"}),
    ] {
        findings.extend(all(&world, arguments).await.1);
    }
    let before = world.writes();
    let mut tried = BTreeSet::new();
    for finding in &findings {
        let id = finding["id"].as_str().unwrap();
        let kind = id.split(':').next().unwrap();
        let Some(tool) = finding["fix"]["tool"].as_str() else {
            assert!(finding["next"].is_string(), "{finding}");
            continue;
        };
        let arguments = &finding["fix"]["arguments"];
        let (schema, effect) = &schemas[tool];
        assert!(schema.is_valid(arguments), "{finding}");
        assert_ne!(*effect, Effect::Add, "it would be done unasked: {finding}");
        if !tried.insert((kind.to_owned(), tool.to_owned())) {
            continue;
        }
        let answer = world.ask(tool, arguments.clone()).await;
        assert!(!answer.text.contains("bad arguments"), "{finding}");
        let status = answer.structured().map(|it| it["status"].clone());
        match (effect, status) {
            (Effect::Read, Some(_)) => {}
            (_, Some(status)) => assert_eq!(status, "confirmation_required", "{finding}"),
            (_, None) => assert!(
                answer.text.contains("Nothing was changed."),
                "{finding}: {}",
                answer.text
            ),
        }
    }
    assert_eq!(world.writes(), before, "a fix is planned, not made");
    let seen = kinds(&findings);
    for kind in [
        "address_changed",
        "directory_group_without_members",
        "directory_user_not_in_identities",
        "group_without_members",
        "hidden_or_broken_text",
        "inactive_with_access",
        "invitation_expired",
        "invitation_not_in_identities",
        "invitation_pending_long",
        "key_ends",
        "key_of_somebody_gone",
        "member_not_in_identities",
        "outside_address",
        "owner_has_left",
        "owner_not_in_team",
        "quarantined_subscriber",
        "same_address_twice",
        "several_addresses",
        "shared_mailbox",
        "statusapp_not_in_identities",
        "statusapp_single_owner",
        "subscriber_not_in_identities",
        "viewer_not_in_identities",
        "viewer_without_group",
        "webhook_to_unknown_host",
        "without_atlassian_account",
    ] {
        assert!(seen.contains(kind), "{kind}: {seen:?}");
    }
}
