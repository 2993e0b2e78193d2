//! The operator's notes about API keys: no upstream says when a key ends or who made it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::given::Value;
use super::problem::Origin;
use super::reader::{Reader, date};
use crate::access::Key;
use crate::roster::{Email, System};

/// The names of one system's three settings about its own key.
pub(super) struct KeyNames {
    pub(super) created: &'static str,
    pub(super) expires: &'static str,
    pub(super) creator: &'static str,
}

/// The facts of the key that this server itself uses.
pub(super) fn own(from: &mut Reader, system: System, names: &KeyNames) -> Key {
    let created = from.date(names.created);
    let expires = from.date(names.expires);
    let creator = address(from, names.creator);
    if let Some(what) = backwards(created, expires) {
        let what = format!("`{}` and `{}`: {what}", names.created, names.expires);
        from.problem(Origin::Nowhere, what);
    }
    Key {
        name: format!("this server's {system} key"),
        system,
        created,
        expires,
        creator,
        own: true,
    }
}

/// A slip of the pen that would keep a warning from ever coming.
fn backwards(created: Option<Date>, expires: Option<Date>) -> Option<String> {
    let (created, expires) = (created?, expires?);
    let wrong = expires < created;
    wrong.then(|| format!("the key would end ({expires}) before it was made ({created})"))
}

/// Somebody's address.
pub(super) fn address(from: &mut Reader, name: &'static str) -> Option<Email> {
    let (text, origin) = from.text(name)?;
    let parsed = Email::parse(&text);
    if let Err(error) = &parsed {
        from.problem(origin, format!("`{name}`: {error}"));
    }
    parsed.ok()
}

/// `[credentials] keys`: every other key that somebody should remember.
pub(super) fn others(from: &mut Reader) -> Vec<Key> {
    from.tables("credentials.keys", entry)
}

fn entry(mut table: BTreeMap<String, Value>) -> Result<Key, String> {
    let mut text = |name: &str| match table.remove(name) {
        None => Ok(None),
        Some(Value::Text(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
        Some(other) => Err(format!(
            "`{name}` must be text in quotes, not {}",
            other.kind()
        )),
    };
    let name = text("name")?.ok_or("`name` is missing: what the key is for")?;
    let words: Vec<&str> = System::ALL.iter().map(|system| system.as_str()).collect();
    let system = text("system")?
        .as_deref()
        .and_then(System::from_word)
        .ok_or_else(|| format!("`system` must be one of {}", words.join(", ")))?;
    let creator = text("creator")?
        .map(|text| Email::parse(&text).map_err(|error| format!("`creator`: {error}")))
        .transpose()?;
    let mut day = |name: &str| {
        table
            .remove(name)
            .map(|value| date(&value).map_err(|why| format!("`{name}` {why}")))
            .transpose()
    };
    let (created, expires) = (day("created")?, day("expires")?);
    if let Some(what) = backwards(created, expires) {
        return Err(format!("`created` and `expires`: {what}"));
    }
    if let Some(unknown) = table.keys().next() {
        return Err(format!(
            "there is no `{}` here; an entry has `name`, `system`, `creator`, `created` and `expires`",
            crate::roster::text::clean(unknown, 40).text
        ));
    }
    Ok(Key {
        name: crate::roster::text::clean(&name, 80).text,
        system,
        created,
        expires,
        creator,
        own: false,
    })
}
