//! Names among the arguments, where a tool takes ids: looked up before the tool sees them, so that no tool has to.
//!
//! A field whose type is an id says of what, by the mark [`NAMES`] in its schema; clients are not sent the mark.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Effect;
use crate::access::{Access, Ask, Refusal};
use crate::roster::{PageId, Thing, text};

/// Marks a text that is the id of something that has a name: `"x-names": "component"`.
pub(super) use crate::roster::ids::NAMES;

/// A text among the arguments that stands for something: where, and for what.
pub(super) struct Place {
    pub at: String,
    pub thing: Thing,
}

/// The places whose text has to be looked up before the call, and those whose text is looked up only when the call does not find what
/// it stands for.
pub(super) struct LookUps<'a> {
    pub first: Vec<&'a Place>,
    pub when_not_found: Vec<&'a Place>,
}

/// The texts that may be names. A name can be written as every official id is (12 small letters and digits). What is written so is taken for
/// an id first where a wrong one is sure to be refused; where it would be answered as gone, not given, or a filter that nothing fits, it
/// is looked for among ids and names before the call.
pub(super) fn to_look_up<'a>(
    effect: Effect,
    places: &'a [Place],
    arguments: &Map<String, Value>,
) -> LookUps<'a> {
    let text = |place: &Place| {
        let mut path = place.at.strip_prefix('/')?.split('/');
        let first = arguments.get(path.next()?)?;
        let value = path.try_fold(first, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            value => value.get(part),
        });
        value?.as_str()
    };
    let may_be_name = |place: &&Place| text(place).is_some_and(can_be_name);
    let later = |place: &&Place| {
        let refuses = match place.thing {
            Thing::Page => true,
            Thing::Incident => effect != Effect::Remove,
            Thing::Component | Thing::Group | Thing::Metric => match effect {
                Effect::Add | Effect::Send | Effect::Publish => true,
                Effect::Read | Effect::Change | Effect::Remove => false,
            },
        };
        refuses && text(place).is_some_and(is_an_id)
    };
    let (when_not_found, first) = places.iter().filter(may_be_name).partition(later);
    LookUps {
        first,
        when_not_found,
    }
}

/// The arguments with ids in place of names.
///
/// # Errors
/// A name that several have, or that nobody has and that cannot be an id.
pub(super) async fn looked_up(
    access: &Access,
    ask: &Ask,
    places: &[&Place],
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut whole = Value::Object(arguments);
    let mut known: BTreeMap<(Thing, String), String> = BTreeMap::new();
    // Pages first: everything else is looked up on the page.
    let pages = places.iter().filter(|place| place.thing == Thing::Page);
    let others = places.iter().filter(|place| place.thing != Thing::Page);
    for place in pages.chain(others) {
        let name = whole.pointer(&place.at).and_then(Value::as_str);
        let Some(name) = name.map(str::to_owned) else {
            continue;
        };
        let key = (place.thing, name.clone());
        let id = match known.get(&key) {
            Some(id) => id.clone(),
            None => {
                let page = whole.get("page_id").and_then(Value::as_str);
                let page = page.and_then(|page| PageId::parse(page).ok());
                access.id_of(ask, place.thing, page.as_ref(), &name).await?
            }
        };
        if let Some(text) = whole.pointer_mut(&place.at) {
            *text = Value::String(id.clone());
        }
        known.insert(key, id);
    }
    match whole {
        Value::Object(arguments) => Ok(arguments),
        _ => Ok(Map::new()),
    }
}

/// The arguments with some id in every such place: what else is wrong with them shows without a look-up.
pub(super) fn with_some_id(
    arguments: &Map<String, Value>,
    places: &[&Place],
) -> Map<String, Value> {
    let mut whole = Value::Object(arguments.clone());
    for place in places {
        if let Some(text) = whole.pointer_mut(&place.at) {
            *text = Value::String("id".to_owned());
        }
    }
    match whole {
        Value::Object(arguments) => arguments,
        _ => Map::new(),
    }
}

/// Returns whether a text can be the name of something. One that cannot is refused as the bad id that it is.
fn can_be_name(given: &str) -> bool {
    let odd = |c: char| c.is_control() || text::is_hidden(c);
    let is_escape = |part: &str| {
        let code = part.as_bytes().first_chunk::<2>();
        code.is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
    };
    given.chars().count() <= text::NAME
        && given.chars().any(char::is_alphanumeric)
        && !given.chars().any(odd)
        && !given.contains("..")
        && !given.split('%').skip(1).any(is_escape)
}

/// Returns whether a text is written as ids are.
fn is_an_id(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() == 12 && text.bytes().all(small)
}
