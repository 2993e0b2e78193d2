//! CSV: rows for a spreadsheet that cannot run as formulas.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return. Names and addresses come from
//! outsiders, so such a cell gets an apostrophe in front, which spreadsheets do not show and programs can take off again.

/// One line, quoted where needed, with its line end.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let cells: Vec<String> = cells.into_iter().map(harmless).collect();
    // Writing to memory does not fail, and text stays text: an empty line is better than none of the others.
    let written = writer.write_record(&cells).is_ok();
    let bytes = writer.into_inner().unwrap_or_default();
    match String::from_utf8(bytes) {
        Ok(text) if written => text,
        _ => "\n".to_owned(),
    }
}

/// A cell that no spreadsheet takes for a formula. White space in front does not stop some of them.
fn harmless(cell: &str) -> String {
    let begins = cell.trim_start_matches(' ').chars().next();
    match begins {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}")
        }
        _ => cell.to_owned(),
    }
}
