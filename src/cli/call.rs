//! `call`: any tool from the command line, and how every command that calls one tool ends.

mod stopped;
mod whole;

use serde_json::{Map, Value};

pub(super) use self::whole::whole;
use super::args::{self, Common};
use super::end::{End, Fail};
use super::session::{Answered, Session};
use super::{again, arguments, ask, help, present};
use crate::access::Person;
use crate::toolkit::{Catalogue, Limits, ToolSpec};
use crate::tools;

pub(super) async fn run(common: &Common, call: &args::Call) -> Result<End, Fail> {
    let catalogue = tools::catalogue(Limits::default());
    let Some(name) = call.tool.as_deref() else {
        return help::of_call(call.help);
    };
    let spec = spec(&catalogue, name)?;
    if call.help {
        help::of_tool(common, spec);
        return Ok(End::Done);
    }
    let arguments = arguments::read(spec, &call.arguments, call.json.as_deref())?;
    let has_token = arguments.contains_key("confirmation_token");
    let session = Session::open(common, has_token).await?;
    let end = tool(&session, spec.name, arguments, call.all).await;
    session.close().await;
    end
}

/// The tool of this name, or what was probably meant.
pub(super) fn spec<'a>(catalogue: &'a Catalogue, name: &str) -> Result<&'a ToolSpec, Fail> {
    catalogue.specs().find(|spec| spec.name == name).ok_or_else(|| {
        let known: Vec<&str> = catalogue.specs().map(|spec| spec.name).collect();
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
    let again = again::with_token(token);
    present::result(&session.screen, name, &result, &again);
    if session.stopped() && end == End::Incomplete {
        stopped::tell(&result, &again);
    } else if end == End::Incomplete && result.get("next_cursor").is_some() && !all {
        session.screen.remark("More rows follow: add `--all` for every one, or `cursor=` with the value of `next_cursor`.");
    }
    Ok(end)
}

/// Returns the sentence that a refusal prints, and the exit code of the command.
pub(super) fn refusal(session: &Session, tool: &str, words: String, end: End) -> Fail {
    let sentence = match end {
        End::Incomplete if session.stopped() => format!(
            "stopped before the end: {words} What was read is kept, and the same command goes on from there."
        ),
        End::Confirm if ask::person() == Person::InReach => {
            "nothing was changed: what was typed is not the word that was asked for. The same command shows the plan and asks again."
                .to_owned()
        }
        End::Usage => format!(
            "{words} Type `{}` for what it takes, with an example.",
            again::help(tool)
        ),
        _ => words,
    };
    Fail { end, sentence }
}
