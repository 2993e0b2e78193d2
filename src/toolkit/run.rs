//! The call itself: names become ids, arguments become the tool's own type, and what failed in passing is made again.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::arguments::typed;
use super::counting;
use super::names::{self, Place};
use super::{Answer, Tool};
use crate::access::{Access, Ask, Refusal};

/// Calls a tool, with ids in place of names. Everything else about the arguments is judged before a name is looked up.
async fn called<T: Tool>(
    access: &Arc<Access>,
    ask: &Ask,
    arguments: &Map<String, Value>,
    names: &[Place],
) -> Result<T::Output, Refusal> {
    let names = names::to_look_up(T::EFFECT, names, arguments);
    typed::<T::Input>(names::with_some_id(arguments, &names.first)).map_err(Refusal::arguments)?;
    let refusal = match with_names::<T>(access, ask, arguments, &names.first).await {
        Err(refusal) if refusal.is_not_found() && !names.when_not_found.is_empty() => refusal,
        ended => return ended,
    };
    // A text in the form of an id, to which no record belongs, may be a name.
    let later = &names.when_not_found;
    let with_ids = names::looked_up(access, ask, later, arguments.clone()).await?;
    if with_ids == *arguments {
        return Err(refusal);
    }
    with_names::<T>(access, ask, &with_ids, &names.first).await
}

/// Calls a tool, with ids in these places.
async fn with_names<T: Tool>(
    access: &Arc<Access>,
    ask: &Ask,
    arguments: &Map<String, Value>,
    names: &[&Place],
) -> Result<T::Output, Refusal> {
    let arguments = names::looked_up(access, ask, names, arguments.clone()).await?;
    let mut ask = ask.clone();
    let mut recorded = arguments.clone();
    recorded.remove("confirmation_token");
    ask.arguments = Value::Object(recorded);
    let input = typed(arguments).map_err(Refusal::arguments)?;
    T::call(access.clone(), ask, input).await
}

/// The pauses after which a call whose reads failed in passing is made again.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// One call of a tool, from arguments that were read to its answer.
pub(super) async fn run<T: Tool>(
    access: Arc<Access>,
    mut ask: Ask,
    mut arguments: Map<String, Value>,
    names: Vec<Place>,
) -> Result<Answer, Refusal> {
    ask.counting = counting::taken::<T>(&mut arguments);
    let token = arguments.get("confirmation_token").and_then(Value::as_str);
    // Two calls with one token go one after the other: the later one finds what the earlier one did.
    let alone = access.alone_with_plan(&ask, token).await?;
    let mut pauses = AGAIN.iter();
    loop {
        let refusal = match called::<T>(&access, &ask, &arguments, &names).await {
            Ok(output) => return Ok(Answer::result(&output, T::rows(&output))),
            Err(refusal) => refusal,
        };
        // Whatever was refused changed nothing, so the whole call can be made again.
        let pause = pauses.next().filter(|_| refusal.passes());
        if let Some(pause) = pause
            && access.has_time(&ask, *pause).await
        {
            continue;
        }
        return Err(if alone.is_some() {
            refusal.with_a_token()
        } else {
            refusal
        });
    }
}
