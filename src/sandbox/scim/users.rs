//! Directory users. Deactivating one acts on the whole Atlassian account; deleting one cannot be undone.

use serde_json::{Map, Value, json};

use super::{
    Cx, Outcome,
    attributes::{ENTERPRISE, EXTERNAL, USER, USER_SCHEMA},
    error::{exists, invalid, not_found},
    listing::{filter, page, project},
    patch,
    resource::{complete, read},
};
use crate::sandbox::{
    reply::Reply,
    settings::Extension,
    time,
    world::{Directory, Entry},
};

pub(super) fn list(cx: &Cx<'_>) -> Outcome {
    let filter = filter(cx, &["userName", "externalId"])?;
    let directory = &cx.world.directory;
    let meets = |entry: &&Entry| match &filter {
        None => true,
        Some((name, wanted)) if name == "userName" => {
            entry.text("userName").eq_ignore_ascii_case(wanted)
        }
        Some((name, wanted)) => entry.text(name) == wanted,
    };
    let rows: Vec<&Entry> = directory.users.iter().filter(meets).collect();
    page(cx, &rows, |entry| wire(cx, entry))
}

pub(super) fn get(cx: &Cx<'_>, id: &str) -> Outcome {
    Ok((
        200,
        project(
            cx,
            wire(cx, cx.world.directory.user(id).ok_or_else(unknown)?),
        )?,
    ))
}

pub(super) fn create(cx: &mut Cx<'_>) -> Outcome {
    let attributes = checked(read(USER, &body(cx)?)?)?;
    unique(&cx.world.directory, &attributes, None)?;
    let random = &mut cx.world.random;
    let entry = Entry::new(
        random.uuid(),
        attributes,
        Some(format!("712020:{}", random.uuid())),
        time::stamp(),
    );
    let body = project(cx, wire(cx, &entry))?;
    cx.world.directory.users.push(entry);
    cx.world.wrote("directory_user_created");
    Ok((201, body))
}

/// "Existing values of unspecified attributes are cleaned."
pub(super) fn replace(cx: &mut Cx<'_>, id: &str) -> Outcome {
    cx.world.directory.user(id).ok_or_else(unknown)?;
    let attributes = checked(read(USER, &body(cx)?)?)?;
    store(cx, id, attributes)
}

pub(super) fn patch(cx: &mut Cx<'_>, id: &str) -> Outcome {
    let entry = cx.world.directory.user(id).ok_or_else(unknown)?;
    let attributes = checked(patch::apply(USER, &entry.attributes, &body(cx)?)?)?;
    store(cx, id, attributes)
}

pub(super) fn delete(cx: &mut Cx<'_>, id: &str) -> Outcome {
    cx.world.directory.user(id).ok_or_else(unknown)?;
    let directory = &mut cx.world.directory;
    directory.users.retain(|entry| entry.id != id);
    for group in &mut directory.groups {
        group.members.retain(|member| member != id);
    }
    cx.world.wrote("directory_user_deleted");
    Ok((204, Value::Null))
}

fn store(cx: &mut Cx<'_>, id: &str, attributes: Map<String, Value>) -> Outcome {
    unique(&cx.world.directory, &attributes, Some(id))?;
    let entry = cx
        .world
        .directory
        .users
        .iter_mut()
        .find(|entry| entry.id == id)
        .ok_or_else(unknown)?;
    let turned = entry.attributes.get("active") != attributes.get("active");
    let active = attributes.get("active") == Some(&Value::Bool(true));
    entry.attributes = attributes;
    entry.modified = time::stamp();
    cx.world.wrote(match (turned, active) {
        (true, false) => "directory_user_deactivated",
        (true, true) => "directory_user_reactivated",
        (false, _) => "directory_user_updated",
    });
    let entry = cx.world.directory.user(id).ok_or_else(unknown)?;
    Ok((200, project(cx, wire(cx, entry))?))
}

fn checked(mut attributes: Map<String, Value>) -> Result<Map<String, Value>, Reply> {
    complete(USER, &mut attributes)?;
    attributes.entry("active").or_insert(Value::Bool(true));
    Ok(attributes)
}

fn unique(
    directory: &Directory,
    attributes: &Map<String, Value>,
    but: Option<&str>,
) -> Result<(), Reply> {
    let wanted = attributes
        .get("userName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let others = directory
        .users
        .iter()
        .filter(|entry| Some(entry.id.as_str()) != but);
    if others
        .into_iter()
        .any(|entry| entry.text("userName").eq_ignore_ascii_case(wanted))
    {
        return Err(exists("User already exists."));
    }
    Ok(())
}

/// The body as JSON, whatever is wrong with it in SCIM's words.
pub(super) fn body(cx: &Cx<'_>) -> Result<Value, Reply> {
    cx.call.fields().map_err(|_| {
        invalid(
            "invalidSyntax",
            "The body is not JSON of the content type it names.",
        )
    })
}

fn unknown() -> Reply {
    not_found("User not found.")
}

fn wire(cx: &Cx<'_>, entry: &Entry) -> Value {
    let mut out = entry.attributes.clone();
    let mut schemas = vec![USER_SCHEMA];
    if out.contains_key(ENTERPRISE) {
        schemas.push(ENTERPRISE);
    }
    if let (Some(account), Extension::Shown) = (&entry.account_id, cx.settings.scim.extension) {
        schemas.push(EXTERNAL);
        out.insert(
            EXTERNAL.to_owned(),
            json!({ "atlassianAccountId": account }),
        );
    }
    let groups = cx
        .world
        .directory
        .groups
        .iter()
        .filter(|group| group.members.contains(&entry.id));
    let groups = groups.map(|group| {
        let at = format!("{}/Groups/{}", cx.base, group.entry.id);
        json!({ "type": "direct", "value": group.entry.id, "display": group.entry.text("displayName"), "$ref": at })
    });
    out.insert("groups".to_owned(), groups.collect());
    out.insert("schemas".to_owned(), json!(schemas));
    out.insert("id".to_owned(), json!(entry.id));
    out.insert("meta".to_owned(), meta(cx, "User", entry));
    Value::Object(out)
}

pub(super) fn meta(cx: &Cx<'_>, kind: &str, entry: &Entry) -> Value {
    json!({
        "resourceType": kind,
        "location": format!("{}/{kind}s/{}", cx.base, entry.id),
        "created": entry.created,
        "lastModified": entry.modified,
    })
}
