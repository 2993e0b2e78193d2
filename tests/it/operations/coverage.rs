//! Operations that were asked for, with the tool that does it, what went over the wire, and what came of it. The table in
//! `docs/coverage.md` is written from these rows: `UPDATE_COVERAGE=1 cargo test --test it operations::coverage`.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, JANE, JANE_DIRECTORY_USER, JANE_MEMBER, JANE_SUBSCRIBER, JANE_USER,
    JANE_VIEWER, LEAVER_DIRECTORY_USER, LEAVER_MEMBER, LEAVER_VIEWER, METRIC, OPEN_INCIDENT,
    PROVIDER, PUBLIC_COMPONENT, PUBLIC_PAGE,
};

use super::world::ON;
use crate::sandbox::wire::send;
use crate::tools::world::{Make, World};

/// One operation.
struct Row {
    /// Where it comes from.
    of: &'static str,
    /// What it is, in the words of whoever asked for it.
    operation: &'static str,
    tool: &'static str,
    arguments: Value,
    /// Method and path of the request that does it; ids are the sandbox's.
    request: String,
    /// What its body holds; null for one without.
    body: Value,
    /// `records` of a read, or the status of a change.
    result: &'static str,
}

const PAGE: &str = "Statuspage: pages, components, incidents";
const METRICS: &str = "Statuspage: metrics";
const PEOPLE: &str = "Statuspage: people";
const VIEWERS: &str = "Statuspage: page access users, groups, subscribers";
const DIRECTORY: &str = "Atlassian Guard: user directory (SCIM)";
const STATUSAPP: &str = "StatusApp: team";
/// Somebody of the directory who is in no group.
const OUTSIDER: &str = LEAVER_DIRECTORY_USER;

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let row = |of, operation, tool, arguments, request: &str, body, result| Row { of, operation, tool, arguments, request: request.to_owned(), body, result };
    let on = |path: &str| format!("/v1/pages/{PUBLIC_PAGE}{path}");
    let get = |path: &str| format!("GET {}", on(path));
    let incident = on(&format!("/incidents/{OPEN_INCIDENT}"));
    let now = Clock::system().now().as_second() - 60;
    let p = PUBLIC_PAGE;
    let a = AUDIENCE_PAGE;
    let audience = |path: &str| format!("/v1/pages/{a}{path}");
    vec![
        row(PAGE, "Get your page profile", "get_page_settings", json!({"page_id": p}), &get(""), Value::Null, "settings"),
        row(PAGE, "Update your page profile", "save_page_settings", json!({"page_id": p, "settings": {"time_zone": "Berlin"}}), &format!("PUT {}", on("")), json!({"page": {"time_zone": "Berlin"}}), "applied"),
        row(PAGE, "Get a list of all components", "list_components", json!({"page_id": p}), &get("/components"), Value::Null, "records"),
        row(PAGE, "Create a component", "save_component", json!({"page_id": p, "name": "New"}), &format!("POST {}", on("/components")), json!({"component": {"name": "New"}}), "applied"),
        row(PAGE, "Update a component", "save_component", json!({"page_id": p, "component_id": PUBLIC_COMPONENT, "description": "What it does"}), &format!("PUT {}", on(&format!("/components/{PUBLIC_COMPONENT}"))), json!({"component": {"description": "What it does"}}), "applied"),
        row(PAGE, "Update a component (its status)", "set_component_status", json!({"page_id": p, "components": [{"component_id": PUBLIC_COMPONENT, "status": "major_outage"}]}), &format!("PATCH {}", on(&format!("/components/{PUBLIC_COMPONENT}"))), json!({"component": {"status": "major_outage"}}), "applied"),
        row(PAGE, "Get a list of all incidents", "list_incidents", json!({"page_id": p}), &get("/incidents?page=1&limit=100"), Value::Null, "records"),
        row(PAGE, "Unresolved only", "list_incidents", json!({"page_id": p, "state": "unresolved"}), &get("/incidents/unresolved"), Value::Null, "records"),
        row(PAGE, "Scheduled only", "list_incidents", json!({"page_id": p, "state": "scheduled"}), &get("/incidents/scheduled"), Value::Null, "records"),
        row(PAGE, "Create a realtime incident", "open_incident", json!({"page_id": p, "name": "N", "body": "B", "component_ids": [PUBLIC_COMPONENT]}), &format!("POST {}", on("/incidents")), json!({"incident": {"name": "N", "body": "B", "status": "investigating", "component_ids": [PUBLIC_COMPONENT], "deliver_notifications": false}}), "applied"),
        row(PAGE, "Create a scheduled incident", "schedule_maintenance", json!({"page_id": p, "name": "M", "body": "B", "scheduled_for": "2035-01-01T00:00:00Z", "scheduled_until": "2035-01-01T01:00:00Z"}), &format!("POST {}", on("/incidents")), json!({"incident": {"status": "scheduled", "scheduled_for": "2035-01-01T00:00:00Z", "deliver_notifications": false}}), "applied"),
        row(PAGE, "Create a historical incident", "open_incident", json!({"page_id": p, "name": "H", "body": "B", "backfill_date": "2026-01-05"}), &format!("POST {}", on("/incidents")), json!({"incident": {"backfilled": true, "backfill_date": "2026-01-05"}}), "applied"),
        row(PAGE, "Update an incident", "update_incident", json!({"page_id": p, "incident_id": OPEN_INCIDENT, "status": "monitoring", "body": "Better."}), &format!("PATCH {incident}"), json!({"incident": {"status": "monitoring", "body": "Better.", "deliver_notifications": false}}), "applied"),
        row(PAGE, "Tune an incident update", "edit_incident_update", json!({"page_id": p, "incident_id": OPEN_INCIDENT, "update_id": "updateopen01", "body": "Some requests failed."}), &format!("PUT {incident}/incident_updates/updateopen01"), json!({"incident_update": {"body": "Some requests failed.", "deliver_notifications": false}}), "applied"),
        row(PAGE, "Delete an incident", "remove_incident", json!({"page_id": p, "incident_id": OPEN_INCIDENT}), &format!("DELETE {incident}"), Value::Null, "applied"),
        row(PAGE, "Delete a component", "remove_component", json!({"page_id": p, "component_id": PUBLIC_COMPONENT}), &format!("DELETE {}", on(&format!("/components/{PUBLIC_COMPONENT}"))), Value::Null, "applied"),
        row(METRICS, "Get a list of metric providers linked to your page", "list_metrics", json!({"page_id": a}), &format!("GET {}", audience("/metrics_providers")), Value::Null, "records"),
        row(METRICS, "Get a list of metrics of the page", "list_metrics", json!({"page_id": a, "max_age_s": 0}), &format!("GET {}", audience("/metrics?page=1&per_page=100")), Value::Null, "records"),
        row(METRICS, "Get a list of metrics of a provider", "list_metrics", json!({"page_id": a, "provider": PROVIDER}), &format!("GET {}", audience(&format!("/metrics_providers/{PROVIDER}/metrics?page=1&per_page=100"))), Value::Null, "records"),
        row(METRICS, "Create a custom metric", "save_metric", json!({"page_id": a, "name": "New metric"}), &format!("POST {}", audience(&format!("/metrics_providers/{PROVIDER}/metrics"))), json!({"metric": {"name": "New metric"}}), "applied"),
        row(METRICS, "Submit data for a custom metric", "submit_metric_data", json!({"page_id": a, "metric_id": METRIC, "points": [{"timestamp": now, "value": 1.0}]}), &format!("POST {}", audience("/metrics/data")), json!({"data": {METRIC: [{"timestamp": now, "value": 1.0}]}}), "accepted"),
        row(METRICS, "Delete all data for a custom metric", "clear_metric_data", json!({"page_id": a, "metric_id": METRIC}), &format!("DELETE {}", audience(&format!("/metrics/{METRIC}/data"))), Value::Null, "applied"),
        row(PEOPLE, "List users", "list_org_users", json!({}), "GET /v1/organizations/exampleorg01/users", Value::Null, "records"),
        row(PEOPLE, "Create a user", "add_org_user", json!({"email": "ada@example.com", "first_name": "Ada", "last_name": "New"}), "POST /v1/organizations/exampleorg01/users", json!({"user": {"email": "ada@example.com"}}), "applied"),
        row(PEOPLE, "The application roster (user id, address, names, active date)", "export_roster", json!({"what": "team", "format": "csv", "columns": "application_roster"}), "GET /v1/organizations/exampleorg01/users", Value::Null, "rows"),
        row(PEOPLE, "Delete a user", "remove_user", json!({"system": "statuspage_team", "user_id": JANE_USER}), &format!("DELETE /v1/organizations/exampleorg01/users/{JANE_USER}"), Value::Null, "applied"),
        row(PEOPLE, "Update a user's permissions", "set_permissions", json!({"user_id": JANE_USER, "grant": [{"page_id": PUBLIC_PAGE, "roles": ["page_configuration", "incident_manager", "maintenance_manager"]}]}), &format!("PUT /v1/organizations/exampleorg01/permissions/{JANE_USER}"), json!({"pages": {PUBLIC_PAGE: {"page_configuration": true, "incident_manager": true, "maintenance_manager": true}}}), "applied"),
        row(PEOPLE, "Get a user's permissions", "get_permissions", json!({"user_id": JANE_USER}), &format!("GET /v1/organizations/exampleorg01/permissions/{JANE_USER}"), Value::Null, "pages"),
        row(VIEWERS, "List page access users", "list_page_access_users", json!({"page_id": a}), &format!("GET {}?page=1&per_page=100", audience("/page_access_users")), Value::Null, "records"),
        row(VIEWERS, "Retrieve a list of users (by address)", "list_page_access_users", json!({"page_id": a, "email": JANE}), &format!("GET {}", audience("/page_access_users")), Value::Null, "records"),
        row(VIEWERS, "Get a single page access user", "list_page_access_users", json!({"page_id": a, "user_id": JANE_VIEWER}), &format!("GET {}", audience(&format!("/page_access_users/{JANE_VIEWER}"))), Value::Null, "records"),
        row(VIEWERS, "Create a user who can view your status page", "add_page_viewer", json!({"page_id": a, "email": "new.customer@example.org", "external_login": "uid-1", "group_ids": ["groupnobody1"], "subscribe": true}), &format!("POST {}", audience("/page_access_users")), json!({"page_access_user": {"email": "new.customer@example.org", "external_login": "uid-1", "page_access_group_ids": ["groupnobody1"], "subscribe_to_components": true}}), "applied"),
        row(VIEWERS, "Create one with components and metrics", "add_page_viewer", json!({"page_id": a, "email": "new.customer@example.org", "component_ids": [COMPONENT], "metric_ids": [METRIC]}), &format!("POST {}", audience("/page_access_users")), json!({"page_access_user": {"email": "new.customer@example.org"}}), "applied"),
        row(VIEWERS, "Update a page access user (its address)", "change_viewer_access", json!({"page_id": a, "user_id": JANE_VIEWER, "new_email": "jane.roe@example.org"}), &format!("PUT {}", audience(&format!("/page_access_users/{JANE_VIEWER}"))), json!({"page_access_user": {"email": "jane.roe@example.org"}}), "applied"),
        row(VIEWERS, "Update a page access user (its groups)", "change_viewer_access", json!({"page_id": a, "user_id": JANE_VIEWER, "grant_group_ids": ["groupnobody1"]}), &format!("PUT {}", audience(&format!("/page_access_users/{JANE_VIEWER}"))), json!({"page_access_user": {"page_access_group_ids": ["groupeurope1", "groupnobody1", "grouppayment"]}}), "applied"),
        row(VIEWERS, "Delete a page access user", "remove_user", json!({"system": "statuspage_page", "page_id": a, "user_id": LEAVER_VIEWER}), &format!("DELETE {}", audience(&format!("/page_access_users/{LEAVER_VIEWER}"))), Value::Null, "applied"),
        row(VIEWERS, "Get components for a page access user", "list_page_access_users", json!({"page_id": a, "user_id": JANE_VIEWER, "detail": true}), &format!("GET {}", audience(&format!("/page_access_users/{JANE_VIEWER}/components"))), Value::Null, "records"),
        row(VIEWERS, "Add component visibility", "change_viewer_access", json!({"page_id": a, "user_id": LEAVER_VIEWER, "grant_component_ids": [COMPONENT]}), &format!("PUT {}", audience(&format!("/page_access_users/{LEAVER_VIEWER}/components"))), json!({"component_ids": [COMPONENT]}), "applied"),
        row(VIEWERS, "Remove component visibility", "change_viewer_access", json!({"page_id": a, "user_id": JANE_VIEWER, "revoke_component_ids": [COMPONENT]}), &format!("DELETE {}", audience(&format!("/page_access_users/{JANE_VIEWER}/components/{COMPONENT}"))), Value::Null, "applied"),
        row(VIEWERS, "List page access groups", "list_page_access_groups", json!({"page_id": a}), &format!("GET {}", audience("/page_access_groups")), Value::Null, "records"),
        row(VIEWERS, "Create a page access group", "save_page_access_group", json!({"page_id": a, "name": "New", "external_id": "grp-1"}), &format!("POST {}", audience("/page_access_groups")), json!({"page_access_group": {"name": "New", "external_identifier": "grp-1"}}), "applied"),
        row(VIEWERS, "List subscribers", "list_subscribers", json!({"page_id": p}), &get("/subscribers?state=all"), Value::Null, "records"),
        row(VIEWERS, "Delete a subscriber", "remove_user", json!({"system": "statuspage_subscriber", "page_id": a, "user_id": JANE_SUBSCRIBER}), &format!("DELETE {}", audience(&format!("/subscribers/{JANE_SUBSCRIBER}"))), Value::Null, "applied"),
        row(DIRECTORY, "List users (GET /Users)", "list_directory_users", json!({}), "GET /scim/directory/DIRECTORY/Users", Value::Null, "records"),
        row(DIRECTORY, "Get user (GET /Users/{userId})", "list_directory_users", json!({"user_id": JANE_DIRECTORY_USER}), &format!("GET /scim/directory/DIRECTORY/Users/{JANE_DIRECTORY_USER}"), Value::Null, "records"),
        row(DIRECTORY, "Create user (POST /Users)", "provision_directory_user", json!({"email": "ada@example.com", "first_name": "Ada", "last_name": "New"}), "POST /scim/directory/DIRECTORY/Users", json!({"userName": "ada@example.com", "name": {"givenName": "Ada", "familyName": "New"}, "active": true}), "applied"),
        row(DIRECTORY, "Update user (PUT /Users/{userId}), made by PATCH", "update_directory_user", json!({"user_id": JANE_DIRECTORY_USER, "title": "Director", "department": "Care"}), &format!("PATCH /scim/directory/DIRECTORY/Users/{JANE_DIRECTORY_USER}"), json!({"Operations": [{"op": "replace", "path": "title", "value": "Director"}, {"op": "replace", "path": "department", "value": "Care"}]}), "applied"),
        row(DIRECTORY, "Patch user (PATCH /Users/{userId})", "update_directory_user", json!({"user_id": JANE_DIRECTORY_USER, "title": "Director"}), &format!("PATCH /scim/directory/DIRECTORY/Users/{JANE_DIRECTORY_USER}"), json!({"Operations": [{"op": "replace", "path": "title", "value": "Director"}]}), "applied"),
        row(DIRECTORY, "Deactivate user (PATCH /Users/{userId} active=false)", "remove_user", json!({"system": "atlassian_scim", "user_id": JANE_DIRECTORY_USER}), &format!("PATCH /scim/directory/DIRECTORY/Users/{JANE_DIRECTORY_USER}"), json!({"Operations": [{"op": "replace", "path": "active", "value": false}]}), "applied"),
        row(DIRECTORY, "List groups (GET /Groups)", "list_directory_groups", json!({}), "GET /scim/directory/DIRECTORY/Groups", Value::Null, "records"),
        row(DIRECTORY, "Get group (GET /Groups/{groupId})", "list_directory_groups", json!({"group_id": "GROUP"}), "GET /scim/directory/DIRECTORY/Groups", Value::Null, "records"),
        row(DIRECTORY, "Create group (POST /Groups)", "change_directory_group", json!({"new_group": "readers", "add": [JANE_DIRECTORY_USER]}), "POST /scim/directory/DIRECTORY/Groups", json!({"displayName": "readers"}), "applied"),
        row(DIRECTORY, "Update group membership (PATCH /Groups/{groupId})", "change_directory_group", json!({"group_id": "GROUP", "add": [OUTSIDER]}), "PATCH /scim/directory/DIRECTORY/Groups/GROUP", json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": OUTSIDER}]}]}), "applied"),
        row(STATUSAPP, "List team members", "list_team_members", json!({}), "GET /statusapp/api/v1/team/members", Value::Null, "records"),
        row(STATUSAPP, "Add team member", "invite_team_member", json!({"email": "ada@example.com", "name": "Ada New", "role": "member"}), "POST /statusapp/api/v1/team/members", json!({"email": "ada@example.com", "name": "Ada New", "role": "MEMBER"}), "applied"),
        row(STATUSAPP, "Update team member", "set_team_role", json!({"user_id": JANE_MEMBER, "role": "admin"}), &format!("PUT /statusapp/api/v1/team/members/{JANE_MEMBER}"), json!({"role": "ADMIN"}), "applied"),
        row(STATUSAPP, "Remove team member", "remove_user", json!({"system": "statusapp", "user_id": LEAVER_MEMBER}), &format!("DELETE /statusapp/api/v1/team/members/{LEAVER_MEMBER}"), Value::Null, "applied"),
        row(STATUSAPP, "List pending invitations", "list_team_invitations", json!({}), "GET /statusapp/api/v1/team/invitations", Value::Null, "records"),
        row(STATUSAPP, "Permission matrix and seats", "list_team_members", json!({"explain": true}), "GET /statusapp/api/v1/team/members", Value::Null, "rights"),
    ]
}

async fn world() -> World {
    let mut make = Make {
        more: ON.to_owned(),
        ..Make::everything()
    };
    make.sandbox.viewers = 60;
    make.world().await
}

/// A group of the directory.
async fn first_group(world: &World) -> String {
    let auth = format!("Bearer {}", world.sandbox.scim_api_key);
    let target = format!("/scim/directory/{}/Groups", world.sandbox.directory_id);
    let headers = [("authorization", auth.as_str())];
    let groups = send(&world.sandbox, "GET", &target, &headers, "")
        .await
        .json();
    groups["Resources"][0]["id"].as_str().unwrap().to_owned()
}

/// Whether a body holds these fields; a list is to be the same list.
fn holds(body: &Value, wanted: &Value) -> bool {
    match (body, wanted) {
        (Value::Object(body), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, value)| body.get(key).is_some_and(|it| holds(it, value))),
        _ => body == wanted,
    }
}

/// Whether a request is the wanted one: the same method and path, and each parameter that is named.
fn is_it(sent: &str, wanted: &str) -> bool {
    let (path, query) = sent.split_once('?').unwrap_or((sent, ""));
    let (wanted_path, wanted_query) = wanted.split_once('?').unwrap_or((wanted, ""));
    let mut parts = wanted_query.split('&').filter(|part| !part.is_empty());
    path == wanted_path && parts.all(|part| query.split('&').any(|it| it == part))
}

#[tokio::test]
async fn each_operation_is_done_by_its_tool() {
    for row in rows() {
        let world = world().await;
        let told = format!("{}: {} by {}", row.of, row.operation, row.tool);
        let group = first_group(&world).await;
        let before = world.sandbox.requests().len();
        let put = |text: &str| {
            text.replace("DIRECTORY", &world.sandbox.directory_id)
                .replace("GROUP", &group)
        };
        let request = put(&row.request);
        let mut arguments: Value = serde_json::from_str(&put(&row.arguments.to_string())).unwrap();
        let mut answer = world.result(row.tool, arguments.clone()).await;
        if answer["status"] == "confirmation_required" {
            assert_eq!(world.writes(), [""; 0], "{told}");
            arguments["confirmation_token"] = answer["confirmation_token"].clone();
            answer = world.result(row.tool, arguments).await;
        }
        let came = answer.get(row.result).is_some() || answer["status"] == row.result;
        assert!(came, "{told}: {answer}");
        let sent = world.sandbox.requests().split_off(before);
        let found = sent
            .iter()
            .find(|it| is_it(&format!("{} {}", it.method, it.target), &request));
        let found = found.unwrap_or_else(|| {
            panic!(
                "{told}: {} was not sent: {:?}",
                request,
                sent.iter().map(|it| &it.target).collect::<Vec<_>>()
            )
        });
        if row.body.is_null() {
            assert_eq!(found.body, "", "{told}");
            continue;
        }
        let body: Value = serde_json::from_str(&found.body).unwrap();
        assert!(holds(&body, &row.body), "{told}: {body}");
    }
}

/// The table, with the sandbox's ids as placeholders.
fn table() -> String {
    let mut text = String::from(
        "# What is covered\n\nOperations that this server was asked to do, the tool that does each and the request that goes out. A test\ncalls each tool on the sandbox and looks at what was sent and what came of it; this file is written by that test.\nTools of incidents, components, metrics and page settings need the toolset `operations` (docs/configuration.md).\n",
    );
    let mut of = "";
    for row in rows() {
        if row.of != of {
            of = row.of;
            text +=
                &format!("\n## {of}\n\n| operation | tool | request | ends |\n|---|---|---|---|\n");
        }
        let mut request = row
            .request
            .split('?')
            .next()
            .unwrap()
            .replace("/v1", "")
            .replace("/statusapp/api", "")
            .replace("/scim/directory/DIRECTORY", "")
            .replace("GROUP", "{group}");
        for (id, name) in [
            (PUBLIC_PAGE, "{page}"),
            (AUDIENCE_PAGE, "{page}"),
            (PUBLIC_COMPONENT, "{component}"),
            (OPEN_INCIDENT, "{incident}"),
            ("updateopen01", "{update}"),
            (PROVIDER, "{provider}"),
            (METRIC, "{metric}"),
            (JANE_USER, "{user}"),
            ("exampleorg01", "{organization}"),
            (COMPONENT, "{component}"),
            (JANE_VIEWER, "{viewer}"),
            (LEAVER_VIEWER, "{viewer}"),
            (JANE_SUBSCRIBER, "{subscriber}"),
            (JANE_MEMBER, "{member}"),
            (LEAVER_MEMBER, "{member}"),
            (JANE_DIRECTORY_USER, "{user}"),
        ] {
            request = request.replace(id, name);
        }
        text += &format!(
            "| {} | `{}` | `{request}` | `{}` |\n",
            row.operation, row.tool, row.result
        );
    }
    text += "\nNot offered:\n\n- `GET /metrics_providers` (the kinds of providers), which Statuspage no longer has.\n- `PUT /Users/{userId}` of the directory as a request. It replaces the whole record, so every value that is not sent is taken away,\n  those that an identity provider keeps there and this server does not know among them. The same attributes are changed by `PATCH`,\n  which changes what is named and nothing else.\n- `POST /pages/{page}/metrics/{metric}/data` as a request: the batch (`POST /pages/{page}/metrics/data`) takes one point as well.\n";
    text
}

#[test]
fn the_document_is_this_table() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the switch of this test is not the product's configuration"
    )]
    let update = std::env::var("UPDATE_COVERAGE").is_ok();
    if update {
        std::fs::write("docs/coverage.md", table()).unwrap();
        return;
    }
    assert_eq!(
        std::fs::read_to_string("docs/coverage.md").unwrap_or_default(),
        table(),
        "docs/coverage.md is stale: run `UPDATE_COVERAGE=1 cargo test --test it operations::coverage`"
    );
}
