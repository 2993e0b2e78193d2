//! One value, read as its shape means it.

use serde_json::{Map, Number, Value};

use super::Mistakes;
use super::shape::{Fields, Shape, Text};
use crate::roster::nearest::did_you_mean;
use crate::roster::text;

/// Floats up to here are the integers that they look like (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The fields of an object; `about` names the object in a mistake, and `at` is its path.
pub(super) fn fields(
    known: &Fields,
    given: Map<String, Value>,
    at: &str,
    about: &str,
    mistakes: &mut Mistakes,
) -> Map<String, Value> {
    let path = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        }
    };
    let mut read = Map::new();
    for name in known.required() {
        if !given.contains_key(name) {
            mistakes.add(format!("`{}` is missing", path(name)));
        }
    }
    for (name, value) in given {
        let Some(field) = known.get(&name) else {
            mistakes.add(unknown(known, &name, about));
            continue;
        };
        let at = path(&name);
        match is_absent(&value) {
            Some(how) if field.required => {
                mistakes.add(format!("`{at}` is {how}, and it is required"));
            }
            Some(_) => {}
            None => {
                if let Some(value) = self::read(&field.shape, value, &at, mistakes) {
                    read.insert(name, value);
                }
            }
        }
    }
    read
}

fn unknown(known: &Fields, name: &str, about: &str) -> String {
    let nearest = did_you_mean(name, known.names());
    let name = text::clean(name, 60).text;
    let all = if nearest.is_empty() {
        let names: Vec<String> = known.names().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => ", which takes none".to_owned(),
            names => format!("; it takes {}", names.join(", ")),
        }
    } else {
        nearest
    };
    format!("`{name}` is not an argument of {about}{all}")
}

/// Returns the way in which a value says nothing, where it does.
fn is_absent(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => Some("null"),
        Value::String(text) => {
            let blank = |c: char| c.is_whitespace() || text::is_hidden(c);
            text.chars().all(blank).then_some("blank")
        }
        _ => None,
    }
}

fn read(shape: &Shape, value: Value, at: &str, mistakes: &mut Mistakes) -> Option<Value> {
    let outcome = match shape {
        Shape::Any => Ok(value),
        Shape::Text(wanted) => as_text(wanted, value),
        Shape::Number { whole } => as_number(*whole, &value),
        Shape::Switch => as_switch(&value),
        Shape::List { items, most } => match as_list(value, *most) {
            Ok(values) => return Some(list(items, values, at, mistakes)),
            Err(why) => Err(why),
        },
        Shape::Object(known) => match as_object(value) {
            Ok(given) => {
                let about = format!("`{at}`");
                return Some(Value::Object(fields(known, given, at, &about, mistakes)));
            }
            Err(why) => Err(why),
        },
    };
    outcome
        .map_err(|why| mistakes.add(format!("`{at}` {why}")))
        .ok()
}

fn list(items: &Shape, values: Vec<Value>, at: &str, mistakes: &mut Mistakes) -> Value {
    let mut all = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        let at = format!("{at}[{index}]");
        match is_absent(&value) {
            // A list that is to be all there is would be another one without it.
            Some(how) => mistakes.add(format!("`{at}` is {how}: leave it out")),
            None => all.extend(read(items, value, &at, mistakes)),
        }
    }
    Value::Array(all)
}

fn as_text(wanted: &Text, value: Value) -> Result<Value, String> {
    let text = match value {
        Value::String(text) if wanted.list_too => match json_in(&text) {
            Some(list @ Value::Array(_)) => list.to_string(),
            _ => text,
        },
        Value::String(text) => text,
        list @ Value::Array(_) if wanted.list_too => list.to_string(),
        Value::Number(number) => digits(&number)?,
        _ => return Err("is to be a text, in quotation marks".to_owned()),
    };
    if wanted.words.is_empty() {
        let length = text.chars().count();
        if length > wanted.most {
            return Err(format!(
                "has {length} characters; it may have {}",
                wanted.most
            ));
        }
    } else if let Some(word) = word_meant(&wanted.words, &text) {
        return Ok(Value::String(word.clone()));
    } else {
        let words = || wanted.words.iter().map(String::as_str);
        let all: Vec<String> = words().map(|word| format!("`{word}`")).collect();
        let nearest = did_you_mean(&text, words());
        return Err(format!(
            "is `{}`, which is none of {}{nearest}",
            text::clean(&text, 60).text,
            all.join(", ")
        ));
    }
    Ok(Value::String(text))
}

/// The word of a list of words that a text is, in whatever case and with whatever stands between its parts.
fn word_meant<'a>(words: &'a [String], text: &str) -> Option<&'a String> {
    let plain = |word: &str| word.trim().to_lowercase().replace(['-', ' '], "_");
    let exactly = words.iter().find(|word| *word == text);
    exactly.or_else(|| words.iter().find(|word| plain(word) == plain(text)))
}

/// A number as somebody would have written it between quotation marks.
fn digits(number: &Number) -> Result<String, String> {
    match whole(number) {
        Some(whole) => Ok(whole.to_string()),
        None if number.as_f64().is_some_and(|it| it.abs() < EXACT) => Ok(number.to_string()),
        None => Err(
            "is a number with more digits than a number keeps: give it as a text, in quotation marks"
                .to_owned(),
        ),
    }
}

/// The integer that a number is.
fn whole(number: &Number) -> Option<Number> {
    if number.is_i64() || number.is_u64() {
        return Some(number.clone());
    }
    let float = number.as_f64()?;
    let exact = float.fract() == 0.0 && float.abs() < EXACT;
    // The bound above makes the text that of an integer of 64 bits.
    exact
        .then(|| format!("{float:.0}").parse::<i64>().ok())?
        .map(Number::from)
}

fn as_number(is_whole: bool, value: &Value) -> Result<Value, String> {
    let what = if is_whole {
        "a whole number"
    } else {
        "a number"
    };
    let number = match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => match json_in(text) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        },
        _ => None,
    };
    let number = match number {
        // 50 and 50.0 are one number, also where fractions are wanted.
        Some(number) => whole(&number).or(Some(number).filter(|_| !is_whole)),
        None => None,
    };
    number
        .map(Value::Number)
        .ok_or_else(|| format!("is {}, which is not {what}", shown(value)))
}

fn as_switch(value: &Value) -> Result<Value, String> {
    let switch = match value {
        Value::String(text) => json_in(text),
        value => Some(value.clone()),
    };
    switch
        .filter(Value::is_boolean)
        .ok_or_else(|| format!("is {}, which is neither true nor false", shown(value)))
}

fn as_list(value: Value, most: usize) -> Result<Vec<Value>, String> {
    let value = match value {
        Value::String(text) => match json_in(&text) {
            Some(list @ Value::Array(_)) => list,
            _ => Value::String(text),
        },
        value => value,
    };
    let Value::Array(values) = value else {
        // One text may be one item, several in one text, or a mistake for another field: whoever wrote it knows.
        return Err(format!(
            "is to be a list: give `[{}]`, or several with commas between them",
            example(&value)
        ));
    };
    if values.len() > most {
        return Err(format!(
            "has {} items; it may have {most}. Make several calls",
            values.len()
        ));
    }
    Ok(values)
}

fn as_object(value: Value) -> Result<Map<String, Value>, String> {
    let parsed = match &value {
        Value::String(text) => json_in(text),
        _ => None,
    };
    match parsed.unwrap_or(value) {
        Value::Object(parsed) => Ok(parsed),
        other => Err(format!("is {}, which is not an object", shown(&other))),
    }
}

/// The list, object, number or switch that a text is the exact JSON of.
fn json_in(text: &str) -> Option<Value> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => format!("`{}`", text::clean(text, 60).text),
        other => format!("`{other}`"),
    }
}

/// A value as an item of a list that is shown as an example.
fn example(value: &Value) -> String {
    match value {
        Value::Object(_) => "{…}".to_owned(),
        Value::String(text) => Value::String(text::clean(text, 60).text).to_string(),
        other => text::clean(&other.to_string(), 60).text,
    }
}
