//! Operations that were asked for, with the tool that does it, what went over the wire, and what came of it. The table in
//! `docs/coverage.md` is written from these rows: `UPDATE_COVERAGE=1 cargo test --test it operations::coverage`.

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, JANE_MEMBER, JANE_SUBSCRIBER, JANE_USER, JANE_VIEWER, LEAVER_VIEWER, METRIC,
    OPEN_INCIDENT, PROVIDER, PUBLIC_COMPONENT, PUBLIC_PAGE,
};

use super::world::ON;
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
        row(METRICS, "Get a list of metrics of a provider", "list_metrics", json!({"page_id": a, "max_age_s": 0}), &format!("GET {}", audience("/metrics?")), Value::Null, "records"),
        row(METRICS, "Create a custom metric", "save_metric", json!({"page_id": a, "name": "New metric"}), &format!("POST {}", audience(&format!("/metrics_providers/{PROVIDER}/metrics"))), json!({"metric": {"name": "New metric"}}), "applied"),
        row(METRICS, "Submit data for a custom metric", "submit_metric_data", json!({"page_id": a, "metric_id": METRIC, "points": [{"timestamp": now, "value": 1.0}]}), &format!("POST {}", audience("/metrics/data")), json!({"data": {METRIC: [{"timestamp": now, "value": 1.0}]}}), "accepted"),
        row(METRICS, "Delete all data for a custom metric", "clear_metric_data", json!({"page_id": a, "metric_id": METRIC}), &format!("DELETE {}", audience(&format!("/metrics/{METRIC}/data"))), Value::Null, "applied"),
        row(PEOPLE, "List users", "list_org_users", json!({}), "GET /v1/organizations/exampleorg01/users", Value::Null, "records"),
        row(PEOPLE, "Create a user", "add_org_user", json!({"email": "ada@example.com", "first_name": "Ada", "last_name": "New"}), "POST /v1/organizations/exampleorg01/users", json!({"user": {"email": "ada@example.com"}}), "applied"),
        row(PEOPLE, "Get a user's permissions", "get_permissions", json!({"user_id": JANE_USER}), &format!("GET /v1/organizations/exampleorg01/permissions/{JANE_USER}"), Value::Null, "pages"),
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

/// Whether a body holds these fields, an object or a list at least in part.
fn holds(body: &Value, wanted: &Value) -> bool {
    match (body, wanted) {
        (Value::Object(body), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, value)| body.get(key).is_some_and(|it| holds(it, value))),
        (Value::Array(_), Value::Array(wanted)) if wanted.is_empty() => true,
        _ => body == wanted,
    }
}

#[tokio::test]
async fn each_operation_is_done_by_its_tool() {
    for row in rows() {
        let world = world().await;
        let told = format!("{}: {} by {}", row.of, row.operation, row.tool);
        let mut arguments = row.arguments.clone();
        let mut answer = world.result(row.tool, arguments.clone()).await;
        if answer["status"] == "confirmation_required" {
            assert_eq!(world.writes(), [""; 0], "{told}");
            arguments["confirmation_token"] = answer["confirmation_token"].clone();
            answer = world.result(row.tool, arguments).await;
        }
        let came = answer.get(row.result).is_some() || answer["status"] == row.result;
        assert!(came, "{told}: {answer}");
        let sent = world.sandbox.requests();
        let found = sent
            .iter()
            .find(|it| format!("{} {}", it.method, it.target).starts_with(&row.request));
        let found = found.unwrap_or_else(|| {
            panic!(
                "{told}: {} was not sent: {:?}",
                row.request,
                sent.iter().map(|it| &it.target).collect::<Vec<_>>()
            )
        });
        if !row.body.is_null() {
            let body: Value = serde_json::from_str(&found.body).unwrap();
            assert!(holds(&body, &row.body), "{told}: {body}");
        }
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
            .replace("/statusapp/api", "");
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
            (JANE_VIEWER, "{viewer}"),
            (LEAVER_VIEWER, "{viewer}"),
            (JANE_SUBSCRIBER, "{subscriber}"),
            (JANE_MEMBER, "{member}"),
        ] {
            request = request.replace(id, name);
        }
        text += &format!(
            "| {} | `{}` | `{request}` | `{}` |\n",
            row.operation, row.tool, row.result
        );
    }
    text += "\nNot offered: `GET /metrics_providers` (the kinds of providers), which Statuspage no longer has.\n";
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
