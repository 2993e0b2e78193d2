//! The `path` of a PATCH operation: `active`, `name.familyName`, `emails[type eq "work"].value`, `urn:…:User:department`.

use serde_json::Value;

use super::{
    attributes::{Attribute, GROUP_SCHEMA, USER_SCHEMA, find},
    error::invalid,
};
use crate::sandbox::reply::Reply;

/// The part of a resource that an operation changes.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) attribute: &'static Attribute,
    /// Only elements whose part equals the value.
    pub(super) filter: Option<(&'static Attribute, Value)>,
    pub(super) part: Option<&'static Attribute>,
}

impl Path {
    pub(super) fn parse(known: &'static [Attribute], text: &str) -> Result<Self, Reply> {
        let wrong = || invalid("invalidPath", &format!("The path {text} is not known."));
        let short = [USER_SCHEMA, GROUP_SCHEMA]
            .iter()
            .find_map(|urn| without(text, urn))
            .unwrap_or(text);
        let extension = known
            .iter()
            .filter(|attribute| attribute.is_extension())
            .find_map(|attribute| {
                let whole = short.eq_ignore_ascii_case(attribute.name).then_some("");
                Some((attribute, whole.or_else(|| without(short, attribute.name))?))
            });
        if let Some((attribute, rest)) = extension {
            let part = if rest.is_empty() {
                None
            } else {
                Some(find(attribute.parts(), rest).ok_or_else(wrong)?)
            };
            return Ok(Self {
                attribute,
                filter: None,
                part,
            });
        }
        let (head, filter, rest) = match short.split_once('[') {
            Some((head, tail)) => {
                let (inside, rest) = tail.rsplit_once(']').ok_or_else(wrong)?;
                (head, Some(inside), rest)
            }
            None => match short.split_once('.') {
                Some((head, _)) => (head, None, short.get(head.len()..).unwrap_or_default()),
                None => (short, None, ""),
            },
        };
        let attribute = find(known, head).ok_or_else(wrong)?;
        let part = match rest.strip_prefix('.') {
            Some(name) => Some(find(attribute.parts(), name).ok_or_else(wrong)?),
            None if rest.is_empty() => None,
            None => return Err(wrong()),
        };
        let filter = filter
            .map(|inside| comparison(attribute.parts(), inside).ok_or_else(wrong))
            .transpose()?;
        Ok(Self {
            attribute,
            filter,
            part,
        })
    }

    /// Returns whether an element is meant.
    pub(super) fn meets(&self, element: &Value) -> bool {
        self.filter
            .as_ref()
            .is_none_or(|(part, wanted)| element.get(part.name) == Some(wanted))
    }
}

fn without<'a>(text: &'a str, urn: &str) -> Option<&'a str> {
    let head = text.get(..urn.len())?;
    head.eq_ignore_ascii_case(urn)
        .then(|| text.get(urn.len()..)?.strip_prefix(':'))
        .flatten()
}

/// `name eq "value"`, the one comparison there is.
fn comparison(parts: &'static [Attribute], text: &str) -> Option<(&'static Attribute, Value)> {
    let (name, value) = equals(text)?;
    Some((find(parts, name)?, value))
}

/// Splits `name eq value`; the value is JSON.
pub(super) fn equals(text: &str) -> Option<(&str, Value)> {
    let (name, rest) = text.trim().split_once(' ')?;
    let (operator, value) = rest.trim_start().split_once(' ')?;
    let value = serde_json::from_str(value.trim()).ok()?;
    operator.eq_ignore_ascii_case("eq").then_some((name, value))
}
