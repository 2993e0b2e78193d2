//! Resources: pages, people, the lists and exports in memory, and the record's end.
//!
//! A resource that has to be read is read by the tool that shows it, through the same path as a call of that tool: policy, budget, time
//! limit and progress are the tool's. A list of resources sends no request: it names what is in memory.

use std::sync::Arc;

use rmcp::model::{ErrorData, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::address::Address;
use super::{exports, icon};
use crate::access::{Access, Needs, Person, Silent};
use crate::caller::{Caller, Scope};
use crate::policy::Toolset;
use crate::roster::{System, TeamRights, text};
use crate::toolkit::{Catalogue, Incoming, Patience};

/// Everything but an export is JSON.
const JSON: &str = "application/json";
/// Lines of the record's end: about 20 KB.
const RECORD_LINES: usize = 30;

/// Returns the templates: addresses in which a placeholder is to be replaced.
pub(super) fn templates(access: &Access) -> Vec<ResourceTemplate> {
    let operations = access.has_toolset(Toolset::Operations);
    [
        (
            "roster://incidents/{page_id}",
            "incidents",
            "Incidents of a page",
            "The incidents and maintenances of a page, read now, as `list_incidents` tells them.",
        ),
        (
            "roster://incidents/{page_id}/{incident_id}",
            "incident",
            "Incident",
            "One incident or maintenance with all that was said of it and its postmortem, read now, as `list_incidents` tells it with `detail`.",
        ),
        (
            "roster://components/{page_id}",
            "components",
            "Components of a page",
            "The components, component groups and metrics of a page, read now, as `list_components` tells them.",
        ),
        (
            "roster://pages/{page_id}",
            "page",
            "Page",
            "One status page, from the last time that the pages were read.",
        ),
        (
            "roster://people/{email}",
            "person",
            "Person",
            "Everything that one person can reach, read now, as `find_person` tells it.",
        ),
        (
            "roster://exports/{export_id}",
            "export",
            "Whole export",
            "An export in one piece, by the `export_id` that `export_roster` answers, in the form that was asked for. Kept for a quarter of an hour.",
        ),
        (
            "roster://snapshots/{kind}/{page_id}",
            "snapshot",
            "List as last read",
            "A list of a page as it was last read; `kind` is `viewers`, `groups` or `components`. Sends no request.",
        ),
    ]
    .into_iter()
    .filter(|(_, name, _, _)| operations || !matches!(*name, "incidents" | "incident" | "components"))
    .map(|(uri, name, title, about)| {
        let template = ResourceTemplate::new(uri, name)
            .with_title(title)
            .with_description(about)
            .with_icons(icon::all());
        // The one of which each has a type of its own.
        match name {
            "export" => template,
            _ => template.with_mime_type(JSON),
        }
    })
    .collect()
}

/// Returns the resources that exist for this caller now.
pub(super) fn list(access: &Access, caller: &Caller) -> Vec<Resource> {
    let resource = |uri: String, name: &str, title: String, about: String| {
        Resource::new(uri, name)
            .with_title(title)
            .with_description(about)
            .with_mime_type(JSON)
            .with_icons(icon::all())
    };
    let mut found = Vec::new();
    let pages = Needs {
        tool: "list_pages",
        scope: Scope::Read,
        toolset: Toolset::Access,
        system: Some(System::Statuspage),
    };
    if access.permit_tool(caller, &pages).is_ok() {
        let about = "All status pages, read now, as `list_pages` tells them.".to_owned();
        found.push(resource(
            "roster://pages".to_owned(),
            "pages",
            "Pages".to_owned(),
            about,
        ));
    }
    for (as_of, page) in access
        .remembered_pages(caller)
        .into_iter()
        .flat_map(|(as_of, pages)| pages.into_iter().map(move |page| (as_of, page)))
    {
        let title = page.name.clone().unwrap_or_else(|| page.id.to_string());
        let about = format!("A status page, as of {as_of}.");
        found.push(resource(
            format!("roster://pages/{}", page.id),
            "page",
            title,
            about,
        ));
    }
    for snapshot in access.snapshots(caller) {
        let whole = if snapshot.complete {
            "whole"
        } else {
            "in part"
        };
        let about = format!(
            "{} rows of {}, read {whole}, as of {}.",
            snapshot.rows, snapshot.what, snapshot.as_of
        );
        let uri = format!("roster://snapshots/{}", snapshot.name);
        found.push(resource(
            uri,
            "snapshot",
            capitalised(&snapshot.what),
            about,
        ));
    }
    if team_rights(access, caller) {
        let about = "StatusApp's permission matrix (which role may do what) and the seats of each plan. Sends no request.".to_owned();
        found.push(resource(
            "roster://statusapp/permissions".to_owned(),
            "statusapp_permissions",
            "What StatusApp roles may do".to_owned(),
            about,
        ));
    }
    if caller.scopes.contains(&Scope::Admin) {
        let about = format!("The last {RECORD_LINES} lines of the record of changes.");
        let uri = "roster://audit/tail".to_owned();
        found.push(resource(
            uri,
            "audit_tail",
            "Record of changes".to_owned(),
            about,
        ));
    }
    found.sort_by(|a, b| a.uri.cmp(&b.uri));
    found
}

/// Returns whether StatusApp's tables are of use to this caller.
fn team_rights(access: &Access, caller: &Caller) -> bool {
    let members = Needs {
        tool: "list_team_members",
        scope: Scope::Read,
        toolset: Toolset::Access,
        system: Some(System::Statusapp),
    };
    access.permit_tool(caller, &members).is_ok()
}

/// Resources in one answer.
const PIECE: usize = 200;

/// One answer of a list, and the cursor of the next: the address that this one ends with.
pub(super) fn piece(
    mut found: Vec<Resource>,
    cursor: Option<String>,
) -> Result<(Vec<Resource>, Option<String>), ErrorData> {
    if let Some(after) = cursor {
        if Address::parse(&after).is_none() {
            let why = "`cursor` is not one of this list; leave it out to start over";
            return Err(ErrorData::invalid_params(why, None));
        }
        found.retain(|resource| resource.uri > after);
    }
    let more = found.len() > PIECE;
    found.truncate(PIECE);
    let next = found.last().filter(|_| more).map(|last| last.uri.clone());
    Ok((found, next))
}

/// The contents of one.
pub(super) async fn read(
    access: &Arc<Access>,
    catalogue: &Catalogue,
    caller: Caller,
    uri: &str,
    cancel: CancellationToken,
) -> Result<ReadResourceResult, ErrorData> {
    let missing = |why: &str| {
        let uri = text::clean(uri, 200).text;
        ErrorData::resource_not_found(format!("{why}: `{uri}`"), Some(json!({ "uri": uri })))
    };
    let Some(address) = Address::parse(uri) else {
        return Err(missing("there is no such resource"));
    };
    if of_operations(&address) && !access.has_toolset(Toolset::Operations) {
        return Err(missing("there is no such resource"));
    }
    let value = match &address {
        Address::Page(id) => {
            if access.remembered_pages(&caller).is_none() {
                let (tool, arguments) = question(&address);
                call(access, catalogue, caller.clone(), cancel, tool, arguments).await?;
            }
            let (as_of, pages) = access.remembered_pages(&caller).unwrap_or_default();
            let page = pages.into_iter().find(|page| page.id == *id);
            let page = page.ok_or_else(|| missing("there is no such page for this caller"))?;
            json!({"page": page, "as_of": as_of})
        }
        Address::Snapshot(name) => {
            let found = access.snapshot(&caller, name);
            json!(found.ok_or_else(|| missing(
                "nothing of this list is in memory; the tool that lists it reads it"
            ))?)
        }
        Address::Pages
        | Address::Person(_)
        | Address::Incidents(_)
        | Address::Incident(..)
        | Address::Components(_) => {
            let (tool, arguments) = question(&address);
            call(access, catalogue, caller, cancel, tool, arguments).await?
        }
        Address::TeamRights if team_rights(access, &caller) => json!(TeamRights::tables()),
        Address::TeamRights => return Err(missing("there is no such resource for this caller")),
        Address::Export(id) => return exports::read(access, &caller, id, uri).await,
        Address::Record => {
            let lines = access.record_tail(&caller, RECORD_LINES).await;
            json!({"lines": lines.map_err(|refusal| refused(refusal.to_string()))?})
        }
    };
    let contents = ResourceContents::text(value.to_string(), uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// Returns whether an address is of the toolset that is off unless an operator turns it on.
fn of_operations(address: &Address) -> bool {
    matches!(
        address,
        Address::Incidents(_) | Address::Incident(..) | Address::Components(_)
    )
}

/// The tool that answers what an address names, and its arguments; the list of pages for one that no other tool answers.
fn question(address: &Address) -> (&'static str, Map<String, Value>) {
    let (tool, arguments) = match address {
        Address::Person(email) => ("find_person", json!({"email": email})),
        Address::Incidents(page) => ("list_incidents", json!({"page_id": page})),
        Address::Incident(page, incident) => (
            "list_incidents",
            json!({"page_id": page, "incident_id": incident, "detail": true}),
        ),
        Address::Components(page) => ("list_components", json!({"page_id": page})),
        _ => ("list_pages", json!({})),
    };
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    (tool, arguments)
}

async fn call(
    access: &Arc<Access>,
    catalogue: &Catalogue,
    caller: Caller,
    cancel: CancellationToken,
    tool: &str,
    arguments: Map<String, Value>,
) -> Result<Value, ErrorData> {
    let incoming = Incoming {
        caller,
        name: tool.to_owned(),
        arguments,
        person: Person::OutOfReach,
        cancel,
        progress: Arc::new(Silent),
        patience: Patience::Waits,
    };
    let answer = catalogue.call(access, incoming).await;
    answer.structured().ok_or_else(|| refused(answer.text))
}

fn refused(words: String) -> ErrorData {
    ErrorData::invalid_request(words, None)
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
