//! Lists of addresses in files: one a line, or a column of CSV.

use crate::cli::end::Fail;

/// The addresses in a text: one a line, or the column `email` of CSV.
pub(super) fn addresses(text: &str, name: &str) -> Result<Vec<String>, Fail> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = [';', '\t', ',']
        .into_iter()
        .find(|it| first.contains(*it))
        .unwrap_or(',');
    let wanted = |head: &str| {
        let head = head.trim().trim_matches('"').to_ascii_lowercase();
        matches!(head.as_str(), "email" | "e-mail" | "email address" | "mail")
    };
    let headed = first.split(separator).any(wanted);
    let found: Vec<String> = if headed || first.contains(separator) {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .flexible(true)
            .has_headers(headed)
            .from_reader(text.as_bytes());
        let column = match headed {
            true => reader
                .headers()
                .ok()
                .and_then(|heads| heads.iter().position(wanted)),
            false => None,
        };
        let Some(column) = column else {
            return Err(Fail::usage(format!(
                "`{name}` has several columns and none is called `email`; add a header line that names them"
            )));
        };
        let rows = reader.records().map_while(Result::ok);
        rows.filter_map(|row| row.get(column).map(|cell| cell.trim().to_owned()))
            .collect()
    } else {
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    let found: Vec<String> = found
        .into_iter()
        .map(|cell| {
            cell.strip_prefix('\'')
                .map_or(cell.clone(), ToOwned::to_owned)
        })
        .filter(|cell| !cell.is_empty() && !cell.starts_with('#'))
        .collect();
    if found.is_empty() {
        return Err(Fail::usage(format!(
            "`{name}` holds no address; write one a line, or CSV with a column `email`"
        )));
    }
    Ok(found)
}
