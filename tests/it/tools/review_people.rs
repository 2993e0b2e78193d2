//! `review_access` over all systems: who has left, invitations, owners, one person under two addresses, and keys.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    FORGOTTEN, JANE, JANE_DIRECTORY_USER, LEAVER, LEAVER_DIRECTORY_USER, NEW_HIRE, OWNER_MEMBER,
};

use super::review_access::{all, kinds};
use super::world::{Make, World, in_days};
use crate::sandbox::wire::send;

const CONTRACTOR: &str = "p.contractor@agency.example";

pub(super) async fn scim(world: &World, method: &str, path: &str, body: &Value) -> Value {
    let auth = format!("Bearer {}", world.sandbox.scim_api_key);
    let headers = [
        ("authorization", auth.as_str()),
        ("content-type", "application/scim+json"),
    ];
    let target = format!("/scim/directory/{}{path}", world.sandbox.directory_id);
    let reply = send(&world.sandbox, method, &target, &headers, &body.to_string()).await;
    assert!(reply.status < 300, "{}", reply.text);
    reply.json()
}

pub(super) fn replace(path: &str, value: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": path, "value": value}]
    })
}

/// The directory knows the contractor's address as another one of Jane's.
pub(super) async fn two_addresses_for_jane(world: &World) {
    let emails = json!([
        {"value": JANE, "type": "work", "primary": true},
        {"value": CONTRACTOR, "type": "other", "primary": false}
    ]);
    let path = format!("/Users/{JANE_DIRECTORY_USER}");
    scim(world, "PATCH", &path, &replace("emails", &emails)).await;
}

pub(super) async fn nobody_in(world: &World, group: &str) {
    let found = scim(
        world,
        "GET",
        &format!("/Groups?filter=displayName+eq+%22{group}%22"),
        &json!(null),
    )
    .await;
    let id = found["Resources"][0]["id"].as_str().unwrap().to_owned();
    scim(
        world,
        "PATCH",
        &format!("/Groups/{id}"),
        &replace("members", &json!([])),
    )
    .await;
}

pub(super) async fn one_owner_in_statusapp(world: &World) {
    let mut change = json!({"email": "second.owner@example.com", "role": "admin"});
    let plan = world.result("set_team_role", change.clone()).await;
    if plan["status"] == "confirmation_required" {
        change["confirmation_token"] = plan["confirmation_token"].clone();
        assert_eq!(
            world.result("set_team_role", change).await["status"],
            "applied"
        );
    }
}

pub(super) fn company() -> Make {
    Make {
        more: "[policy]\nemail_domains = [\"example.com\"]\n".to_owned(),
        ..Make::everything()
    }
}

fn of_kind<'a>(findings: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let starts = |it: &&Value| it["id"].as_str().unwrap().split(':').next() == Some(kind);
    findings.iter().filter(starts).collect()
}

#[tokio::test]
async fn somebody_who_has_left_is_one_finding_with_every_account() {
    let world = company().world().await;
    for profile in ["hygiene", "offboarding"] {
        let (report, findings) = all(&world, json!({"profile": profile})).await;
        assert_eq!(report["complete"], true);
        let id = format!("inactive_with_access:{LEAVER_DIRECTORY_USER}");
        let lena = findings.iter().find(|it| it["id"] == id.as_str()).unwrap();
        assert_eq!(lena["severity"], "high");
        let evidence = lena["evidence"].to_string();
        for place in [
            "switched off in the directory",
            "viewer of page",
            "subscriber of page",
            "StatusApp team member (admin)",
        ] {
            assert!(evidence.contains(place), "{place}: {evidence}");
        }
        assert!(evidence.contains("4 accounts in all"), "{lena}");
        assert_eq!(lena["fix"]["arguments"], json!({"email": LEAVER}));
    }
    let mut fix = json!({"email": LEAVER});
    let plan = world.result("offboard_person", fix.clone()).await;
    fix["confirmation_token"] = plan["confirmation_token"].clone();
    assert_eq!(
        world.result("offboard_person", fix).await["status"],
        "applied"
    );
    let (_, after) = all(&world, json!({"profile": "hygiene"})).await;
    assert!(
        !after
            .iter()
            .any(|it| it["id"].as_str().unwrap().ends_with(LEAVER_DIRECTORY_USER)),
        "the fix makes the finding go away"
    );
}

#[tokio::test]
async fn an_address_that_somebody_else_has_by_now_is_not_the_leavers() {
    let world = company().world().await;
    let emails = json!([{"value": JANE, "type": "work", "primary": true}, {"value": LEAVER, "type": "other"}]);
    let path = format!("/Users/{JANE_DIRECTORY_USER}");
    scim(&world, "PATCH", &path, &replace("emails", &emails)).await;
    let (_, findings) = all(&world, json!({"profile": "offboarding"})).await;
    assert!(
        !findings
            .iter()
            .any(|it| it["id"].as_str().unwrap().ends_with(LEAVER_DIRECTORY_USER)),
        "somebody who is switched on has this address"
    );
}

#[tokio::test]
async fn invitations_are_found_by_their_age_and_state() {
    let world = company().world().await;
    let (_, findings) = all(&world, json!({"profile": "hygiene"})).await;
    let long = of_kind(&findings, "invitation_pending_long");
    assert_eq!(long.len(), 1, "{long:?}");
    assert!(long[0]["title"].as_str().unwrap().contains(FORGOTTEN));
    assert_eq!(long[0]["severity"], "medium", "it makes an administrator");
    assert!(
        long[0]["next"]
            .as_str()
            .unwrap()
            .contains("Settings > Team")
    );
    assert!(long[0]["fix"].is_null(), "no API takes an invitation back");
    assert_eq!(of_kind(&findings, "invitation_expired").len(), 2);
    let words = Value::from(findings.clone()).to_string();
    assert!(!words.contains(NEW_HIRE) && !words.contains("taken.back@"));
    let outside: Vec<&str> = of_kind(&findings, "outside_address")
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    for who in ["auditor@audit-firm.example", FORGOTTEN, CONTRACTOR] {
        assert!(
            outside.iter().any(|it| it.contains(who)),
            "{who}: {outside:?}"
        );
    }
}

#[tokio::test]
async fn a_single_owner_is_told_and_two_are_not() {
    let world = company().world().await;
    let (_, findings) = all(&world, json!({"profile": "hygiene"})).await;
    assert!(!kinds(&findings).contains("statusapp_single_owner"));
    one_owner_in_statusapp(&world).await;
    let (_, findings) = all(&world, json!({"profile": "hygiene"})).await;
    let id = format!("statusapp_single_owner:{OWNER_MEMBER}");
    let finding = findings.iter().find(|it| it["id"] == id.as_str()).unwrap();
    assert!(finding["next"].as_str().unwrap().contains("set_team_role"));
}

#[tokio::test]
async fn one_person_under_two_addresses_is_found_where_the_directory_knows_it() {
    let world = company().world().await;
    two_addresses_for_jane(&world).await;
    let (_, findings) = all(&world, json!({"profile": "hygiene"})).await;
    let id = format!("several_addresses:{JANE_DIRECTORY_USER}");
    let finding = findings.iter().find(|it| it["id"] == id.as_str()).unwrap();
    assert_eq!(
        finding["severity"], "medium",
        "twice in the Statuspage team"
    );
    assert_eq!(
        finding["fix"]["arguments"]["emails"],
        json!([JANE, CONTRACTOR])
    );
    let person = world
        .result("find_person", finding["fix"]["arguments"].clone())
        .await;
    assert!(person["records"].as_array().unwrap().len() > 4, "{person}");

    // Who is there under another address is no stranger.
    let identities = json!([CONTRACTOR]);
    let (_, findings) = all(
        &world,
        json!({"profile": "offboarding", "identities": identities}),
    )
    .await;
    let strangers = of_kind(&findings, "member_not_in_identities");
    assert!(strangers.len() > 200);
    assert!(
        !Value::from(findings.clone())
            .to_string()
            .contains(&format!("`{JANE}` is not"))
    );
}

#[tokio::test]
async fn who_is_not_among_the_identities_is_found_in_every_system() {
    let world = company().world().await;
    let identities = json!([JANE]);
    let (_, findings) = all(
        &world,
        json!({"profile": "offboarding", "identities": identities}),
    )
    .await;
    for (kind, who) in [
        ("member_not_in_identities", "olivia.owner@example.com"),
        ("statusapp_not_in_identities", "auditor@audit-firm.example"),
        ("invitation_not_in_identities", NEW_HIRE),
        (
            "directory_user_not_in_identities",
            "olivia.owner@example.com",
        ),
    ] {
        let found = of_kind(&findings, kind);
        assert!(
            found
                .iter()
                .any(|it| it["title"].as_str().unwrap().contains(who)),
            "{kind} {who}: {found:?}"
        );
        assert!(
            !found
                .iter()
                .any(|it| it["title"].as_str().unwrap().to_lowercase().contains(JANE))
        );
    }
    let off = of_kind(&findings, "directory_user_not_in_identities");
    assert!(
        !off.iter()
            .any(|it| it["title"].as_str().unwrap().contains(LEAVER)),
        "switched off already"
    );
}

#[tokio::test]
async fn keys_that_end_and_keys_of_people_who_left_are_told() {
    let make = Make {
        statuspage: format!("key_expires = {}\nkey_creator = \"{JANE}\"", in_days(31)),
        atlassian_scim: format!(
            "key_created = {}\nkey_creator = \"{LEAVER}\"",
            in_days(-340)
        ),
        statusapp: format!(
            "key_expires = {}\nkey_creator = \"gone@example.com\"",
            in_days(-1)
        ),
        more: format!(
            "[credentials]\nkeys = [{{ name = \"deploy bot\", system = \"statuspage\", creator = \"gone@example.com\", expires = {} }}, {{ name = \"old bot\", system = \"statuspage\", creator = \"{JANE}\", expires = {} }}]\n",
            in_days(10),
            in_days(-1)
        ),
        ..Make::everything()
    };
    let world = make.world().await;
    let (report, findings) = all(&world, json!({"profile": "hygiene"})).await;
    let ends: BTreeMap<&str, &str> = of_kind(&findings, "key_ends")
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["severity"].as_str().unwrap()))
        .collect();
    assert_eq!(
        ends,
        BTreeMap::from([
            ("key_ends:statuspage/old bot", "high"),
            ("key_ends:statuspage/deploy bot", "medium"),
            (
                "key_ends:atlassian_scim/this server's atlassian_scim key",
                "medium"
            ),
            ("key_ends:statusapp/this server's statusapp key", "medium"),
        ]),
        "31 days are not yet told, and a key that is over is graver, unless it answers"
    );
    let gone: BTreeSet<&str> = of_kind(&findings, "key_of_somebody_gone")
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        gone,
        BTreeSet::from([
            "key_of_somebody_gone:atlassian_scim/this server's atlassian_scim key",
            "key_of_somebody_gone:statusapp/this server's statusapp key",
            "key_of_somebody_gone:statuspage/deploy bot",
        ]),
        "Jane is still there"
    );
    assert!(
        !report["not_checked"].to_string().contains("wrote down"),
        "{report}"
    );
}

#[tokio::test]
async fn what_nobody_wrote_down_of_a_key_is_not_checked() {
    let world = Make::everything().world().await;
    let (report, _) = all(&world, json!({"profile": "hygiene"})).await;
    let told = report["not_checked"].to_string();
    assert!(
        told.contains("key_expires") && told.contains("key_creator"),
        "{told}"
    );
}
