//! StatusApp: its rules are kept before anything is sent, and what has no API is said.

use serde_json::{Value, json};
use status_roster::roster::{System, TeamAction, TeamRole};
use status_roster::sandbox::known::{JANE, JANE_MEMBER, LEAVER, OWNER, OWNER_MEMBER};
use status_roster::sandbox::{Settings, StatusApp};

use super::world::{Make, World};

async fn world() -> World {
    with("").await
}

async fn with(statusapp: &str) -> World {
    let make = Make {
        systems: vec![System::Statusapp],
        statusapp: statusapp.to_owned(),
        ..Make::default()
    };
    make.world().await
}

fn with_token(plan: &Value, mut arguments: Value) -> Value {
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    arguments
}

fn role(world: &World, id: &str) -> Value {
    let world = world.sandbox.world();
    let members = world["statusapp"]["members"].as_array().unwrap();
    let member = members.iter().find(|member| member["id"] == id);
    member.map_or(Value::Null, |member| member["role"].clone())
}

/// The rows about people of StatusApp's "Permission Matrix", as published: Owner, Admin, Member, Viewer.
#[test]
fn roles_may_what_the_permission_matrix_says() {
    use TeamAction::{ChangeRoles, Invite, ManageKeys, Remove, View};
    for (action, owner, admin, member, viewer) in [
        (View, true, true, true, true),
        (Invite, true, true, false, false),
        (Remove, true, true, false, false),
        (ChangeRoles, true, false, false, false),
        (ManageKeys, true, true, false, false),
    ] {
        let table = [
            (TeamRole::Owner, owner),
            (TeamRole::Admin, admin),
            (TeamRole::Member, member),
            (TeamRole::Viewer, viewer),
        ];
        for (role, allowed) in table {
            assert_eq!(role.may(action), allowed, "{role} {action:?}");
        }
    }
}

/// Whose key it is decides: the member whose address is `statusapp.key_creator`, by the same matrix, and before anything is sent.
#[tokio::test]
async fn a_key_that_may_not_is_refused_unsent() {
    let invite = json!({"email": "new@example.com", "role": "member"});
    let owner_to_be = json!({"email": "new.owner@example.com", "role": "owner"});
    let promote = json!({"email": JANE, "role": "admin"});
    let remove = json!({"system": "statusapp", "email": JANE});
    let remove_owner = json!({"system": "statusapp", "email": OWNER});
    let calls = [
        ("invite_team_member", invite),
        ("invite_team_member", owner_to_be),
        ("set_team_role", promote),
        ("remove_user", remove),
        ("remove_user", remove_owner),
    ];
    let table = [
        ("second.owner@example.com", [true, true, true, true, true]),
        (LEAVER, [true, false, false, true, false]),
        (JANE, [false; 5]),
        ("auditor@audit-firm.example", [false; 5]),
        ("left.long.ago@example.com", [false; 5]),
    ];
    for (creator, allowed) in table {
        let world = with(&format!("key_creator = \"{creator}\"")).await;
        for ((tool, arguments), allowed) in calls.iter().zip(allowed) {
            let answer = world.ask(tool, arguments.clone()).await;
            assert_eq!(
                !answer.is_error, allowed,
                "{creator} {tool} {arguments}: {}",
                answer.text
            );
            if !allowed {
                assert!(
                    answer.text.contains("statusapp.key_creator"),
                    "{}",
                    answer.text
                );
                assert!(
                    answer.text.ends_with("Nothing was changed."),
                    "{}",
                    answer.text
                );
            }
        }
        let sent = world.writes().len();
        // Invitations and a promotion are made at once; removals are only planned.
        let at_once = allowed[..3].iter().filter(|it| **it).count();
        assert_eq!(sent, at_once, "{creator}");
    }
}

#[tokio::test]
async fn whose_key_it_is_is_said_to_be_unknown_where_it_is() {
    let world = world().await;
    let done = world
        .result("set_team_role", json!({"email": JANE, "role": "admin"}))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert!(
        done["warnings"]
            .to_string()
            .contains("statusapp.key_creator")
    );
    assert_eq!(role(&world, JANE_MEMBER), "ADMIN");
}

#[tokio::test]
async fn a_refusal_of_statusapp_itself_is_told_with_what_it_can_mean() {
    let make = Make {
        systems: vec![System::Statusapp],
        statusapp_key: Some(Settings::default().statusapp.admin_api_key),
        ..Make::default()
    };
    let world = make.world().await;
    let told = world
        .result("set_team_role", json!({"email": JANE, "role": "admin"}))
        .await;
    assert_eq!(told["status"], "failed", "{told}");
    assert!(
        told["steps"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("owners alone change roles")
    );
    assert_eq!(role(&world, JANE_MEMBER), "MEMBER");
}

#[tokio::test]
async fn the_only_owner_stays_one() {
    let world = world().await;
    let demote = json!({"email": "second.owner@example.com", "role": "admin"});
    let plan = world.result("set_team_role", demote.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert!(
        plan["losses"][0]
            .as_str()
            .unwrap()
            .contains("no longer owner")
    );
    assert_eq!(world.writes(), Vec::<String>::new());
    let done = world
        .result("set_team_role", with_token(&plan, demote))
        .await;
    assert_eq!(done["status"], "applied", "{done}");

    let sent = world.writes().len();
    for (tool, arguments) in [
        ("set_team_role", json!({"email": OWNER, "role": "admin"})),
        (
            "remove_user",
            json!({"system": "statusapp", "email": OWNER}),
        ),
        ("offboard_person", json!({"email": OWNER})),
    ] {
        let told = world.refusal(tool, arguments).await;
        assert!(told.contains("the only owner"), "{tool}: {told}");
        assert!(told.ends_with("Nothing was changed."), "{told}");
    }
    assert_eq!(world.writes().len(), sent);
    assert_eq!(role(&world, OWNER_MEMBER), "OWNER");
}

/// StatusApp, "Invitation States".
#[tokio::test]
async fn invitations_are_told_in_their_states_and_what_has_no_api_is_said() {
    let world = world().await;
    for (state, email) in [
        ("invited", "new.hire@example.com"),
        ("expired", "never.came@agency.example"),
        ("revoked", "taken.back@example.com"),
    ] {
        let list = world
            .result("list_team_invitations", json!({"status": state}))
            .await;
        let rows = list["records"].as_array().unwrap();
        assert!(
            rows.iter().any(|row| row["email"] == email),
            "{state}: {list}"
        );
        assert!(rows.iter().all(|row| row["status"] == state));
        assert_eq!(list["every_record"]["kind"], "invitation");
        let by_hand = list["resend_and_revoke"].as_str().unwrap();
        assert!(by_hand.contains("Settings > Team"), "{by_hand}");
    }
    let again = world
        .result(
            "invite_team_member",
            json!({"email": "New.Hire@example.com", "role": "member"}),
        )
        .await;
    assert_eq!(again["status"], "already");
    assert!(again["warnings"].to_string().contains("Resend"), "{again}");
    let gone = world
        .result(
            "remove_user",
            json!({"system": "statusapp", "email": "new.hire@example.com"}),
        )
        .await;
    assert_eq!(gone["status"], "already");
    assert!(gone["warnings"].to_string().contains("Revoke"), "{gone}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_invitation_is_sent_once_and_seen() {
    let world = world().await;
    let invite = json!({"email": "ada@example.com", "name": "Ada", "role": "viewer"});
    let done = world.result("invite_team_member", invite.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    let again = world.result("invite_team_member", invite).await;
    assert_eq!(again["status"], "already");
    let member = world
        .result(
            "invite_team_member",
            json!({"email": JANE, "role": "viewer"}),
        )
        .await;
    assert_eq!(member["status"], "already");
    assert!(member["warnings"].to_string().contains("set_team_role"));
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_full_plan_is_told_before_anything_is_sent() {
    let defaults = Settings::default();
    let make = Make {
        systems: vec![System::Statusapp],
        sandbox: Settings {
            statusapp: StatusApp {
                seats: 20,
                ..defaults.statusapp.clone()
            },
            ..defaults
        },
        ..Make::default()
    };
    let world = make.world().await;
    let list = world.result("list_team_members", json!({})).await;
    assert_eq!(list["seats"], json!({"used": 20, "limit": 20}));
    let told = world
        .refusal(
            "invite_team_member",
            json!({"email": "ada@example.com", "role": "viewer"}),
        )
        .await;
    assert!(told.contains("all 20 seats"), "{told}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_member_is_removed_when_it_is_confirmed() {
    let world = world().await;
    let jane = json!({"system": "statusapp", "user_id": JANE_MEMBER});
    let plan = world.result("remove_user", jane.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    assert_eq!(world.writes(), Vec::<String>::new());
    let done = world.result("remove_user", with_token(&plan, jane)).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(role(&world, JANE_MEMBER), Value::Null);
}
