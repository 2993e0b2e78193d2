//! `export`: the whole roster on standard output or in a file.
//!
//! Guarantees: a file is written whole or not at all, in its place at once; a list that was not read to its end is no file, and ends
//! with 4. A read that was stopped goes on where it was when the same is asked again.

mod read;
mod shown;
mod to;

use std::path::Path;

use serde_json::{Value, json};

use self::read::read;
use self::shown::shown;
use self::to::{To, beside};
use super::{object, with};
use crate::cli::args::{Common, Export, Format};
use crate::cli::end::{End, Fail};
use crate::cli::session::Session;
use crate::cli::{output, screen};

const TOOL: &str = "export_roster";

pub(in crate::cli) async fn run(common: &Common, export: Export) -> Result<End, Fail> {
    if let Some(out) = &export.out {
        beside(out)?;
    }
    with(common, false, async |session| {
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
        "columns": export.columns,
        "domain": export.domain,
        "active_date": export.active_date.word(),
    }));
    let mut to = match &export.out {
        Some(out) => To::file(out)?,
        None => To::Screen(String::new()),
    };
    let answer = read(session, &arguments, format, &mut to).await?;
    let end = End::of(&answer);
    let rows = answer
        .get("rows")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let matched = answer
        .get("matched")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let lacks: Vec<&str> = answer
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
                let why = if lacks.is_empty() {
                    "people are missing".to_owned()
                } else {
                    lacks.join("; ")
                };
                output::aside(&format!("status-roster: NOT COMPLETE, {rows} rows: {why}."));
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
                    lacks.join("; ").trim_end_matches('.')
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
