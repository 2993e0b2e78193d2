//! The commands for the things that people do. Each is a tool's call with the arguments put together from flags.

mod export;
mod offboard;

use serde_json::{Map, Value, json};

pub(super) use export::run as export;
pub(super) use offboard::run as offboard;

use super::args::{AddViewer, Common, Find, Permissions, Review, Sync};
use super::arguments::file_text;
use super::end::{End, Fail};
use super::session::Session;
use super::{call, output, present};

/// An object without its empty members, which the tools take as absent.
fn object(value: Value) -> Map<String, Value> {
    let Value::Object(mut fields) = value else {
        return Map::new();
    };
    fields.retain(|_, value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    });
    fields
}

/// The addresses of one person, as the tools take them.
fn person(who: &[String]) -> Value {
    match who {
        [one] => json!({ "email": one }),
        several => json!({ "emails": several }),
    }
}

async fn with<F>(common: &Common, work: impl FnOnce(Session) -> F) -> Result<End, Fail>
where
    F: Future<Output = (Session, Result<End, Fail>)>,
{
    let session = Session::open(common).await?;
    let (session, end) = work(session).await;
    session.close().await;
    end
}

async fn one(
    common: &Common,
    tool: &'static str,
    arguments: Map<String, Value>,
) -> Result<End, Fail> {
    with(common, async |session| {
        let end = call::tool(&session, tool, arguments, true).await;
        (session, end)
    })
    .await
}

/// `find`: with `--gone`, done only where it is certain that nothing is left.
pub(super) async fn find(common: &Common, find: Find) -> Result<End, Fail> {
    let mut arguments = object(person(&find.who));
    arguments.extend(object(json!({ "page_ids": find.pages })));
    let gone = find.gone;
    with(common, async |session| {
        let result = match call::whole(&session, "find_person", &arguments).await {
            Ok(result) => result,
            Err(fail) => return (session, Err(fail)),
        };
        present::result(&session.screen, "find_person", &result, "");
        let end = End::of(&result);
        let found = result.get("verdict").and_then(Value::as_str) == Some("found");
        let end = match (gone, found) {
            (true, true) => End::Failed,
            _ => end,
        };
        (session, Ok(end))
    })
    .await
}

pub(super) async fn review(common: &Common, review: Review) -> Result<End, Fail> {
    let identities = match &review.identities {
        Some(file) => Some(addresses(&file_text(file)?, &file.display().to_string())?),
        None => None,
    };
    let arguments = json!({
        "profile": review.profile.word(),
        "identities": identities,
        "page_ids": review.pages,
    });
    one(common, "review_access", object(arguments)).await
}

/// `add-viewer`: one call a person; the gravest end counts.
pub(super) async fn add_viewer(common: &Common, add: AddViewer) -> Result<End, Fail> {
    with(common, async |session| {
        let mut end = End::Done;
        for who in &add.who {
            let arguments = object(json!({
                "page_id": add.page,
                "email": who,
                "group_ids": add.groups,
                "component_ids": add.components,
                "metric_ids": add.metrics,
                "subscribe": add.subscribe,
            }));
            end = end.and(ended(
                call::tool(&session, "add_page_viewer", arguments, false).await,
            ));
            if session.stopped() {
                break;
            }
        }
        (session, Ok(end))
    })
    .await
}

/// An end in any case: what failed is said at once, because others follow.
fn ended(end: Result<End, Fail>) -> End {
    end.unwrap_or_else(|fail| {
        output::failed(&fail);
        fail.end
    })
}

pub(super) async fn permissions(common: &Common, wanted: Permissions) -> Result<End, Fail> {
    let who = object(json!({ "email": wanted.who }));
    let (grant, revoke) = (grants(&wanted.grant), grants(&wanted.revoke));
    let replace = grants(&wanted.replace);
    if [&grant, &revoke, &replace]
        .iter()
        .all(|list| list.is_empty())
    {
        return one(common, "get_permissions", who).await;
    }
    let change = json!({
        "grant": grant, "revoke": revoke, "replace": replace, "confirmation_token": wanted.token,
    });
    let mut arguments = who;
    arguments.extend(object(change));
    with(common, async |session| {
        let end = call::tool(&session, "set_permissions", arguments, false).await;
        (session, end)
    })
    .await
}

/// `PAGE=role,role`, as the tool takes it.
fn grants(typed: &[String]) -> Vec<Value> {
    let one = |text: &String| {
        let (page, roles) = text.split_once('=').unwrap_or((text, ""));
        let roles: Vec<&str> = roles
            .split(',')
            .map(str::trim)
            .filter(|role| !role.is_empty())
            .collect();
        json!({ "page_id": page, "roles": roles })
    };
    typed.iter().map(one).collect()
}

pub(super) async fn sync(common: &Common, sync: Sync) -> Result<End, Fail> {
    let desired = file_text(&sync.file)?;
    let arguments = object(json!({
        "page_id": sync.page,
        "desired": desired,
        "removal_cap": sync.removal_cap,
        "confirmation_token": sync.token,
    }));
    with(common, async |session| {
        let end = call::tool(&session, "sync_page_viewers", arguments, false).await;
        (session, end)
    })
    .await
}

/// The addresses in a text: one a line, or the column `email` of CSV.
fn addresses(text: &str, name: &str) -> Result<Vec<String>, Fail> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = [';', '\t', ',']
        .into_iter()
        .find(|it| first.contains(*it))
        .unwrap_or(',');
    let wanted = |head: &str| {
        let head = head.trim().trim_matches('"').to_ascii_lowercase();
        matches!(head.as_str(), "email" | "e-mail" | "email address" | "mail")
    };
    let headed = first.split(separator).any(wanted);
    let found: Vec<String> = if headed || first.contains(separator) {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .flexible(true)
            .has_headers(headed)
            .from_reader(text.as_bytes());
        let column = match headed {
            true => reader
                .headers()
                .ok()
                .and_then(|heads| heads.iter().position(wanted)),
            false => None,
        };
        let Some(column) = column else {
            return Err(Fail::usage(format!(
                "`{name}` has several columns and none is called `email`; add a header line that names them"
            )));
        };
        let rows = reader.records().map_while(Result::ok);
        rows.filter_map(|row| row.get(column).map(|cell| cell.trim().to_owned()))
            .collect()
    } else {
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    let found: Vec<String> = found
        .into_iter()
        .map(|cell| {
            cell.strip_prefix('\'')
                .map_or(cell.clone(), ToOwned::to_owned)
        })
        .filter(|cell| !cell.is_empty() && !cell.starts_with('#'))
        .collect();
    if found.is_empty() {
        return Err(Fail::usage(format!(
            "`{name}` holds no address; write one a line, or CSV with a column `email`"
        )));
    }
    Ok(found)
}
