//! CSV: rows for a spreadsheet that cannot run as formulas, and rows as spreadsheets write them.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return. Names and addresses come from
//! outsiders, so such a cell gets an apostrophe in front, which spreadsheets do not show and [`read`] takes off again.

use super::nearest::did_you_mean;
use super::text::clean;

/// One line, quoted where needed, with its line end.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let cells: Vec<String> = cells.into_iter().map(guarded).collect();
    // Writing to memory does not fail, and text stays text: an empty line is better than none of the others.
    let written = writer.write_record(&cells).is_ok();
    let bytes = writer.into_inner().unwrap_or_default();
    match String::from_utf8(bytes) {
        Ok(text) if written => text,
        _ => "\n".to_owned(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: &str) -> String {
    if is_formula(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The cell that [`guarded`] made this one of.
fn unguarded(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'');
    rest.filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Returns whether a spreadsheet may take a cell for a formula. White space in front does not stop some of them. Apostrophes in front do,
/// and a cell that has them already gets one more, so that it is known which of them is ours.
#[must_use]
pub fn is_formula(cell: &str) -> bool {
    let begins = cell.trim_start_matches([' ', '\'']).chars().next();
    matches!(
        begins,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    )
}

/// One row of a table: where it stands, and its cells in the order of the columns that were asked for; a column that the table
/// has not, and a blank cell, are absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `line 3`.
    pub at: String,
    /// The cells.
    pub cells: Vec<Option<String>>,
}

/// A table, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows with some text in them.
    pub rows: Vec<Row>,
    /// Rows that cannot be read, one sentence each.
    pub mistakes: Vec<String>,
}

/// Reads CSV whose header names some of `columns`, the first of them always. Commas, semicolons and tabs separate, whichever the
/// header has or a line `sep=` before it says; a byte order mark and rows without any text are skipped.
///
/// # Errors
/// Returns the faults of the header, one sentence each, when they make the whole unreadable.
pub fn read(text: &str, columns: &[&str]) -> Result<Table, Vec<String>> {
    let (said, text, skipped) = without_sep(text.trim_start_matches('\u{feff}'));
    let separator = said.unwrap_or_else(|| separator(text, columns));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(text.as_bytes());
    let bad = |error: csv::Error| {
        vec![format!(
            "it is not CSV: {}",
            clean(&error.to_string(), 200).text
        )]
    };
    let header = reader.headers().map_err(bad)?.clone();
    let places = places(&header, columns)?;
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        let at = format!("line {line}");
        let mut beyond = record.iter().skip(header.len());
        if record.len() < header.len() || beyond.any(|cell| !cell.trim().is_empty()) {
            table.mistakes.push(format!(
                "{at}: it has {} cells and the header {}: put a cell that holds the separator between quotation marks",
                record.len(),
                header.len()
            ));
            continue;
        }
        if record.iter().any(|cell| cell.trim().contains(['\n', '\r'])) {
            table.mistakes.push(format!(
                "{at}: a cell goes over several lines: a quotation mark is missing or too many"
            ));
            continue;
        }
        let cell = |place: &Option<usize>| {
            let cell = place.and_then(|place| record.get(place))?;
            let cell = unguarded(cell).trim();
            (!cell.is_empty()).then(|| cell.to_owned())
        };
        table.rows.push(Row {
            at,
            cells: places.iter().map(cell).collect(),
        });
    }
    Ok(table)
}

/// Returns the separator that a first line `sep=;` names, the table after it, and the number of lines that this skips. Spreadsheets write
/// and want such a line.
fn without_sep(table: &str) -> (Option<u8>, &str, u64) {
    let (first, rest) = table.split_once('\n').unwrap_or((table, ""));
    let first = first.trim_end_matches('\r').trim_matches('"');
    let separator = first
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("sep="))
        .and_then(|_| first.as_bytes().get(4..));
    match separator {
        Some([separator]) => (Some(*separator), rest, 1),
        // A spreadsheet that separates by commas puts this line's own end of a row behind it.
        Some([separator, rest_of_line @ ..]) if rest_of_line.iter().all(|c| c == separator) => {
            (Some(*separator), rest, 1)
        }
        _ => (None, table, 0),
    }
}

/// The separator with which the header has most of the columns; a comma where none is better.
fn separator(table: &str, columns: &[&str]) -> u8 {
    let header = table.lines().find(|line| !line.trim().is_empty());
    let header = header.unwrap_or_default();
    let known = |separator: u8| {
        let cells = header.split(char::from(separator));
        cells
            .filter(|cell| columns.contains(&name(cell.trim_matches('"')).as_str()))
            .count()
    };
    let others = [b';', b'\t'].into_iter();
    others.fold(b',', |best, separator| {
        if known(separator) > known(best) {
            separator
        } else {
            best
        }
    })
}

/// A column's name, however somebody spells it.
fn name(cell: &str) -> String {
    unguarded(cell.trim())
        .trim()
        .to_lowercase()
        .replace([' ', '-'], "_")
}

/// Finds the position of each of `columns` in the header.
fn places(header: &csv::StringRecord, columns: &[&str]) -> Result<Vec<Option<usize>>, Vec<String>> {
    let names: Vec<String> = header.iter().map(name).collect();
    let (first, others) = columns.split_first().unwrap_or((&"", &[]));
    let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
    let wanted = format!("`{first}` and, as wanted, {}", others.join(" and "));
    let mut mistakes = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let known = columns.contains(&name.as_str());
        // Nothing is in a column that has no name, or the row says so.
        if known && names.iter().take(place).any(|before| before == name) {
            mistakes.push(format!("the header names `{name}` twice"));
        } else if !known && !name.is_empty() {
            let nearest = did_you_mean(name, columns.iter().copied());
            mistakes.push(format!(
                "the header names `{}`{nearest}; it names {wanted}, with commas, semicolons or tabs between them",
                clean(name, 60).text
            ));
        }
    }
    let place = |column: &&str| names.iter().position(|name| name == column);
    if mistakes.is_empty() && columns.first().and_then(place).is_none() {
        mistakes.push(format!("the first line is a header that names {wanted}"));
    }
    if mistakes.is_empty() {
        Ok(columns.iter().map(place).collect())
    } else {
        Err(mistakes)
    }
}
