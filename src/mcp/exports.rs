//! Exports as resources: the whole text in one piece, and the link to it that stands in a result.

use rmcp::model::{ErrorData, MetaObject, ReadResourceResult, Resource, ResourceContents};
use serde_json::{Value, json};

use super::address;
use crate::access::{Access, Needs, WholeExport};
use crate::caller::{Caller, Scope};
use crate::policy::Toolset;

/// The longest text of a resource, which cannot be read in pieces: some thousand accounts.
const LONGEST: usize = 1024 * 1024;

/// The tool that makes them.
pub(super) const MAKER: &str = "export_roster";

/// The link to the export that a result names, whatever tool the result is of.
pub(super) fn link(result: &Value) -> Option<Resource> {
    let id = result.get("export_id")?.as_str()?;
    let words = |key: &str| result.get(key).and_then(Value::as_str);
    let complete = result.get("complete").and_then(Value::as_bool) == Some(true);
    let lacks = result.get("unknown").and_then(Value::as_array);
    let about = match (complete, lacks.is_some_and(|it| !it.is_empty())) {
        (true, false) => "The whole export in one piece.",
        (true, true) => {
            "The whole export in one piece. Nobody of the systems in `unknown` is in it."
        }
        (false, _) => "NOT COMPLETE so far: people are missing from this export.",
    };
    let about = format!("{about} Kept for a quarter of an hour, for you alone.");
    let link = Resource::new(address::of_export(id), "export")
        .with_title("Whole export")
        .with_description(about);
    Some(match words("mime_type") {
        Some(kind) => link.with_mime_type(kind),
        None => link,
    })
}

/// One export, to whoever made it.
pub(super) async fn read(
    access: &Access,
    caller: &Caller,
    id: &str,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let refused = |why: String| ErrorData::invalid_request(why, None);
    let needs = Needs {
        tool: MAKER,
        scope: Scope::Read,
        toolset: Toolset::Access,
        system: None,
    };
    let permitted = access.permit_tool(caller, &needs);
    permitted.map_err(|refusal| refused(refusal.to_string()))?;
    let Some(export) = access.export_by_id(caller, id).await else {
        let why = format!(
            "this export is not kept any more, or is another caller's: one is kept for an hour at most. Call `{MAKER}` again: `{uri}`"
        );
        let about = json!({ "uri": uri });
        return Err(ErrorData::resource_not_found(why, Some(about)));
    };
    let bytes = export.content.len();
    if bytes > LONGEST {
        return Err(refused(format!(
            "this export has {bytes} bytes, and a resource is read in one piece of at most {LONGEST}. Call `{MAKER}` with the arguments that you gave it and follow `next_cursor`."
        )));
    }
    Ok(ReadResourceResult::new(contents(export, uri)))
}

/// The text, and before it what is wrong with it: columns of people leave no place for that.
fn contents(export: WholeExport, uri: &str) -> Vec<ResourceContents> {
    let WholeExport {
        content,
        mime_type,
        complete,
        missing,
        as_of,
    } = export;
    let about = json!({"status-roster/complete": complete, "status-roster/as_of": as_of});
    let about = match about {
        Value::Object(about) => MetaObject(about),
        _ => MetaObject::default(),
    };
    let mut words = Vec::new();
    if !complete {
        words.push(format!(
            "NOT COMPLETE: people are missing from the export that follows, as of {as_of}. Do not hand it on as the roster. Call `{MAKER}` with the arguments that you gave it and follow `next_cursor` to its end, then read this again."
        ));
    }
    words.extend(missing.iter().map(|part| format!("Missing: {part}.")));
    let warning = (!words.is_empty()).then(|| {
        ResourceContents::text(words.join("\n"), format!("{uri}#warning"))
            .with_mime_type("text/plain")
    });
    let text = ResourceContents::text(content, uri)
        .with_mime_type(mime_type)
        .with_meta(about);
    warning.into_iter().chain([text]).collect()
}
