//! Form bodies and queries in the Rails manner: `user[email]=a`, `ids[]=x&ids[]=y`.

use serde_json::{Map, Value};

/// Percent-decodes; `+` is a space only in queries and forms.
pub(super) fn decode(text: &str, plus_is_space: bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes().iter();
    while let Some(byte) = bytes.next() {
        let rest = bytes.as_slice();
        match (*byte, rest) {
            (b'%', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) * 16 + hex(*low));
                bytes.nth(1);
            }
            (b'+', _) if plus_is_space => out.push(b' '),
            _ => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10) & 15,
    }
}

/// `a=1&b=2` as pairs, decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

/// A form as the JSON object that Rails would make of it. Every leaf is a string: a form knows no other type.
pub(super) fn nested(text: &str) -> Value {
    let mut root = Value::Object(Map::new());
    for (name, value) in pairs(text) {
        let (first, rest) = name.split_once('[').unwrap_or((&name, ""));
        let mut keys = vec![first];
        keys.extend(
            rest.split('[')
                .filter(|_| !rest.is_empty())
                .map(|key| key.trim_end_matches(']')),
        );
        put(&mut root, &keys, value);
    }
    root
}

fn put(at: &mut Value, keys: &[&str], value: String) {
    match keys {
        [] => *at = Value::String(value),
        ["", rest @ ..] => {
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            if let Value::Array(items) = at {
                let mut item = Value::Null;
                put(&mut item, rest, value);
                items.push(item);
            }
        }
        [key, rest @ ..] => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            if let Value::Object(map) = at {
                put(
                    map.entry((*key).to_owned()).or_insert(Value::Null),
                    rest,
                    value,
                );
            }
        }
    }
}
