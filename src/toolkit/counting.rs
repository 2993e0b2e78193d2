//! `count_only` and `by`, which every list takes: numbers in place of rows, from the same read.

use serde_json::{Map, Value, json};

use super::Tool;
use crate::roster::{By, Counting};

const COUNT_ONLY: &str = "count_only";
const BY: &str = "by";

/// Adds both to what a list takes.
pub(super) fn add<T: Tool>(input: &mut Map<String, Value>) {
    let fields = input.get_mut("properties").and_then(Value::as_object_mut);
    let (Some(by), Some(fields)) = (T::COUNTED_BY, fields) else {
        return;
    };
    fields.insert(
        COUNT_ONLY.to_owned(),
        json!({"type": "boolean", "description": "Numbers, no rows."}),
    );
    if !by.is_empty() {
        fields.insert(
            BY.to_owned(),
            json!({"type": "string", "enum": by, "description": "Counted by it, no rows."}),
        );
    }
}

/// Takes both out of arguments that were read.
pub(super) fn taken<T: Tool>(arguments: &mut Map<String, Value>) -> Option<Counting> {
    T::COUNTED_BY?;
    let only = arguments.remove(COUNT_ONLY);
    let by = arguments.remove(BY);
    let by = by.as_ref().and_then(Value::as_str).and_then(By::from_word);
    (by.is_some() || only == Some(Value::Bool(true))).then_some(Counting { by })
}
