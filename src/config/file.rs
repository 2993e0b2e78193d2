//! The TOML file, taken apart into settings that know their line.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::given::{Given, Value};
use super::problem::{Origin, Problem};

/// Reads the settings of a file. All syntax errors are reported as problems; settings that could be read around them are still returned.
pub(super) fn read(path: &Path, problems: &mut Vec<Problem>) -> Vec<(String, Given)> {
    match std::fs::read_to_string(path) {
        Ok(text) => take_apart(path, &text, problems),
        Err(error) => {
            let what = format!("the configuration file cannot be read: {error}");
            problems.push(Problem {
                origin: Origin::File(path.to_owned(), 1),
                what,
            });
            Vec::new()
        }
    }
}

/// The default place of the file, if the environment says where a home is.
pub(super) fn default_place(home: Option<&Path>, config_home: Option<&Path>) -> Option<PathBuf> {
    let base = match (config_home, home) {
        (Some(config_home), _) => config_home.to_owned(),
        (None, home) => home?.join(".config"),
    };
    Some(base.join("status-roster/config.toml"))
}

fn take_apart(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Vec<(String, Given)> {
    let at = |offset: usize| Origin::File(path.to_owned(), line_of(text, offset));
    let (document, errors) = DeTable::parse_recoverable(text);
    problems.extend(errors.iter().map(|error| Problem {
        origin: at(error.span().map_or(0, |span| span.start)),
        // `message` alone: the full text quotes the line, and the line may hold a key.
        what: format!("this is not TOML: {}", error.message()),
    }));
    let mut values = Vec::new();
    for (name, value) in document.get_ref() {
        flatten(
            name.get_ref().to_string(),
            at(name.span().start),
            value.get_ref(),
            &at,
            &mut values,
        );
    }
    values
}

/// A value under its full name; of a table each key, however deep.
fn flatten(
    name: String,
    origin: Origin,
    value: &DeValue<'_>,
    at: &impl Fn(usize) -> Origin,
    given: &mut Vec<(String, Given)>,
) {
    if let DeValue::Table(table) = value {
        for (key, value) in table {
            let full = format!("{name}.{}", key.get_ref());
            flatten(full, at(key.span().start), value.get_ref(), at, given);
        }
    } else {
        let value = plain(value);
        given.push((name, Given { value, origin }));
    }
}

fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number out of range"), Value::Whole),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| plain(item.get_ref())).collect())
        }
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Boolean(_) => Value::Other("a yes or no"),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Table(table) => Value::Table(
            table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())))
                .collect(),
        ),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
