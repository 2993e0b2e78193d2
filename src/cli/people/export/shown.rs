//! An export on standard output.

use serde_json::Value;

use crate::cli::args::Format;
use crate::cli::session::Session;
use crate::cli::{columns, output, table};

pub(super) fn shown(session: &Session, format: Format, text: &str) {
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
    if rows.is_empty() {
        output::line("Nobody: the list has no rows.");
        return;
    }
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
