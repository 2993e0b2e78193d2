//! A list to its last row, as one result.

use serde_json::{Map, Value, json};

use super::refusal;
use crate::cli::end::{End, Fail};
use crate::cli::session::{Answered, Session};

/// Every piece of a list as one result.
pub(in crate::cli) async fn whole(
    session: &Session,
    name: &str,
    arguments: &Map<String, Value>,
) -> Result<Value, Fail> {
    let mut whole: Option<Value> = None;
    let take = |piece: Value| {
        whole = Some(match whole.take() {
            None => piece,
            Some(before) => joined(before, piece),
        });
        Ok(())
    };
    match session.pieces(name, arguments, take).await? {
        Answered::Refused(words, refused) if whole.is_none() => {
            Err(refusal(session, name, words, End::of_refusal(refused)))
        }
        Answered::Refused(words, _) => {
            // The rows that were read before are kept, and marked as incomplete.
            let mut read = whole.unwrap_or_default();
            if let Some(read) = read.as_object_mut() {
                read.insert("complete".to_owned(), json!(false));
                let warnings = read.entry("warnings").or_insert_with(|| json!([]));
                if let Some(warnings) = warnings.as_array_mut() {
                    warnings.push(json!(format!("the reading stopped: {words}")));
                }
            }
            Ok(read)
        }
        Answered::Result(_) => Ok(whole.unwrap_or_default()),
    }
}

/// Two pieces of a list: the rows of both, and what the later one says of the whole.
fn joined(before: Value, piece: Value) -> Value {
    let (Value::Object(mut before), Value::Object(mut whole)) = (before, piece) else {
        return Value::Null;
    };
    for key in ["records", "findings", "steps"] {
        let Some(Value::Array(mut rows)) = before.remove(key) else {
            continue;
        };
        if let Some(Value::Array(more)) = whole.remove(key) {
            rows.extend(more);
        }
        whole.insert(key.to_owned(), Value::Array(rows));
    }
    Value::Object(whole)
}
