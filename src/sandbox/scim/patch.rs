//! PATCH: operations one after the other on a copy, so that a failed one leaves nothing behind (RFC 7644, 3.5.2).

use serde_json::{Map, Value};

use super::{
    attributes::{Attribute, Kind, Writes},
    error::invalid,
    path::Path,
    resource::{accept, element, is_primary},
};
use crate::sandbox::reply::Reply;

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// The resource as it is after the operations.
pub(super) fn apply(
    known: &'static [Attribute],
    now: &Map<String, Value>,
    body: &Value,
) -> Result<Map<String, Value>, Reply> {
    let named = body
        .get("schemas")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|name| name == MESSAGE));
    // The reference's schema writes `operations`; its examples and RFC 7644 write `Operations`, which is what works.
    let operations = body
        .get("Operations")
        .and_then(Value::as_array)
        .filter(|list| named && !list.is_empty());
    let operations = operations.ok_or_else(|| {
        invalid(
            "invalidSyntax",
            "The body must be a PatchOp with Operations.",
        )
    })?;
    let mut after = now.clone();
    for operation in operations {
        let verb = operation
            .get("op")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_lowercase();
        let verb = match verb.as_str() {
            "add" => Verb::Add,
            "replace" => Verb::Replace,
            "remove" => Verb::Remove,
            _ => {
                return Err(invalid(
                    "invalidSyntax",
                    "op must be add, replace or remove.",
                ));
            }
        };
        let value = operation.get("value").unwrap_or(&Value::Null);
        match operation.get("path").and_then(Value::as_str) {
            Some(path) => one(&mut after, verb, &Path::parse(known, path)?, value)?,
            None if verb == Verb::Remove => {
                return Err(invalid("noTarget", "remove needs a path."));
            }
            None => {
                let fields = value.as_object().ok_or_else(|| {
                    invalid("invalidValue", "Without a path, value must be an object.")
                })?;
                for (path, value) in fields.iter().filter(|(name, _)| name.as_str() != "schemas") {
                    one(&mut after, verb, &Path::parse(known, path)?, value)?;
                }
            }
        }
    }
    Ok(after)
}

fn one(
    resource: &mut Map<String, Value>,
    verb: Verb,
    path: &Path,
    value: &Value,
) -> Result<(), Reply> {
    let name = path.attribute.name;
    let part_is_fixed = path.part.is_some_and(|part| part.writes == Writes::Never);
    if path.attribute.writes == Writes::Never || part_is_fixed {
        return Err(invalid("mutability", &format!("{name} cannot be changed.")));
    }
    if path.attribute.writes == Writes::Once && resource.get(name) != Some(value) {
        return Err(invalid(
            "mutability",
            &format!("{name} cannot be changed once it is set."),
        ));
    }
    let verb = if value.is_null() && verb == Verb::Replace {
        Verb::Remove
    } else {
        verb
    };
    if verb == Verb::Remove
        && path.attribute.required
        && path.filter.is_none()
        && path.part.is_none()
    {
        return Err(invalid("mutability", &format!("{name} is required.")));
    }
    match path.attribute.kind {
        Kind::Many(_) => in_list(resource, verb, path, value),
        Kind::One(_) => in_object(resource, verb, path, value),
        Kind::Text | Kind::Flag | Kind::Reference(_) => set(resource, verb, path.attribute, value),
    }
}

fn set(
    map: &mut Map<String, Value>,
    verb: Verb,
    attribute: &'static Attribute,
    value: &Value,
) -> Result<(), Reply> {
    match accept(attribute, value)?.filter(|_| verb != Verb::Remove) {
        Some(value) => map.insert(attribute.name.to_owned(), value),
        None => map.remove(attribute.name),
    };
    Ok(())
}

fn in_object(
    resource: &mut Map<String, Value>,
    verb: Verb,
    path: &Path,
    value: &Value,
) -> Result<(), Reply> {
    let name = path.attribute.name;
    let mut object = resource
        .get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    match (path.part, verb) {
        (Some(part), _) => set(&mut object, verb, part, value)?,
        (None, Verb::Remove) => object.clear(),
        (None, _) => {
            // A complex value is merged part by part, for replace too (RFC 7644, 3.5.2.3).
            if let Some(Value::Object(new)) = accept(path.attribute, value)? {
                object.extend(new);
            }
        }
    }
    if object.is_empty() {
        resource.remove(name);
    } else {
        resource.insert(name.to_owned(), Value::Object(object));
    }
    Ok(())
}

fn in_list(
    resource: &mut Map<String, Value>,
    verb: Verb,
    path: &Path,
    value: &Value,
) -> Result<(), Reply> {
    let name = path.attribute.name;
    let mut items = resource
        .get(name)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    match (verb, path.filter.is_some() || path.part.is_some()) {
        (Verb::Remove, false) => match elements(path.attribute, value)? {
            // Some identity providers name the members to remove in the value.
            named if !named.is_empty() => {
                items.retain(|item| !named.iter().any(|gone| same(gone, item)))
            }
            _ => items.clear(),
        },
        (Verb::Remove, true) => remove_from(&mut items, path),
        (Verb::Replace, false) => items = elements(path.attribute, value)?,
        (Verb::Add, false) => {
            for new in elements(path.attribute, value)? {
                if is_primary(&new) {
                    items
                        .iter_mut()
                        .filter_map(Value::as_object_mut)
                        .for_each(|item| drop(item.remove("primary")));
                }
                items.retain(|item| !same(&new, item));
                items.push(new);
            }
        }
        (_, true) => change_in(&mut items, verb, path, value)?,
    }
    if items.is_empty() {
        resource.remove(name);
    } else {
        resource.insert(name.to_owned(), Value::Array(items));
    }
    Ok(())
}

fn remove_from(items: &mut Vec<Value>, path: &Path) {
    match path.part {
        None => items.retain(|item| !path.meets(item)),
        Some(part) => {
            for item in items.iter_mut().filter(|item| path.meets(item)) {
                if let Some(item) = item.as_object_mut() {
                    item.remove(part.name);
                }
            }
        }
    }
}

fn change_in(items: &mut Vec<Value>, verb: Verb, path: &Path, value: &Value) -> Result<(), Reply> {
    if !items.iter().any(|item| path.meets(item)) {
        let Some((part, wanted)) = path.filter.as_ref().filter(|_| verb == Verb::Add) else {
            return Err(invalid("noTarget", "No element matches the path."));
        };
        items.push(Value::Object(Map::from_iter([(
            part.name.to_owned(),
            wanted.clone(),
        )])));
    }
    for item in items.iter_mut().filter(|item| path.meets(item)) {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        match path.part {
            Some(part) => set(item, verb, part, value)?,
            None => {
                if let Value::Object(new) = element(path.attribute, value)? {
                    item.extend(new);
                }
            }
        }
    }
    Ok(())
}

/// A list, or one element without its brackets.
fn elements(attribute: &'static Attribute, value: &Value) -> Result<Vec<Value>, Reply> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.iter().map(|item| element(attribute, item)).collect(),
        single => Ok(vec![element(attribute, single)?]),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    one.get("value") == other.get("value")
}
