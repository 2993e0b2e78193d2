//! Completions: pages, groups, components and addresses, from memory alone. Typing never costs a request.

use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, ErrorData, Reference};

use super::prompts::Prompts;
use super::resources;
use crate::access::{Access, Named};
use crate::caller::Caller;
use crate::roster::text;

/// Completes the text typed so far.
pub(super) fn complete(
    access: &Access,
    prompts: &Prompts,
    caller: &Caller,
    request: &CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let argument = request.argument.name.as_str();
    let for_people = match &request.r#ref {
        Reference::Prompt(named) => {
            let file = prompts.get(&named.name)?;
            known(
                file.front.arguments.iter().any(|it| it.name == argument),
                argument,
            )?;
            true
        }
        Reference::Resource(named) => {
            let template = resources::templates(access)
                .into_iter()
                .find(|it| it.uri_template == named.uri)
                .ok_or_else(|| {
                    let uri = text::clean(&named.uri, 200).text;
                    ErrorData::invalid_params(format!("there is no template `{uri}`"), None)
                })?;
            let placeholder = format!("{{{argument}}}");
            known(template.uri_template.contains(&placeholder), argument)?;
            false
        }
        _ => {
            let why = "completions are for prompts and resource templates";
            return Err(ErrorData::invalid_params(why, None));
        }
    };
    let page = request
        .context
        .as_ref()
        .and_then(|context| context.arguments.as_ref())
        .and_then(|given| given.get("page_id").or_else(|| given.get("page")))
        .and_then(|page| page_id(access, caller, page));
    let page = page.as_deref();
    let candidates = match argument {
        "page" | "page_id" => shown(pages(access, caller), for_people),
        "group" | "groups" | "group_id" => {
            shown(access.remembered_groups(caller, page), for_people)
        }
        "component" | "components" | "component_id" => {
            shown(access.remembered_components(caller, page), for_people)
        }
        "incident" | "incident_id" => shown(access.remembered_incidents(caller, page), for_people),
        "email" => access
            .remembered_addresses(caller)
            .into_iter()
            .map(|address| (address.clone(), address))
            .collect(),
        "kind" => ["components", "groups", "viewers"]
            .map(|kind| (kind.to_owned(), kind.to_owned()))
            .into(),
        _ => Vec::new(),
    };
    Ok(fitting(candidates, &request.argument.value))
}

fn known(is: bool, argument: &str) -> Result<(), ErrorData> {
    let argument = text::clean(argument, 60).text;
    let why = || ErrorData::invalid_params(format!("there is no argument `{argument}`"), None);
    is.then_some(()).ok_or_else(why)
}

fn pages(access: &Access, caller: &Caller) -> Vec<Named> {
    let pages = access.remembered_pages(caller).map(|(_, pages)| pages);
    let named = pages.unwrap_or_default().into_iter().map(|page| Named {
        id: page.id.to_string(),
        name: page.name.unwrap_or_else(|| page.id.to_string()),
    });
    named.collect()
}

/// Returns each completion with the text it is searched by. People read a name; an address takes the bare id.
fn shown(named: Vec<Named>, for_people: bool) -> Vec<(String, String)> {
    named
        .into_iter()
        .map(|Named { name, id }| {
            let both = format!("{name} ({id})");
            if for_people {
                (both.clone(), both)
            } else {
                (id, both)
            }
        })
        .collect()
}

/// The page that another argument names: by id, by name, or as a completion wrote it.
fn page_id(access: &Access, caller: &Caller, text: &str) -> Option<String> {
    let text = text.trim();
    pages(access, caller)
        .into_iter()
        .find(|Named { name, id }| text == id || text == name || text == format!("{name} ({id})"))
        .map(|page| page.id)
}

/// Those that begin so first, then those that hold it; each in the order of its words, without regard to case.
fn fitting(candidates: Vec<(String, String)>, typed: &str) -> CompleteResult {
    let typed = typed.to_lowercase();
    let mut found: Vec<(bool, String, String)> = candidates
        .into_iter()
        .filter_map(|(value, searched)| {
            let searched = searched.to_lowercase();
            let begins = searched.starts_with(&typed) || value.to_lowercase().starts_with(&typed);
            (begins || searched.contains(&typed)).then_some((!begins, searched, value))
        })
        .collect();
    found.sort();
    let total = found.len();
    let values: Vec<String> = found
        .into_iter()
        .map(|(_, _, value)| value)
        .take(CompletionInfo::MAX_VALUES)
        .collect();
    let more = values.len() < total;
    let info = CompletionInfo::with_pagination(values, u32::try_from(total).ok(), more);
    CompleteResult::new(info.unwrap_or_default())
}
