//! `export`: the whole roster on standard output or in a file.
//!
//! Guarantees: a file is written whole or not at all, in its place at once; a list that was not read to its end is no file, and ends
//! with 4. A read that was stopped goes on where it was when the same is asked again.

mod to;

use std::path::Path;

use serde_json::{Map, Value, json};

use self::to::{To, beside};
use super::{object, with};
use crate::cli::args::{Common, Export, Format};
use crate::cli::end::{End, Fail};
use crate::cli::session::{Answered, Session};
use crate::cli::{call, columns, output, screen, table};

const TOOL: &str = "export_roster";

pub(in crate::cli) async fn run(common: &Common, export: Export) -> Result<End, Fail> {
    if let Some(out) = &export.out {
        beside(out)?;
    }
    with(common, async |session| {
        let end = write(&session, common, &export).await;
        (session, end)
    })
    .await
}

/// The form of a file: what was asked for, else by its ending, else CSV.
fn form(common: &Common, out: &Path) -> Format {
    let ending = out
        .extension()
        .map(|it| it.to_string_lossy().to_ascii_lowercase());
    match (common.output, ending.as_deref()) {
        (Some(format @ (Format::Csv | Format::Json | Format::Ndjson)), _) => format,
        (_, Some("json")) => Format::Json,
        (_, Some("ndjson" | "jsonl")) => Format::Ndjson,
        _ => Format::Csv,
    }
}

async fn write(session: &Session, common: &Common, export: &Export) -> Result<End, Fail> {
    let format = match &export.out {
        Some(out) => form(common, out),
        None => session.screen.format,
    };
    let arguments = object(json!({
        "what": export.what.word(),
        "page_id": export.page,
        // An array is put together here, of lines.
        "format": if format == Format::Csv { "csv" } else { "ndjson" },
        "columns": export.columns.word(),
        "active_date": export.active_date.word(),
    }));
    let mut to = match &export.out {
        Some(out) => To::file(out)?,
        None => To::Screen(String::new()),
    };
    let told = read(session, &arguments, format, &mut to).await?;
    let end = End::of(&told);
    let rows = told.get("rows").and_then(Value::as_u64).unwrap_or_default();
    let matched = told
        .get("matched")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let lacks: Vec<&str> = told
        .get("warnings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match to {
        To::Screen(text) => {
            shown(session, format, &text);
            if end != End::Done {
                output::aside(&format!(
                    "status-roster: NOT COMPLETE: {rows} rows, and people are missing. {}",
                    lacks.join(" ")
                ));
            } else if session.screen.width.is_some() {
                session
                    .screen
                    .remark(&format!("{rows} of {matched} rows. {}", lacks.join(" ")));
            }
        }
        To::File { temporary, out } if end == End::Done => {
            let kept = temporary.persist(&out).map_err(|error| {
                format!(
                    "`{}` cannot be written: {}; name another file",
                    out.display(),
                    error.error
                )
            })?;
            kept.sync_all().map_err(|error| {
                format!("`{}` cannot be written to the disk: {error}", out.display())
            })?;
            output::line(&format!(
                "{rows} of {matched} rows written to {}",
                out.display()
            ));
            lacks.iter().for_each(|lack| session.screen.remark(lack));
        }
        To::File { out, .. } => {
            let why = if session.stopped() {
                "it was stopped before the end. What was read is kept for an hour: the same command goes on from there".to_owned()
            } else {
                format!(
                    "people would be missing from it. {}",
                    lacks.join(" ").trim_end_matches('.')
                )
            };
            output::aside(&screen::for_errors(&format!(
                "status-roster: `{}` was not written: {why}.",
                out.display()
            )));
        }
    }
    Ok(end)
}

/// Hands every piece on, and returns the last with the number of all rows.
async fn read(
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

fn shown(session: &Session, format: Format, text: &str) {
    if format != Format::Table {
        match format {
            Format::Csv => output::line(text.trim_end_matches('\n')),
            _ => output::json(text.trim_end_matches('\n')),
        }
        return;
    }
    let rows: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let columns = columns::of("list_org_users", &rows);
    let columns = if rows.iter().any(|row| row.get("email").is_some()) {
        columns
    } else {
        columns::of("", &rows)
    };
    let heads: Vec<&str> = columns.iter().map(|(head, _)| head.as_str()).collect();
    let cells = rows.iter().map(|row| {
        columns
            .iter()
            .map(|(_, cell)| output::harmless(&cell(row)))
            .collect()
    });
    output::painted(&table::text(
        &session.screen,
        &heads,
        &cells.collect::<Vec<_>>(),
    ));
}
