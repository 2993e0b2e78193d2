//! `policy.protected_people` and `policy.email_domains`, over every step that a change can be made of: whoever loses is judged by every
//! name of theirs, and whoever gains by the names that access is given under.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, GROUPS, JANE, JANE_DIRECTORY_USER, JANE_MEMBER, JANE_SUBSCRIBER,
    JANE_USER, JANE_VIEWER, OWNER, PUBLIC_PAGE,
};

use super::review_people::{replace, scim};
use super::world::{Make, World, ask};

/// Another address of Jane's in the directory, and the name that she signs in with.
const OTHER: &str = "jane@private.test";
const SIGN_IN: &str = "jd4711@sign-in.test";

/// A call whose plan holds a step, and the names under which somebody loses or gains by it.
struct Case {
    step: &'static str,
    tool: &'static str,
    arguments: Value,
    losers: &'static [&'static str],
    gainers: &'static [&'static str],
}

fn case(
    step: &'static str,
    tool: &'static str,
    arguments: Value,
    losers: &'static [&'static str],
    gainers: &'static [&'static str],
) -> Case {
    Case {
        step,
        tool,
        arguments,
        losers,
        gainers,
    }
}

const IN_DIRECTORY: &[&str] = &[JANE, OTHER, SIGN_IN];
const VIEWER: &[&str] = &[JANE];

/// What the cases rest on.
struct Given {
    /// A directory group that Jane is in, and one that she is not in.
    inside: String,
    outside: String,
    /// A page access group that Jane is in, with a component of its own, and one that she is not in.
    group: (String, String),
    other_group: String,
    /// The others who are in the first: they lose with it.
    viewers: Vec<Value>,
}

fn cases(given: &Given) -> Vec<Case> {
    let page = AUDIENCE_PAGE;
    let (inside, outside) = (&given.inside, &given.outside);
    let (group, component) = (&given.group.0, &given.group.1);
    let other_group = &given.other_group;
    let regrouped = {
        let rows = given.viewers.iter().map(|email| {
            if email == JANE {
                json!({"email": email, "group_ids": [other_group]})
            } else {
                json!({ "email": email })
            }
        });
        let rows: Vec<Value> = rows.collect();
        json!({"page_id": page, "desired": json!(rows).to_string()})
    };
    vec![
        case(
            "change_directory_group",
            "change_directory_group",
            json!({"group_id": inside, "remove": [JANE]}),
            IN_DIRECTORY,
            &[],
        ),
        case(
            "change_directory_group",
            "change_directory_group",
            json!({"group_id": outside, "add": [JANE_DIRECTORY_USER]}),
            &[],
            &[JANE, SIGN_IN],
        ),
        case(
            "change_directory_user",
            "update_directory_user",
            json!({"email": JANE, "new_email": "jane@new.test"}),
            IN_DIRECTORY,
            &["jane@new.test"],
        ),
        case(
            "change_directory_user",
            "update_directory_user",
            json!({"email": JANE, "new_user_name": "jane@newer.test"}),
            IN_DIRECTORY,
            &["jane@newer.test"],
        ),
        case(
            "change_directory_user",
            "update_directory_user",
            json!({"user_id": JANE_DIRECTORY_USER, "external_id": "another"}),
            IN_DIRECTORY,
            &[],
        ),
        case(
            "change_directory_user",
            "remove_user",
            json!({"system": "atlassian_scim", "user_id": JANE_DIRECTORY_USER}),
            IN_DIRECTORY,
            &[],
        ),
        case(
            "create_directory_group",
            "change_directory_group",
            json!({"new_group": "readers", "add": [JANE]}),
            &[],
            &[JANE, SIGN_IN],
        ),
        case(
            "create_directory_user",
            "provision_directory_user",
            json!({"email": "n@one.test", "user_name": "n@two.test", "first_name": "N"}),
            &[],
            &["n@one.test", "n@two.test"],
        ),
        case(
            "create_group",
            "save_page_access_group",
            json!({"page_id": page, "name": "readers", "add_member_ids": [JANE_VIEWER]}),
            &[],
            VIEWER,
        ),
        case(
            "create_member",
            "add_org_user",
            json!({"email": "n@one.test"}),
            &[],
            &["n@one.test"],
        ),
        case(
            "create_viewer",
            "add_page_viewer",
            json!({"page_id": page, "email": "n@one.test", "external_login": "n@two.test"}),
            &[],
            &["n@one.test", "n@two.test"],
        ),
        case(
            "scope_new_viewer",
            "add_page_viewer",
            json!({"page_id": page, "email": "n@one.test", "component_ids": [COMPONENT]}),
            &[],
            &["n@one.test"],
        ),
        case(
            "create_viewer",
            "sync_page_viewers",
            json!({"page_id": page, "desired": "[{\"email\": \"n@one.test\"}]", "removal_cap": 10_000}),
            &[JANE],
            &["n@one.test"],
        ),
        case(
            "delete_viewer",
            "sync_page_viewers",
            json!({"page_id": page, "desired": format!("[{{\"email\": \"{OWNER}\"}}]"), "removal_cap": 10_000}),
            VIEWER,
            &[],
        ),
        case(
            "set_viewer_groups",
            "sync_page_viewers",
            regrouped,
            VIEWER,
            VIEWER,
        ),
        case(
            "set_viewer_groups",
            "change_viewer_access",
            json!({"page_id": page, "email": JANE, "replace_group_ids": [other_group]}),
            VIEWER,
            VIEWER,
        ),
        case(
            "set_given",
            "change_viewer_access",
            json!({"page_id": page, "email": JANE, "grant_component_ids": [component]}),
            &[],
            VIEWER,
        ),
        case(
            "set_given",
            "change_viewer_access",
            json!({"page_id": page, "user_id": JANE_VIEWER, "replace_component_ids": []}),
            VIEWER,
            &[],
        ),
        case(
            "update_group",
            "save_page_access_group",
            json!({"page_id": page, "group_id": group, "remove_member_ids": [JANE_VIEWER]}),
            VIEWER,
            &[],
        ),
        case(
            "update_group",
            "save_page_access_group",
            json!({"page_id": page, "group_id": group, "remove_component_ids": [component]}),
            VIEWER,
            &[],
        ),
        case(
            "update_group",
            "save_page_access_group",
            json!({"page_id": page, "group_id": other_group, "add_member_ids": [JANE_VIEWER]}),
            &[],
            VIEWER,
        ),
        case(
            "delete_group",
            "remove_page_access_group",
            json!({"page_id": page, "group_id": group}),
            VIEWER,
            &[],
        ),
        case(
            "delete_viewer",
            "remove_user",
            json!({"system": "statuspage_page", "page_id": page, "user_id": JANE_VIEWER}),
            VIEWER,
            &[],
        ),
        case(
            "delete_subscriber",
            "remove_user",
            json!({"system": "statuspage_subscriber", "page_id": PUBLIC_PAGE, "user_id": JANE_SUBSCRIBER}),
            VIEWER,
            &[],
        ),
        case(
            "delete_member",
            "remove_user",
            json!({"system": "statuspage_team", "user_id": JANE_USER}),
            VIEWER,
            &[],
        ),
        case(
            "put_permissions",
            "set_permissions",
            json!({"user_id": JANE_USER, "revoke": [{"page_id": page, "roles": []}]}),
            VIEWER,
            &[],
        ),
        case(
            "put_permissions",
            "set_permissions",
            json!({"user_id": JANE_USER, "replace": [{"page_id": page, "roles": ["page_configuration", "incident_manager", "maintenance_manager"]}]}),
            &[],
            VIEWER,
        ),
        case(
            "invite_member",
            "invite_team_member",
            json!({"email": "n@one.test", "role": "viewer"}),
            &[],
            &["n@one.test"],
        ),
        case(
            "set_team_role",
            "set_team_role",
            json!({"user_id": JANE_MEMBER, "role": "viewer"}),
            VIEWER,
            &[],
        ),
        case(
            "set_team_role",
            "set_team_role",
            json!({"user_id": JANE_MEMBER, "role": "admin"}),
            &[],
            VIEWER,
        ),
        case(
            "remove_team_member",
            "remove_user",
            json!({"system": "statusapp", "user_id": JANE_MEMBER}),
            VIEWER,
            &[],
        ),
        // By her Statuspage address alone: what the directory knows besides counts for every account, also where its own is kept.
        case(
            "delete_viewer",
            "offboard_person",
            json!({"email": JANE, "keep": ["directory_user"]}),
            IN_DIRECTORY,
            &[],
        ),
    ]
}

/// Mail alone is confirmed and not refused where the address is outside: `subscribers` holds that.
const MAIL: [&str; 3] = [
    "create_subscriber",
    "widen_subscription",
    "resend_confirmation",
];

async fn given(world: &World) -> Given {
    let emails = json!([
        {"value": JANE, "type": "work", "primary": true},
        {"value": OTHER, "type": "other", "primary": false}
    ]);
    let jane = format!("/Users/{JANE_DIRECTORY_USER}");
    scim(world, "PATCH", &jane, &replace("emails", &emails)).await;
    scim(world, "PATCH", &jane, &replace("userName", &json!(SIGN_IN))).await;
    let groups = scim(world, "GET", "/Groups", &Value::Null).await;
    let id = |at: usize| groups["Resources"][at]["id"].as_str().unwrap().to_owned();
    let (inside, outside) = (id(0), id(1));
    let members = |ids: Value| replace("members", &ids);
    let of = |group: &str| format!("/Groups/{group}");
    let jane = json!([{ "value": JANE_DIRECTORY_USER }]);
    scim(world, "PATCH", &of(&inside), &members(jane)).await;
    scim(world, "PATCH", &of(&outside), &members(json!([]))).await;

    let page = world.stored_page(AUDIENCE_PAGE);
    let viewers = page["viewers"].as_array().unwrap();
    let row = viewers.iter().find(|row| row["id"] == JANE_VIEWER).unwrap();
    let held = row["group_ids"].as_array().unwrap();
    let of_jane = held[0].as_str().unwrap().to_owned();
    let other = GROUPS.iter().find(|(id, _)| !held.contains(&json!(id)));
    let groups = page["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["id"] == of_jane).unwrap();
    let component = group["component_ids"][0].as_str().unwrap().to_owned();
    Given {
        inside,
        outside,
        group: (of_jane, component),
        other_group: other.unwrap().0.to_owned(),
        viewers: viewers
            .iter()
            .map(|row| row["email"].clone())
            .filter(|email| email.as_str().is_some_and(|text| text.contains('@')))
            .collect(),
    }
}

#[tokio::test]
async fn whoever_loses_is_judged_by_every_name_and_whoever_gains_by_every_address() {
    let world = Make::everything().world().await;
    let given = given(&world).await;
    let cases = cases(&given);
    let writes = world.writes();
    for case in &cases {
        let shown = format!("{} by {} {}", case.step, case.tool, case.arguments);
        if !case.losers.is_empty() {
            let plan = world.result(case.tool, case.arguments.clone()).await;
            assert!(
                !plan["losses"].as_array().unwrap().is_empty(),
                "{shown}: {plan}"
            );
        }
        for name in case.losers {
            let more = format!("[policy]\nprotected_people = [\"{name}\"]");
            let server = world.another_with(&more).await;
            let refused = ask(&server, "local", case.tool, case.arguments.clone()).await;
            let ruled = refused.text.contains("policy.protected_people");
            assert!(
                refused.is_error && ruled,
                "{shown} as {name}: {}",
                refused.text
            );
        }
        for name in case.gainers {
            let domain = |name: &str| name.split('@').nth(1).unwrap().to_owned();
            let all = case.gainers.iter().map(|name| domain(name));
            let others: BTreeSet<String> = all.filter(|other| *other != domain(name)).collect();
            let more = format!("[policy]\nemail_domains = {}", json!(others));
            let server = world.another_with(&more).await;
            let refused = ask(&server, "local", case.tool, case.arguments.clone()).await;
            let ruled = refused.text.contains("policy.email_domains");
            assert!(
                refused.is_error && ruled,
                "{shown} as {name}: {}",
                refused.text
            );
        }
    }
    assert_eq!(world.writes(), writes, "nothing was sent");

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/acts");
    let steps: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let held = cases.iter().map(|case| case.step).chain(MAIL);
    let held: BTreeSet<String> = held.map(ToOwned::to_owned).collect();
    assert_eq!(held, steps, "a step has no case here");
}
