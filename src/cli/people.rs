//! The commands for the things that people do. Each is a tool's call with the arguments put together from flags.

mod addresses;
mod export;
mod offboard;
mod permissions;

use serde_json::{Map, Value, json};

pub(super) use export::run as export;
pub(super) use offboard::run as offboard;
pub(super) use permissions::run as permissions;

use self::addresses::addresses;
use super::args::{AddViewer, Common, Find, Review, Sync};
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

/// Works in a session; with a token the plan was shown before, and nobody is asked.
async fn with<F>(
    common: &Common,
    has_token: bool,
    work: impl FnOnce(Session) -> F,
) -> Result<End, Fail>
where
    F: Future<Output = (Session, Result<End, Fail>)>,
{
    let session = Session::open(common, has_token).await?;
    let (session, end) = work(session).await;
    session.close().await;
    end
}

async fn one(
    common: &Common,
    tool: &'static str,
    arguments: Map<String, Value>,
) -> Result<End, Fail> {
    with(common, false, async |session| {
        let end = call::tool(&session, tool, arguments, true).await;
        (session, end)
    })
    .await
}

/// `find`: done only where it is certain that there is no account.
pub(super) async fn find(common: &Common, find: Find) -> Result<End, Fail> {
    let mut arguments = object(person(&find.who));
    arguments.extend(object(json!({ "page_ids": find.pages })));
    with(common, false, async |session| {
        let result = match call::whole(&session, "find_person", &arguments).await {
            Ok(result) => result,
            Err(fail) => return (session, Err(fail)),
        };
        present::result(&session.screen, "find_person", &result, "");
        let verdict = result.get("verdict").and_then(Value::as_str);
        let end = match (End::of(&result), verdict) {
            (End::Done, Some("none")) => End::Done,
            (End::Done, _) => End::Found,
            (end, _) => end,
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
    with(common, false, async |session| {
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

pub(super) async fn sync(common: &Common, sync: Sync) -> Result<End, Fail> {
    let desired = file_text(&sync.file)?;
    let arguments = object(json!({
        "page_id": sync.page,
        "desired": desired,
        "removal_cap": sync.removal_cap,
        "confirmation_token": sync.token,
    }));
    with(common, sync.token.is_some(), async |session| {
        let end = call::tool(&session, "sync_page_viewers", arguments, false).await;
        (session, end)
    })
    .await
}
