//! Lists from 1, a filter that knows only `eq`, and answers cut down to the attributes asked for.

use serde_json::{Map, Value, json};

use super::{Cx, Outcome, error::invalid, path::equals};
use crate::sandbox::reply::Reply;

/// At most this many rows an answer.
const MOST: usize = 100;

/// The filter as an attribute and a text, when there is one. Only the given attributes can be asked for.
pub(super) fn filter(cx: &Cx<'_>, allowed: &[&str]) -> Result<Option<(String, String)>, Reply> {
    let Some(text) = cx.call.param("filter") else {
        return Ok(None);
    };
    let parsed = equals(text).and_then(|(name, value)| {
        let name = allowed
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))?;
        Some(((*name).to_owned(), value.as_str()?.to_owned()))
    });
    parsed.map(Some).ok_or_else(|| {
        invalid(
            "invalidFilter",
            &format!(
                "Filtering is supported with eq on {} only.",
                allowed.join(", ")
            ),
        )
    })
}

/// One page of rows, which are shown only once it is known that they are on it.
pub(super) fn page<T>(cx: &Cx<'_>, rows: &[T], show: impl Fn(&T) -> Value) -> Outcome {
    let number = |name: &str| -> Result<Option<usize>, Reply> {
        let Some(text) = cx.call.param(name) else {
            return Ok(None);
        };
        // A negative number counts as the least that is allowed (RFC 7644, 3.4.2.4).
        let number: i64 = text
            .parse()
            .map_err(|_| invalid("invalidValue", &format!("{name} must be a number.")))?;
        Ok(Some(usize::try_from(number.max(0)).unwrap_or(usize::MAX)))
    };
    let start = number("startIndex")?.unwrap_or(1).max(1);
    let count = number("count")?.unwrap_or(MOST).min(MOST);
    let skip = if cx.ignore_page { 0 } else { start - 1 };
    let shown: Vec<Value> = rows
        .iter()
        .skip(skip)
        .take(count)
        .map(|row| project(cx, show(row)))
        .collect::<Result<_, _>>()?;
    Ok((
        200,
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": rows.len(),
            "startIndex": start,
            "itemsPerPage": shown.len(),
            "Resources": shown,
        }),
    ))
}

/// `attributes` keeps what it names, `excludedAttributes` drops it; `id` and `schemas` always stay. Both at once are refused.
pub(super) fn project(cx: &Cx<'_>, resource: Value) -> Result<Value, Reply> {
    let names = |key: &str| -> Option<Vec<String>> {
        Some(
            cx.call
                .param(key)?
                .split(',')
                .map(|name| name.trim().to_lowercase())
                .collect(),
        )
    };
    let Value::Object(map) = resource else {
        return Ok(resource);
    };
    match (names("attributes"), names("excludedAttributes")) {
        (Some(_), Some(_)) => Err(invalid(
            "invalidValue",
            "attributes and excludedAttributes exclude each other.",
        )),
        (None, None) => Ok(Value::Object(map)),
        (Some(names), None) => Ok(Value::Object(keep(map, &names, true))),
        (None, Some(names)) => Ok(Value::Object(keep(map, &names, false))),
    }
}

fn keep(map: Map<String, Value>, names: &[String], wanted: bool) -> Map<String, Value> {
    const CORE: [&str; 2] = [
        "urn:ietf:params:scim:schemas:core:2.0:user:",
        "urn:ietf:params:scim:schemas:core:2.0:group:",
    ];
    let short = |name: &String| {
        CORE.iter()
            .find_map(|urn| name.strip_prefix(urn))
            .unwrap_or(name)
            .to_owned()
    };
    let names: Vec<String> = names.iter().map(short).collect();
    let mut out = Map::new();
    for (key, value) in map {
        let lower = key.to_lowercase();
        let named = names.contains(&lower);
        let below = |name: &String| {
            Some(
                name.strip_prefix(&lower)?
                    .strip_prefix(['.', ':'])?
                    .to_owned(),
            )
        };
        let parts: Vec<String> = names.iter().filter_map(below).collect();
        if ["id", "schemas"].contains(&key.as_str()) {
            out.insert(key, value);
        } else if named {
            if wanted {
                out.insert(key, value);
            }
        } else if !parts.is_empty() {
            out.insert(key, narrow(value, &parts, wanted));
        } else if !wanted {
            out.insert(key, value);
        }
    }
    out
}

fn narrow(value: Value, parts: &[String], wanted: bool) -> Value {
    match value {
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| narrow(item, parts, wanted))
                .collect(),
        ),
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(key, _)| parts.contains(&key.to_lowercase()) == wanted)
                .collect(),
        ),
        other => other,
    }
}
