//! Calls whose plans hold each step, and who loses and gains by it.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, JANE, JANE_DIRECTORY_USER, JANE_MEMBER, JANE_SUBSCRIBER, JANE_USER,
    JANE_VIEWER, OWNER,
};

use super::{OTHER, SIGN_IN};

/// A call whose plan holds a step, and the names under which somebody loses or gains by it.
pub(in crate::tools) struct Case {
    pub(in crate::tools) step: &'static str,
    pub(in crate::tools) tool: &'static str,
    pub(in crate::tools) arguments: Value,
    pub(in crate::tools) losers: &'static [&'static str],
    pub(in crate::tools) gainers: &'static [&'static str],
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
pub(in crate::tools) struct Given {
    /// A directory group that Jane is in, and one that she is not in.
    pub(in crate::tools) inside: String,
    pub(in crate::tools) outside: String,
    /// A page access group that Jane is in, with a component of its own, and one that she is not in.
    pub(in crate::tools) group: (String, String),
    pub(in crate::tools) other_group: String,
    /// The others who are in the first: they lose with it.
    pub(in crate::tools) viewers: Vec<Value>,
}

pub(in crate::tools) fn cases(given: &Given) -> Vec<Case> {
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
            json!({"email": "n@one.test", "user_name": "n@two.test", "first_name": "Nora", "last_name": "Neu", "external_id": "idp-4711"}),
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
            json!({"email": "n@one.test", "first_name": "Nora", "last_name": "Neu"}),
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
            "set_viewer_sign_in",
            "change_viewer_access",
            json!({"page_id": page, "email": JANE, "new_email": "jane@new.test"}),
            VIEWER,
            &["jane@new.test"],
        ),
        case(
            "set_viewer_sign_in",
            "change_viewer_access",
            json!({"page_id": page, "user_id": JANE_VIEWER, "external_login": "jane@login.test"}),
            &[],
            &["jane@login.test"],
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
            json!({"system": "statuspage_subscriber", "page_id": AUDIENCE_PAGE, "user_id": JANE_SUBSCRIBER}),
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
            json!({"email": "n@one.test", "name": "Nora Neu", "role": "viewer"}),
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
