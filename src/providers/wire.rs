//! Reads the fields of an answer: leniently where nothing depends on them, strictly where something does.
//!
//! Texts, times and switches that cannot be read are absent. Ids that cannot be read make the row unreadable: a row
//! without its true id, or a person with fewer groups than they have, would be a lie.

use std::str::FromStr;

use jiff::{Timestamp, civil};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use crate::roster::{BadId, text};

/// A text or a number as text; anything else is absent.
pub(super) fn lenient_text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Characters of a date alone: `2026-11-30`.
const DATE: usize = 10;

/// A time with a zone (fractions and offsets as they come), or a date, which begins in UTC. Anything else is absent: which moment a time
/// without a zone means is not known, and as the beginning of its day it would be another one.
pub(super) fn lenient_time<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
    let Value::String(text) = Value::deserialize(d)? else {
        return Ok(None);
    };
    let date = || {
        let text = Some(text.trim()).filter(|text| text.len() == DATE);
        civil::Date::from_str(text?)
            .ok()?
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .ok()
    };
    Ok(text
        .trim()
        .parse()
        .ok()
        .or_else(|| Some(date()?.timestamp())))
}

/// A switch, also as the text `"true"` or `"false"`; anything else is absent.
pub(super) fn lenient_bool<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Bool(on) => Some(on),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// Returns whether there is anything: neither null, nor an empty text, nor an empty list.
pub(super) fn is_set<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    })
}

/// The id of the row itself.
pub(super) fn id<'de, D, T>(d: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = BadId>,
{
    String::deserialize(d)?.parse().map_err(D::Error::custom)
}

/// An id or null; an empty text is null.
pub(super) fn optional_id<'de, D, T>(d: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = BadId>,
{
    match Option::<String>::deserialize(d)? {
        Some(text) if !text.is_empty() => text.parse().map(Some).map_err(D::Error::custom),
        _ => Ok(None),
    }
}

/// Ids as a list, as one text (Statuspage's description types several lists as text), or as objects with an `id`. Null is absent:
/// "nothing was said" and "none" are different.
pub(super) fn ids<'de, D, T>(d: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = BadId>,
{
    let texts: Vec<String> = match Value::deserialize(d)? {
        Value::Null => return Ok(None),
        Value::String(text) => {
            let bare = text.trim().trim_start_matches('[').trim_end_matches(']');
            let each = bare
                .split(',')
                .map(|part| part.trim().trim_matches('"').to_owned());
            each.filter(|part| !part.is_empty()).collect()
        }
        Value::Array(items) => items.iter().map(of_item).collect::<Result<_, _>>()?,
        other => return Err(D::Error::custom(format!("ids are {}", kind(&other)))),
    };
    texts
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()
        .map(Some)
        .map_err(D::Error::custom)
}

fn of_item<E: serde::de::Error>(item: &Value) -> Result<String, E> {
    let text = item.as_str().or_else(|| item.get("id")?.as_str());
    text.map(str::to_owned)
        .ok_or_else(|| E::custom(format!("an id is {}", kind(item))))
}

/// Names the type of a JSON value, for messages that must not repeat its content.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Cleans a text of a thing that is no record; remembers in `altered` whether it had to be changed.
pub(super) fn clean(text: Option<&str>, altered: &mut bool) -> Option<String> {
    let cleaned = text::clean(text?, text::NAME);
    *altered |= cleaned.altered;
    Some(cleaned.text).filter(|text| !text.is_empty())
}

/// An object that nothing hangs on: what cannot be read as one is empty.
pub(super) fn lenient_object<'de, D, T>(d: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + serde::de::DeserializeOwned,
{
    let value = Value::deserialize(d)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// Ids of SCIM references, `[{"value": "…"}]`. Null and missing are absent: "nothing was said" and "none" are different.
pub(super) fn values<'de, D, T>(d: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = BadId>,
{
    let items = match Value::deserialize(d)? {
        Value::Null => return Ok(None),
        Value::Array(items) => items,
        other => return Err(D::Error::custom(format!("ids are {}", kind(&other)))),
    };
    let one = |item: &Value| {
        let text = item.get("value").and_then(Value::as_str);
        let text = text.ok_or_else(|| D::Error::custom(format!("an id is {}", kind(item))))?;
        text.parse().map_err(D::Error::custom)
    };
    items.iter().map(one).collect::<Result<_, _>>().map(Some)
}
