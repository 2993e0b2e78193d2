//! StatusApp's permission matrix and invitation states ("Team Collaboration"), as they are published, held to what the tools do.

use serde_json::{Value, json};
use status_roster::roster::System;
use status_roster::sandbox::known::{JANE, JANE_MEMBER, LEAVER, NEW_HIRE, OWNER, OWNER_MEMBER};

use super::world::{Make, World};

/// The rows about people, and below the line what the text beside the matrix says of owners.
const MATRIX: &str = "
    | Action            | Owner | Admin | Member | Viewer |
    | View team members | Yes   | Yes   | Yes    | Yes    |
    | View invitations  | Yes   | Yes   | Yes    | Yes    |
    | Invite users      | Yes   | Yes   | No     | No     |
    | Remove users      | Yes   | Yes   | No     | No     |
    | Change roles      | Yes   | No    | No     | No     |
    | ----------------- | ----- | ----- | ------ | ------ |
    | Invite an owner   | Yes   | No    | No     | No     |
    | Remove an owner   | Yes   | No    | No     | No     |
    | Make an owner     | Yes   | No    | No     | No     |
    | Demote an owner   | Yes   | No    | No     | No     |
";

/// The call that an action is.
fn call(action: &str) -> (&'static str, Value) {
    let second = "second.owner@example.com";
    match action {
        "View team members" => ("list_team_members", json!({})),
        "View invitations" => ("list_team_invitations", json!({})),
        "Invite users" => (
            "invite_team_member",
            json!({"email": "ada@example.com", "role": "viewer"}),
        ),
        "Remove users" => (
            "remove_user",
            json!({"system": "statusapp", "user_id": JANE_MEMBER}),
        ),
        "Change roles" => (
            "set_team_role",
            json!({"user_id": JANE_MEMBER, "role": "viewer"}),
        ),
        "Invite an owner" => (
            "invite_team_member",
            json!({"email": "ada@example.com", "role": "owner"}),
        ),
        "Remove an owner" => (
            "remove_user",
            json!({"system": "statusapp", "email": second}),
        ),
        "Make an owner" => (
            "set_team_role",
            json!({"user_id": JANE_MEMBER, "role": "owner"}),
        ),
        "Demote an owner" => ("set_team_role", json!({"email": second, "role": "admin"})),
        other => unreachable!("no call for {other}"),
    }
}

/// Who has the role in the sandbox.
fn holder(role: &str) -> &'static str {
    match role {
        "Owner" => OWNER,
        "Admin" => LEAVER,
        "Member" => JANE,
        "Viewer" => "auditor@audit-firm.example",
        other => unreachable!("nobody is {other}"),
    }
}

fn cells(row: &str) -> Vec<&str> {
    row.split('|')
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect()
}

async fn with_key_of(creator: &str) -> World {
    let make = Make {
        systems: vec![System::Statusapp],
        statusapp: format!("key_creator = \"{creator}\""),
        ..Make::default()
    };
    make.world().await
}

/// Done, with the confirmation where one is asked for.
async fn done(world: &World, tool: &str, mut arguments: Value) -> Result<Value, String> {
    let first = world.ask(tool, arguments.clone()).await;
    let Some(result) = first.structured() else {
        return Err(first.text);
    };
    if result["status"] != "confirmation_required" {
        return Ok(result);
    }
    arguments["confirmation_token"] = result["confirmation_token"].clone();
    let second = world.ask(tool, arguments).await;
    second.structured().ok_or(second.text)
}

#[tokio::test]
async fn a_key_may_what_the_role_of_its_creator_may() {
    let rows: Vec<Vec<&str>> = MATRIX
        .lines()
        .map(cells)
        .filter(|row| !row.is_empty())
        .collect();
    let (head, rows) = rows.split_first().unwrap();
    let mut seen = 0;
    for (at, role) in head.iter().enumerate().skip(1) {
        for row in rows.iter().filter(|row| !row[0].starts_with('-')) {
            let world = with_key_of(holder(role)).await;
            let (tool, arguments) = call(row[0]);
            let outcome = done(&world, tool, arguments).await;
            let told = format!("{} as {role}: {outcome:?}", row[0]);
            match row[at] {
                "Yes" => {
                    let result = outcome.expect(&told);
                    let reads = tool.starts_with("list_");
                    assert!(reads || result["status"] == "applied", "{told}");
                    assert_eq!(world.writes().len(), usize::from(!reads), "{told}");
                }
                "No" => {
                    let refusal = outcome.expect_err(&told);
                    assert!(refusal.contains(holder(role)), "whose key it is: {told}");
                    assert!(refusal.ends_with("Nothing was changed."), "{told}");
                    assert_eq!(world.writes(), Vec::<String>::new(), "{told}");
                }
                other => panic!("{other}"),
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 36);
}

/// StatusApp refuses by itself where nobody wrote down whose the key is: what the refusal can mean is told.
#[tokio::test]
async fn a_key_that_is_nobodys_on_record_is_refused_by_statusapp_itself() {
    for (key, may_invite) in [("admin", true), ("viewer", false)] {
        let defaults = Make::default().sandbox.statusapp;
        let key = if key == "admin" {
            defaults.admin_api_key
        } else {
            defaults.viewer_api_key
        };
        let make = Make {
            systems: vec![System::Statusapp],
            statusapp_key: Some(key),
            ..Make::default()
        };
        let world = make.world().await;
        let (tool, arguments) = call("Invite users");
        let invited = done(&world, tool, arguments).await.unwrap();
        assert_eq!(invited["status"] == "applied", may_invite, "{invited}");
        let (tool, arguments) = call("Change roles");
        let changed = done(&world, tool, arguments).await.unwrap();
        assert_eq!(changed["status"], "failed", "{changed}");
        assert!(changed.to_string().contains("owner"), "{changed}");
    }
}

/// \"You cannot demote yourself if you're the only Owner\", and \"there should always be at least one Owner\".
#[tokio::test]
async fn the_only_owner_stays_whoever_asks() {
    let world = with_key_of(OWNER).await;
    let (tool, arguments) = call("Remove an owner");
    done(&world, tool, arguments).await.unwrap();
    let before = world.writes();
    for (tool, arguments) in [
        (
            "set_team_role",
            json!({"user_id": OWNER_MEMBER, "role": "admin"}),
        ),
        (
            "remove_user",
            json!({"system": "statusapp", "user_id": OWNER_MEMBER}),
        ),
        ("offboard_person", json!({"email": OWNER})),
    ] {
        let refusal = done(&world, tool, arguments).await.unwrap_err();
        assert!(refusal.contains("only owner"), "{refusal}");
    }
    assert_eq!(world.writes(), before);
}

/// \"Invitation States\": what each is called here, whether the person can still come in by it, what inviting again does, and what a
/// review says of it.
#[tokio::test]
async fn an_invitation_is_what_its_state_says() {
    for (state, shown, email, open, again, finding) in [
        ("PENDING", "invited", NEW_HIRE, true, "already", None),
        ("ACCEPTED", "active", JANE, false, "already", None),
        (
            "EXPIRED",
            "expired",
            "never.came@agency.example",
            false,
            "applied",
            Some("invitation_expired"),
        ),
        (
            "REVOKED",
            "revoked",
            "taken.back@example.com",
            false,
            "applied",
            None,
        ),
    ] {
        let make = Make {
            systems: vec![System::Statusapp],
            ..Make::default()
        };
        let world = make.world().await;
        let filter = json!({"status": shown, "email": email});
        let listed = world.result("list_team_invitations", filter).await;
        // Who has accepted is a member; the sandbox lists the invitation no more.
        let expected = usize::from(state != "ACCEPTED");
        assert_eq!(
            listed["records"].as_array().unwrap().len(),
            expected,
            "{state}: {listed}"
        );
        let found = world.result("find_person", json!({"email": email})).await;
        let kinds: Vec<&Value> = found["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["kind"])
            .collect();
        assert_eq!(
            kinds.contains(&&json!("invitation")),
            open,
            "{state}: {kinds:?}"
        );
        assert_eq!(kinds.contains(&&json!("team_member")), state == "ACCEPTED");
        let review = world
            .result("review_access", json!({"profile": "hygiene"}))
            .await;
        let findings = review["findings"].as_array().unwrap().iter();
        let about = findings
            .flat_map(super::review_access::each)
            .find(|it| it["title"].as_str().unwrap().to_lowercase().contains(email));
        let id = about.map(|it| it["id"].as_str().unwrap().to_owned());
        let kind = id.as_deref().and_then(|id| id.split(':').next());
        assert_eq!(kind, finding, "{state}");
        let invite = json!({"email": email, "role": "viewer"});
        let invited = done(&world, "invite_team_member", invite).await.unwrap();
        assert_eq!(invited["status"], again, "{state}: {invited}");
        assert_eq!(world.writes().len(), usize::from(again == "applied"));
    }
}
