//! Directory groups. None of them reaches Statuspage: group sync is not available there.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    Cx, Outcome,
    attributes::{GROUP, GROUP_SCHEMA},
    error::{exists, invalid, not_found},
    listing::{filter, page, project},
    patch,
    resource::{complete, read},
    users::{body, meta},
};
use crate::sandbox::{
    reply::Reply,
    settings::Members,
    time,
    world::{DirectoryGroup, Entry},
};

/// Groups of the site itself, which provisioning cannot manage: their names are taken.
const DEFAULTS: [&str; 2] = ["org-admins", "atlassian-addons-admin"];

pub(super) fn list(cx: &Cx<'_>) -> Outcome {
    let filter = filter(cx, &["displayName"])?;
    let meets = |group: &&DirectoryGroup| {
        filter
            .as_ref()
            .is_none_or(|(_, wanted)| group.entry.text("displayName").eq_ignore_ascii_case(wanted))
    };
    let rows: Vec<&DirectoryGroup> = cx.world.directory.groups.iter().filter(meets).collect();
    page(cx, &rows, |group| wire(cx, group))
}

pub(super) fn get(cx: &Cx<'_>, id: &str) -> Outcome {
    Ok((
        200,
        project(
            cx,
            wire(cx, cx.world.directory.group(id).ok_or_else(unknown)?),
        )?,
    ))
}

pub(super) fn create(cx: &mut Cx<'_>) -> Outcome {
    let mut attributes = read(GROUP, &body(cx)?)?;
    complete(GROUP, &mut attributes)?;
    let members = members_of(cx, &mut attributes)?;
    let name = attributes
        .get("displayName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut groups = cx.world.directory.groups.iter();
    if DEFAULTS.contains(&name)
        || groups.any(|group| group.entry.text("displayName").eq_ignore_ascii_case(name))
    {
        return Err(exists("A group with this name exists in the organization."));
    }
    let group = DirectoryGroup {
        entry: Entry::new(cx.world.random.uuid(), attributes, None, time::stamp()),
        members,
    };
    let body = wire(cx, &group);
    cx.world.directory.groups.push(group);
    cx.world.wrote("directory_group_created");
    Ok((201, body))
}

pub(super) fn replace(cx: &mut Cx<'_>, id: &str) -> Outcome {
    let now = cx
        .world
        .directory
        .group(id)
        .ok_or_else(unknown)?
        .entry
        .text("displayName")
        .to_owned();
    let mut attributes = read(GROUP, &body(cx)?)?;
    complete(GROUP, &mut attributes)?;
    if attributes.get("displayName").and_then(Value::as_str) != Some(&now) {
        return Err(invalid("mutability", "Renaming groups is not supported."));
    }
    store(cx, id, attributes)
}

pub(super) fn patch(cx: &mut Cx<'_>, id: &str) -> Outcome {
    let group = cx.world.directory.group(id).ok_or_else(unknown)?;
    let mut now = group.entry.attributes.clone();
    if !group.members.is_empty() {
        now.insert(
            "members".to_owned(),
            group
                .members
                .iter()
                .map(|id| json!({ "value": id }))
                .collect(),
        );
    }
    let attributes = patch::apply(GROUP, &now, &body(cx)?)?;
    store(cx, id, attributes)
}

pub(super) fn delete(cx: &mut Cx<'_>, id: &str) -> Outcome {
    cx.world.directory.group(id).ok_or_else(unknown)?;
    cx.world
        .directory
        .groups
        .retain(|group| group.entry.id != id);
    cx.world.wrote("directory_group_deleted");
    Ok((204, Value::Null))
}

fn store(cx: &mut Cx<'_>, id: &str, mut attributes: Map<String, Value>) -> Outcome {
    let members = members_of(cx, &mut attributes)?;
    let group = cx
        .world
        .directory
        .groups
        .iter_mut()
        .find(|group| group.entry.id == id)
        .ok_or_else(unknown)?;
    let changed = group.members != members;
    group.members = members;
    group.entry.attributes = attributes;
    group.entry.modified = time::stamp();
    cx.world.wrote(if changed {
        "directory_members_changed"
    } else {
        "directory_group_updated"
    });
    get(cx, id)
}

/// Takes the members out of the attributes: they are kept by id.
fn members_of(cx: &Cx<'_>, attributes: &mut Map<String, Value>) -> Result<Vec<String>, Reply> {
    let mut out: Vec<String> = Vec::new();
    let members = attributes.remove("members");
    for member in members.iter().filter_map(Value::as_array).flatten() {
        let id = member
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if cx.world.directory.user(id).is_none() {
            return Err(unknown_member(cx, id));
        }
        if !out.iter().any(|there| there == id) {
            out.push(id.to_owned());
        }
    }
    Ok(out)
}

/// The reference gives PUT a body of its own here (`BadRequestException`), which is no SCIM error.
fn unknown_member(cx: &Cx<'_>, id: &str) -> Reply {
    let message = format!("Unknown user {id}.");
    if cx.call.method == Method::PUT {
        let body = json!({ "message": message, "scimErrorType": "invalidValue", "responseStatus": "BAD_REQUEST" });
        return Reply::json(400, body);
    }
    invalid("invalidValue", &message)
}

fn unknown() -> Reply {
    not_found("Group not found.")
}

fn wire(cx: &Cx<'_>, group: &DirectoryGroup) -> Value {
    let mut out = group.entry.attributes.clone();
    let members = group
        .members
        .iter()
        .filter_map(|id| cx.world.directory.user(id))
        .map(|user| {
            let at = format!("{}/Users/{}", cx.base, user.id);
            let mut member = json!({ "type": "User", "value": user.id, "$ref": at });
            if let (Some(name), Some(member)) =
                (user.attributes.get("displayName"), member.as_object_mut())
            {
                member.insert("display".to_owned(), name.clone());
            }
            member
        });
    if cx.settings.scim.members == Members::Listed {
        out.insert("members".to_owned(), members.collect());
    }
    out.insert("schemas".to_owned(), json!([GROUP_SCHEMA]));
    out.insert("id".to_owned(), json!(group.entry.id));
    out.insert("meta".to_owned(), meta(cx, "Group", &group.entry));
    Value::Object(out)
}
