//! An answer that is not a success, as an [`Error`]: by status, with whatever words the body has.
//!
//! Seen bodies: `{"error": "text"}`, `{"error": {"field": ["text"]}}`, `{"error": [{"path": ["field"], "message": "text"}]}`,
//! `{"message": "text"}`, `{"detail": "text"}` (SCIM), an HTML page from an edge, and nothing at all.

use std::collections::BTreeMap;

use reqwest::header::LOCATION;
use serde_json::Value;

use super::wire::Raw;
use super::{Credential, Error};
use crate::roster::text::{MESSAGE, clean};

/// The words for a page that is meant for people.
const PAGE: &str = "an HTML page";

type Fields = BTreeMap<String, Vec<String>>;

/// The error that `raw` is. Not for 2xx, 420 and 429.
pub(super) fn classify(system: &'static str, credential: &Credential, raw: &Raw) -> Error {
    let mut fields = Fields::new();
    let words = words(&raw.body, &mut fields);
    let shown = |text: &str| blanked(text, credential, MESSAGE);
    // Its own words, and not this server's.
    let message = match shown(&words) {
        words if words.is_empty() => "no reason given".to_owned(),
        page if page.starts_with(PAGE) => page,
        words => format!("\"{}\"", words.replace('"', "'")),
    };
    let fields = fields
        .into_iter()
        .take(50)
        .map(|(name, texts)| {
            (
                shown(&name),
                texts.iter().take(20).map(|text| shown(text)).collect(),
            )
        })
        .collect();
    match raw.status {
        300..=399 => Error::Redirected {
            system,
            status: raw.status,
            to: target(raw, credential),
        },
        401 => Error::BadCredential { system, message },
        403 => Error::Forbidden { system, message },
        404 | 410 => Error::NotFound { system, message },
        409 => Error::Conflict { system, message },
        400 | 422 => Error::Invalid {
            system,
            message,
            fields,
        },
        408 | 500.. => Error::Broke {
            system,
            status: raw.status,
            message,
        },
        status => Error::Invalid {
            system,
            message: format!("status {status}: {message}"),
            fields,
        },
    }
}

/// Text from outside as it may be shown. The key is looked for once nothing invisible stands between its characters any more, and
/// before the text is cut, which could leave a part of it.
fn blanked(text: &str, credential: &Credential, longest: usize) -> String {
    let visible = clean(text, longest.saturating_mul(8).saturating_add(4_096)).text;
    clean(&credential.scrub(&visible), longest).text
}

/// The host of a redirect: the rest of the address may hold anything.
fn target(raw: &Raw, credential: &Credential) -> String {
    let location = raw
        .headers
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match url::Url::parse(location)
        .ok()
        .as_ref()
        .and_then(url::Url::host_str)
    {
        Some(host) => blanked(host, credential, 100),
        None => "another path".to_owned(),
    }
}

fn words(body: &[u8], fields: &mut Fields) -> String {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => of_value(&value, fields),
        Err(_) if text.trim_start().starts_with('<') => html_title(&text),
        Err(_) => text.into_owned(),
    }
}

fn of_value(value: &Value, fields: &mut Fields) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) => {
            let speaking = ["error", "errors", "message", "detail", "error_description"];
            match speaking
                .iter()
                .find_map(|name| object.get(*name).filter(|value| !is_blank(value)))
            {
                Some(Value::Object(by_field)) => {
                    for (name, value) in by_field {
                        fields.insert(name.clone(), texts(value));
                    }
                    by_name(fields)
                }
                Some(inner) => of_value(inner, fields),
                None => String::new(),
            }
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(|item| of_item(item, fields)).collect();
            parts.join("; ")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// An item of an error array: a text, or an object that names a field by its `path`.
fn of_item(item: &Value, fields: &mut Fields) -> String {
    let message = item.get("message").and_then(Value::as_str);
    let path = item.get("path").and_then(Value::as_array);
    match (message, path) {
        (Some(message), Some(path)) if !path.is_empty() => {
            let name = path.iter().flat_map(texts).collect::<Vec<_>>().join(".");
            fields
                .entry(name.clone())
                .or_default()
                .push(message.to_owned());
            format!("{name} {message}")
        }
        (Some(message), _) => message.to_owned(),
        (None, _) => texts(item).join(", "),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

fn by_name(fields: &Fields) -> String {
    let one = |(name, texts): (&String, &Vec<String>)| format!("{name} {}", texts.join(", "));
    fields.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn html_title(text: &str) -> String {
    // ASCII only, so that byte positions stay those of `text`.
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").zip(lower.find("</title>"));
    match title.and_then(|(start, end)| text.get(start + "<title>".len()..end)) {
        Some(title) => format!("{PAGE} titled `{}`", title.trim()),
        None => PAGE.to_owned(),
    }
}
