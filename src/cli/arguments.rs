//! A tool's arguments as they are typed: `key=value`, read as the tool's schema says, or one JSON object.

mod shown;

use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value};

pub(super) use self::shown::{example, explained};
use super::end::Fail;
use crate::toolkit::ToolSpec;

/// Reads what was typed for a tool.
pub(super) fn read(
    spec: &ToolSpec,
    pairs: &[String],
    json: Option<&str>,
) -> Result<Map<String, Value>, Fail> {
    if let Some(given) = json {
        return object(given);
    }
    let mut arguments = Map::new();
    for pair in pairs {
        let Some((key, text)) = pair.split_once('=') else {
            return Err(Fail::usage(format!(
                "`{pair}` is not KEY=VALUE; write for example `{}`. `status-roster call {} --help` shows the arguments",
                example(spec),
                spec.name
            )));
        };
        let schema = schema_of(spec, key)?;
        let text = match text.strip_prefix('@') {
            Some(file) => file_text(Path::new(file))?,
            None => text.to_owned(),
        };
        let value = value(spec, key, schema, &text)?;
        match (arguments.get_mut(key), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (Some(_), _) => {
                return Err(Fail::usage(format!(
                    "`{key}` is given twice, and takes one value; leave one out"
                )));
            }
            (None, value) => {
                arguments.insert(key.to_owned(), value);
            }
        }
    }
    Ok(arguments)
}

/// The text of a file, or of standard input for `-`.
pub(super) fn file_text(path: &Path) -> Result<String, Fail> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|whole| text = whole)
    };
    read.map(|()| text).map_err(|error| {
        Fail::usage(format!(
            "`{}` cannot be read: {error}; name a text file, or `-` for standard input",
            path.display()
        ))
    })
}

fn object(given: &str) -> Result<Map<String, Value>, Fail> {
    const LIKE: &str = "write for example --json '{\"email\": \"jane.doe@example.com\"}', or name a file that holds it, or `-`";
    let text = if given.trim_start().starts_with('{') {
        given.to_owned()
    } else {
        file_text(Path::new(given.strip_prefix('@').unwrap_or(given)))?
    };
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Fail::usage(format!("`--json` takes one object; {LIKE}"))),
        Err(error) => Err(Fail::usage(format!(
            "`--json` is not JSON: {error}; {LIKE}"
        ))),
    }
}

fn properties(spec: &ToolSpec) -> Option<&Map<String, Value>> {
    spec.input.get("properties").and_then(Value::as_object)
}

fn schema_of<'a>(spec: &'a ToolSpec, key: &str) -> Result<&'a Value, Fail> {
    let known = properties(spec);
    if let Some(schema) = known.and_then(|known| known.get(key)) {
        return Ok(schema);
    }
    let names: Vec<&str> = known
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    let nearest = nearest(key, &names);
    Err(Fail::usage(format!(
        "`{}` has no argument `{key}`{nearest} It takes: {}. `status-roster call {} --help` explains them. Nothing was changed.",
        spec.name,
        names.join(", "),
        spec.name
    )))
}

/// `; did you mean …?`, where a name comes near to one that there is.
pub(super) fn nearest(typed: &str, names: &[&str]) -> String {
    let near = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(typed, name), *name))
        .min()
        .filter(|(distance, name)| distance * 2 <= name.len());
    near.map_or_else(
        || ".".to_owned(),
        |(_, name)| format!("; did you mean `{name}`?"),
    )
}

/// One value. What looks like JSON is JSON only where the schema wants more than text.
fn value(spec: &ToolSpec, key: &str, schema: &Value, text: &str) -> Result<Value, Fail> {
    let wanted = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("string");
    let wrong = |wants: &str| {
        Fail::usage(format!(
            "`{key}` of `{}` takes {wants}, not `{text}`. `status-roster call {} --help` shows an example",
            spec.name, spec.name
        ))
    };
    match wanted {
        "integer" | "number" => serde_json::from_str(text)
            .ok()
            .filter(Value::is_number)
            .ok_or_else(|| wrong("a number")),
        "boolean" => match text {
            "true" | "yes" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "0" => Ok(Value::Bool(false)),
            _ => Err(wrong("`true` or `false`")),
        },
        "object" => serde_json::from_str(text)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| wrong("a JSON object")),
        "array" if text.trim_start().starts_with('[') => serde_json::from_str(text)
            .ok()
            .filter(Value::is_array)
            .ok_or_else(|| wrong("a list, with commas between or as JSON")),
        "array" => {
            let of = schema.get("items").and_then(|items| items.get("type"));
            if of.and_then(Value::as_str) == Some("object") {
                let one = serde_json::from_str(text).ok().filter(Value::is_object);
                return one
                    .map(|one| Value::Array(vec![one]))
                    .ok_or_else(|| wrong("a JSON list of objects"));
            }
            let items = text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            Ok(items.map(|item| Value::String(item.to_owned())).collect())
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}
