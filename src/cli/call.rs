//! `call`: any tool from the command line, and how every command that calls one tool ends.

use serde_json::{Map, Value, json};

use super::args::{self, Common};
use super::end::{End, Fail};
use super::session::{Answered, Session};
use super::{again, arguments, help, output, present};
use crate::toolkit::{Card, Catalogue, Limits};
use crate::tools;

pub(super) async fn run(common: &Common, call: &args::Call) -> Result<End, Fail> {
    let catalogue = tools::catalogue(Limits::default());
    let Some(name) = call.tool.as_deref() else {
        return help::of_call(call.help);
    };
    let card = card(&catalogue, name)?;
    if call.help {
        help::of_tool(common, card);
        return Ok(End::Done);
    }
    let arguments = arguments::read(card, &call.arguments, call.json.as_deref())?;
    let session = Session::open(common).await?;
    let end = tool(&session, card.name, arguments, call.all).await;
    session.close().await;
    end
}

/// The tool of this name, or what was probably meant.
pub(super) fn card<'a>(catalogue: &'a Catalogue, name: &str) -> Result<&'a Card, Fail> {
    catalogue.cards().find(|card| card.name == name).ok_or_else(|| {
        let known: Vec<&str> = catalogue.cards().map(|card| card.name).collect();
        let nearest = arguments::nearest(name, &known);
        Fail::usage(format!("there is no tool `{name}`{nearest} `status-roster tools` lists them. Nothing was changed."))
    })
}

/// Calls a tool, prints its result, and says how that ends the command. With `all`, every row of a list.
pub(super) async fn tool(
    session: &Session,
    name: &str,
    arguments: Map<String, Value>,
    all: bool,
) -> Result<End, Fail> {
    let token = arguments.contains_key("confirmation_token");
    let result = if all {
        whole(session, name, &arguments).await?
    } else {
        match session.call(name, &arguments).await {
            Answered::Result(result) => result,
            Answered::Refused(words, refused) => {
                return Err(refusal(session, name, words, End::of_refusal(refused)));
            }
        }
    };
    let end = End::of(&result);
    present::result(&session.screen, name, &result, &again::with_token(token));
    if session.stopped() && end == End::Incomplete {
        output::aside(
            "status-roster: stopped before the end. What is done stands; the same command goes on from there.",
        );
    } else if end == End::Incomplete && result.get("next_cursor").is_some() && !all {
        session.screen.remark("More rows follow: add `--all` for every one, or `cursor=` with the value of `next_cursor`.");
    }
    Ok(end)
}

/// What a refusal prints, and how it ends the command.
pub(super) fn refusal(session: &Session, tool: &str, words: String, end: End) -> Fail {
    let sentence = match end {
        End::Incomplete if session.stopped() => format!(
            "stopped before the end: {words} What was read is kept, and the same command goes on from there."
        ),
        End::Usage => format!(
            "{words} Type `{}` for what it takes, with an example.",
            again::help(tool)
        ),
        _ => words,
    };
    Fail { end, sentence }
}

/// Every piece of a list as one result.
pub(super) async fn whole(
    session: &Session,
    name: &str,
    arguments: &Map<String, Value>,
) -> Result<Value, Fail> {
    let mut whole: Option<Value> = None;
    let take = |piece: Value| {
        whole = Some(match whole.take() {
            None => piece,
            Some(before) => joined(before, piece),
        });
        Ok(())
    };
    match session.pieces(name, arguments, take).await? {
        Answered::Refused(words, refused) if whole.is_none() => {
            Err(refusal(session, name, words, End::of_refusal(refused)))
        }
        Answered::Refused(words, _) => {
            // What was read before stands, and is called incomplete.
            let mut read = whole.unwrap_or_default();
            if let Some(read) = read.as_object_mut() {
                read.insert("complete".to_owned(), json!(false));
                let warnings = read.entry("warnings").or_insert_with(|| json!([]));
                if let Some(warnings) = warnings.as_array_mut() {
                    warnings.push(json!(format!("the reading stopped: {words}")));
                }
            }
            Ok(read)
        }
        Answered::Result(_) => Ok(whole.unwrap_or_default()),
    }
}

/// Two pieces of a list: the rows of both, and what the later one says of the whole.
fn joined(before: Value, piece: Value) -> Value {
    let (Value::Object(mut before), Value::Object(mut whole)) = (before, piece) else {
        return Value::Null;
    };
    for key in ["records", "findings", "steps"] {
        let Some(Value::Array(mut rows)) = before.remove(key) else {
            continue;
        };
        if let Some(Value::Array(more)) = whole.remove(key) {
            rows.extend(more);
        }
        whole.insert(key.to_owned(), Value::Array(rows));
    }
    Value::Object(whole)
}
