//! Reads resources: known attributes with their declared name and type; everything else is dropped.

use serde_json::{Map, Value};

use super::{
    attributes::{Attribute, Kind, Writes, find},
    error::invalid,
};
use crate::sandbox::reply::Reply;

/// The writable attributes of a body. Unknown and read-only ones are ignored, as RFC 7644 (3.3) asks; `null` and `[]` are absent.
pub(super) fn read(known: &'static [Attribute], body: &Value) -> Result<Map<String, Value>, Reply> {
    let Value::Object(body) = body else {
        return Err(invalid("invalidSyntax", "The body must be a JSON object."));
    };
    let mut out = Map::new();
    for (name, value) in body {
        let Some(attribute) =
            find(known, name).filter(|attribute| attribute.writes != Writes::Never)
        else {
            continue;
        };
        if let Some(value) = accept(attribute, value)? {
            out.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(out)
}

/// A value of the attribute's type; `None` when it is as good as absent.
pub(super) fn accept(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, Reply> {
    let wrong = || {
        invalid(
            "invalidValue",
            &format!(
                "Attribute {} has a value of the wrong type.",
                attribute.name
            ),
        )
    };
    Ok(match (attribute.kind, value) {
        (_, Value::Null) => None,
        (Kind::Text | Kind::Reference(_), Value::String(_)) | (Kind::Flag, Value::Bool(_)) => {
            Some(value.clone())
        }
        (Kind::One(parts), Value::Object(_)) => Some(read(parts, value)?)
            .filter(|map| !map.is_empty())
            .map(Value::Object),
        (Kind::Many(_), Value::Array(items)) => {
            let items = items
                .iter()
                .map(|item| element(attribute, item))
                .collect::<Result<Vec<_>, _>>()?;
            Some(items)
                .filter(|items| !items.is_empty())
                .map(Value::Array)
        }
        _ => return Err(wrong()),
    })
}

/// One element of a list.
pub(super) fn element(attribute: &'static Attribute, item: &Value) -> Result<Value, Reply> {
    let map = read(attribute.parts(), item)?;
    let lacks = attribute
        .parts()
        .iter()
        .find(|part| part.required && !map.contains_key(part.name));
    match lacks {
        Some(part) => Err(invalid(
            "invalidValue",
            &format!("{}.{} is required.", attribute.name, part.name),
        )),
        None => Ok(Value::Object(map)),
    }
}

/// Checks that required attributes are there and that a list has at most one primary element. Where none is marked, the first becomes
/// primary.
pub(super) fn complete(
    known: &'static [Attribute],
    resource: &mut Map<String, Value>,
) -> Result<(), Reply> {
    for attribute in known {
        let value = resource.get_mut(attribute.name);
        if attribute.required
            && value
                .as_deref()
                .is_none_or(|value| value.as_str() == Some(""))
        {
            return Err(invalid(
                "invalidValue",
                &format!("{} is required.", attribute.name),
            ));
        }
        if let (Some(Value::Array(items)), true) =
            (value, find(attribute.parts(), "primary").is_some())
        {
            one_primary(attribute.name, items)?;
        }
    }
    Ok(())
}

fn one_primary(name: &str, items: &mut [Value]) -> Result<(), Reply> {
    let primary = items.iter().filter(|item| is_primary(item)).count();
    if primary > 1 {
        return Err(invalid(
            "invalidValue",
            &format!("{name} has more than one primary element."),
        ));
    }
    let unsaid = items.iter().all(|item| item.get("primary").is_none());
    if let (true, "emails", Some(Value::Object(first))) = (unsaid, name, items.first_mut()) {
        first.insert("primary".to_owned(), Value::Bool(true));
    }
    Ok(())
}

pub(super) fn is_primary(item: &Value) -> bool {
    item.get("primary") == Some(&Value::Bool(true))
}
