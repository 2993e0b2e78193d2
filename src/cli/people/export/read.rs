//! The pieces of an export, put one after the other.

use serde_json::{Map, Value, json};

use super::TOOL;
use super::to::To;
use crate::cli::args::Format;
use crate::cli::call;
use crate::cli::end::{End, Fail};
use crate::cli::session::{Answered, Session};

/// Hands every piece on, and returns the last with the number of all rows.
pub(super) async fn read(
    session: &Session,
    arguments: &Map<String, Value>,
    format: Format,
    to: &mut To,
) -> Result<Value, Fail> {
    let mut rows = 0;
    let mut last = Value::Null;
    let take = |mut piece: Value| {
        let content = piece.get_mut("content").map(Value::take);
        let content = content.as_ref().and_then(Value::as_str).unwrap_or_default();
        let lines = if format == Format::Json {
            content
                .lines()
                .enumerate()
                .map(|(index, line)| {
                    let before = if rows == 0 && index == 0 { "[" } else { ",\n" };
                    format!("{before}{line}")
                })
                .collect()
        } else {
            content.to_owned()
        };
        rows += piece
            .get("rows")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        last = piece;
        to.take(&lines)
    };
    let ended = session.pieces(TOOL, arguments, take).await?;
    if format == Format::Json {
        to.take(if rows == 0 { "[]\n" } else { "]\n" })?;
    }
    match ended {
        Answered::Refused(words, refused) if last.is_null() => {
            let end = End::of_refusal(refused);
            if session.stopped() {
                return Ok(json!({"complete": false, "rows": 0, "matched": 0}));
            }
            Err(call::refusal(session, TOOL, words, end))
        }
        ended => {
            let Value::Object(mut told) = last else {
                return Ok(Value::Null);
            };
            told.insert("rows".to_owned(), json!(rows));
            if let Answered::Refused(words, _) = ended {
                told.insert("complete".to_owned(), json!(false));
                told.insert("warnings".to_owned(), json!([words]));
            }
            Ok(Value::Object(told))
        }
    }
}
