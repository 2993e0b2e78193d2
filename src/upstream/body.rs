//! Answers as values: where a body is unreadable, the error names the place and not the content.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Error;
use crate::roster::text::clean;

/// A whole body.
pub(super) fn read<T: DeserializeOwned>(system: &'static str, body: &[u8]) -> Result<T, Error> {
    let unreadable = |place: &str, why: &str| Error::Unreadable {
        system,
        place: place.to_owned(),
        why: why.to_owned(),
    };
    match body.trim_ascii_start().first() {
        None => return Err(unreadable(".", "expected JSON, and the body is empty")),
        Some(b'<') => return Err(unreadable(".", "expected JSON, and it is an HTML page")),
        Some(_) => {}
    }
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok(value);
    }
    // Read once more, this time remembering the place: most answers need no place.
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| unreadable(&place(error.path()), &why(error.inner())))?;
    json.end()
        .map_err(|_| unreadable(".", "expected one JSON value, and more follows"))?;
    Ok(value)
}

/// One row of a list: the `index`-th of its page.
pub(super) fn read_row<T: DeserializeOwned>(index: usize, row: &RawValue) -> Result<T, String> {
    if let Ok(value) = serde_json::from_str(row.get()) {
        return Ok(value);
    }
    // A field given twice is the last one, and the place of what cannot be read is wanted.
    let read = match serde_json::from_str::<Value>(row.get()) {
        Ok(value) => serde_path_to_error::deserialize(&value),
        // Half a character, a number beyond all bounds: no value at all, if nothing but JSON.
        Err(_) => {
            let mut row = serde_json::Deserializer::from_str(row.get());
            serde_path_to_error::deserialize(&mut row)
        }
    };
    read.map_err(|error| {
        let path = place(error.path());
        let dot = if path == "." || path.starts_with('[') {
            ""
        } else {
            "."
        };
        let path = if path == "." { "" } else { &path };
        format!("[{index}]{dot}{path}: {}", why(error.inner()))
    })
}

/// Keys of the path come from the body too.
fn place(path: &serde_path_to_error::Path) -> String {
    clean(&path.to_string(), 100).text
}

/// serde's sentence from the last "expected" on: what stands before it quotes the value, which may be somebody's address.
fn why(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text
        .rfind(" at line ")
        .and_then(|end| text.get(..end))
        .unwrap_or(&text);
    let known = text
        .rfind("expected ")
        .and_then(|start| text.get(start..))
        .unwrap_or(text);
    clean(known, 160).text
}
