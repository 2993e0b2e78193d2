//! One, two and three systems: what is listed, what is said of the others, and one person in all of them.

use serde_json::{Value, json};
use status_roster::caller::Caller;
use status_roster::roster::System;
use status_roster::sandbox::known::{
    JANE, JANE_DIRECTORY_USER, JANE_MEMBER, LEAVER, LEAVER_DIRECTORY_USER, LEAVER_MEMBER,
};

use super::world::{Make, World};

const DIRECTORY: [&str; 5] = [
    "change_directory_group",
    "list_directory_groups",
    "list_directory_users",
    "provision_directory_user",
    "update_directory_user",
];
const TEAM: [&str; 4] = [
    "invite_team_member",
    "list_team_invitations",
    "list_team_members",
    "set_team_role",
];

async fn with(systems: &[System]) -> World {
    let make = Make {
        systems: systems.to_vec(),
        ..Make::default()
    };
    make.world().await
}

fn listed(world: &World) -> Vec<&'static str> {
    let caller = Caller::local(None);
    let specs = world.app.catalogue.shown(&world.app.access, &caller);
    specs.map(|spec| spec.name).collect()
}

fn places(report: &Value) -> Vec<String> {
    let rows = report["records"].as_array().unwrap().iter();
    let mut places: Vec<String> = rows
        .map(|row| {
            format!(
                "{} {}",
                row["system"].as_str().unwrap(),
                row["kind"].as_str().unwrap()
            )
        })
        .collect();
    places.sort();
    places
}

#[tokio::test]
async fn tools_are_listed_with_the_system_that_they_need() {
    for systems in [
        vec![System::Statuspage],
        vec![System::AtlassianScim],
        vec![System::Statuspage, System::Statusapp],
        System::ALL.to_vec(),
    ] {
        let world = with(&systems).await;
        let tools = listed(&world);
        for (system, names) in [
            (
                System::Statuspage,
                &["list_org_users", "set_permissions"][..],
            ),
            (System::AtlassianScim, &DIRECTORY[..]),
            (System::Statusapp, &TEAM[..]),
        ] {
            for name in names {
                assert_eq!(
                    tools.contains(name),
                    systems.contains(&system),
                    "{name} {systems:?}"
                );
            }
        }
        for name in [
            "remove_user",
            "find_person",
            "offboard_person",
            "server_status",
        ] {
            assert!(tools.contains(&name), "{name} {systems:?}");
        }
    }
}

#[tokio::test]
async fn a_tool_of_a_missing_system_says_what_would_turn_it_on() {
    let world = with(&[System::Statuspage]).await;
    for (tool, setting) in [
        ("list_directory_users", "ATLASSIAN_SCIM_API_KEY"),
        ("list_team_members", "STATUSAPP_API_KEY"),
    ] {
        let told = world.refusal(tool, json!({})).await;
        assert!(
            told.contains(setting) && told.ends_with("Nothing was changed."),
            "{told}"
        );
    }
    let remove = json!({"system": "atlassian_scim", "email": JANE});
    assert!(
        world
            .refusal("remove_user", remove)
            .await
            .contains("ATLASSIAN_SCIM_API_KEY")
    );
    let status = world.result("server_status", json!({})).await;
    let off = status["tools_off"].as_array().unwrap();
    let of = |tool: &str| off.iter().find(|it| it["tool"] == tool).cloned().unwrap();
    for tool in DIRECTORY {
        assert!(
            of(tool)["why"]
                .to_string()
                .contains("ATLASSIAN_SCIM_DIRECTORY_ID")
        );
    }
    for tool in TEAM {
        assert!(of(tool)["why"].to_string().contains("STATUSAPP_API_KEY"));
    }
    assert_eq!(status["systems"].as_array().unwrap().len(), 3);
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn somebody_who_has_left_is_found_in_all_three_systems() {
    let world = Make::everything().world().await;
    let found = world
        .result("find_person", json!({"email": "LENA.leaver@example.com"}))
        .await;
    assert_eq!(found["verdict"], "found");
    assert_eq!(
        places(&found),
        [
            "atlassian_scim directory_user",
            "statusapp team_member",
            "statuspage page_access_user",
            "statuspage subscriber",
            "statuspage subscriber",
        ]
    );
    assert_eq!(found["unknown"], json!([]), "{found}");
    let rows = found["records"].as_array().unwrap();
    let directory = rows
        .iter()
        .find(|row| row["system"] == "atlassian_scim")
        .unwrap();
    assert_eq!(
        (&directory["id"], &directory["status"]),
        (&json!(LEAVER_DIRECTORY_USER), &json!("inactive"))
    );
    let member = rows
        .iter()
        .find(|row| row["system"] == "statusapp")
        .unwrap();
    assert_eq!(
        (&member["id"], &member["roles"]),
        (&json!(LEAVER_MEMBER), &json!(["admin"]))
    );
}

#[tokio::test]
async fn a_system_that_fails_is_named_and_the_others_answer() {
    let make = Make {
        scim_key: Some("a-key-that-ended".to_owned()),
        ..Make::everything()
    };
    let world = make.world().await;
    let found = world.result("find_person", json!({"email": LEAVER})).await;
    assert_eq!(found["verdict"], "found");
    assert_eq!(places(&found).len(), 4);
    assert_eq!(found["complete"], false);
    let unknown = found["unknown"].as_array().unwrap();
    assert_eq!(unknown.len(), 1, "{found}");
    assert_eq!(unknown[0]["system"], "atlassian_scim");
    let why = unknown[0]["why"].as_str().unwrap();
    assert!(
        why.contains("one year") && !why.contains("a-key-that-ended"),
        "{why}"
    );

    let nobody = world
        .result("find_person", json!({"email": "nobody@example.com"}))
        .await;
    assert_eq!(
        nobody["verdict"], "unknown",
        "no access is not concluded: {nobody}"
    );
}

#[tokio::test]
async fn two_systems_answer_and_the_third_is_named() {
    let world = with(&[System::AtlassianScim, System::Statusapp]).await;
    let found = world.result("find_person", json!({"email": JANE})).await;
    assert_eq!(
        places(&found),
        ["atlassian_scim directory_user", "statusapp team_member"]
    );
    let unknown = found["unknown"].as_array().unwrap();
    assert_eq!(unknown.len(), 1);
    assert_eq!(
        (&unknown[0]["system"], &unknown[0]["kind"]),
        (&json!("statuspage"), &json!("not_configured"))
    );
}

#[tokio::test]
async fn a_person_leaves_statusapp_first_and_the_directory_last() {
    let world = Make::everything().world().await;
    let jane = json!({"email": JANE});
    let plan = world.result("offboard_person", jane.clone()).await;
    assert_eq!(plan["status"], "confirmation_required");
    let actions: Vec<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert!(actions[0].contains("StatusApp"), "{actions:?}");
    assert!(
        actions.last().unwrap().contains("whole Atlassian account"),
        "{actions:?}"
    );
    assert!(plan["warnings"].to_string().contains("Jira"), "{plan}");
    assert_eq!(world.writes(), Vec::<String>::new());

    let mut again = jane.clone();
    again["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("offboard_person", again).await;
    assert_eq!(done["status"], "applied", "{done}");
    let writes = world.writes();
    assert!(writes[0].contains(JANE_MEMBER), "{writes:?}");
    assert!(
        writes.last().unwrap().contains(JANE_DIRECTORY_USER)
            && writes.last().unwrap().starts_with("PATCH")
    );
    let left = world
        .result("find_person", json!({"email": JANE, "max_age_s": 0}))
        .await;
    assert_eq!(places(&left), ["atlassian_scim directory_user"]);
    assert_eq!(left["records"][0]["status"], "inactive");
    let over = world.result("offboard_person", jane).await;
    assert_eq!(over["status"], "already", "{over}");
}

#[tokio::test]
async fn the_atlassian_account_can_be_kept() {
    let world = Make::everything().world().await;
    let plan = world
        .result(
            "offboard_person",
            json!({"email": JANE, "keep": ["directory_user", "statusapp_member"]}),
        )
        .await;
    let steps = plan["steps"].to_string();
    assert!(
        !steps.contains("Atlassian account") && !steps.contains("StatusApp"),
        "{steps}"
    );
    assert!(steps.contains("team member"), "{steps}");
    assert!(
        plan["residual"]
            .to_string()
            .contains("the Atlassian account was kept as asked")
    );
}

#[tokio::test]
async fn several_addresses_of_one_person_leave_together() {
    let world = Make::everything().world().await;
    let plan = world
        .result("offboard_person", json!({"emails": [JANE, LEAVER]}))
        .await;
    let steps = plan["steps"].to_string();
    assert!(
        steps.contains(JANE_MEMBER) && steps.contains(LEAVER_MEMBER),
        "{steps}"
    );
    assert!(
        !steps.contains(LEAVER_DIRECTORY_USER),
        "switched off already: {steps}"
    );
}

#[tokio::test]
async fn check_asks_every_system_once() {
    let world = Make::everything().world().await;
    let found = world.app.access.check().await;
    assert!(found.iter().all(|(_, words)| words.is_ok()), "{found:?}");
    let directory = found
        .iter()
        .find(|(what, _)| what == "atlassian_scim")
        .unwrap();
    assert!(
        directory
            .1
            .as_ref()
            .unwrap()
            .contains("schemas User, Group"),
        "{directory:?}"
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn somebody_leaves_the_systems_that_answer_and_the_others_are_named() {
    // The directory's key has ended; StatusApp refuses; StatusApp is not configured at all.
    for (make, missing, kind) in [
        (
            Make {
                scim_key: Some("a-key-that-ended".to_owned()),
                ..Make::everything()
            },
            "atlassian_scim",
            "not_read",
        ),
        (
            Make {
                statusapp_key: Some("a-key-that-ended".to_owned()),
                ..Make::everything()
            },
            "statusapp",
            "not_read",
        ),
        (
            Make {
                systems: vec![System::Statuspage, System::AtlassianScim],
                ..Make::default()
            },
            "statusapp",
            "not_configured",
        ),
    ] {
        let world = make.world().await;
        let mut jane = json!({"email": JANE});
        let plan = world.result("offboard_person", jane.clone()).await;
        assert_eq!(plan["status"], "confirmation_required", "{plan}");
        let named = |report: &Value| {
            let unknown = report["unknown"].as_array().unwrap().clone();
            assert!(
                unknown
                    .iter()
                    .all(|it| it["system"] == missing && it["kind"] == kind),
                "{unknown:?}"
            );
            assert!(!unknown.is_empty());
        };
        named(&plan);
        jane["confirmation_token"] = plan["confirmation_token"].clone();
        let done = world.result("offboard_person", jane).await;
        // A place that was asked and did not answer may hold an account; a system that is not configured may not be in use.
        let status = if kind == "not_read" {
            "incomplete"
        } else {
            "applied"
        };
        assert_eq!(done["status"], status, "{done}");
        named(&done);
        let wrote = world.writes();
        let touched = |path: &str| wrote.iter().any(|it| it.contains(path));
        assert!(touched("/page_access_users/"), "{wrote:?}");
        assert_eq!(touched("/scim/"), missing != "atlassian_scim", "{wrote:?}");
        assert_eq!(
            touched("/team/members/"),
            missing != "statusapp",
            "{wrote:?}"
        );
        let left = world
            .result("find_person", json!({"email": JANE, "max_age_s": 0}))
            .await;
        if kind == "not_read" {
            assert_ne!(left["verdict"], "none", "{left}");
        }
    }
}

#[tokio::test]
async fn with_statusapp_alone_somebody_leaves_it() {
    let world = with(&[System::Statusapp]).await;
    let mut jane = json!({"email": JANE});
    let plan = world.result("offboard_person", jane.clone()).await;
    jane["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result("offboard_person", jane.clone()).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(done["unknown"].as_array().unwrap().len(), 2);
    let found = world
        .result("find_person", json!({"email": JANE, "max_age_s": 0}))
        .await;
    assert_eq!(found["verdict"], "none", "of what is configured: {found}");
    assert_eq!(found["unknown"].as_array().unwrap().len(), 2);
}
