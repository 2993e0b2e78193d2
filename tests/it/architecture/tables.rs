//! The tables of `docs/architecture.md`, as data.

use std::collections::BTreeMap;

fn rows() -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/architecture.md");
    let page = std::fs::read_to_string(path).unwrap();
    page.lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| {
            line.split(" | ")
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

/// What stands between backticks in a cell.
fn literals(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Module by module its level, 1 being the top; `None` stands alone.
pub(super) fn layers() -> BTreeMap<String, Option<u32>> {
    let rows: BTreeMap<String, Option<u32>> = rows()
        .iter()
        .filter(|row| row[0] == "none" || row[0].parse::<u32>().is_ok())
        .map(|row| (literals(&row[1]).remove(0), row[0].parse().ok()))
        .collect();
    assert!(
        rows.len() > 10,
        "docs/architecture.md has lost its table of layers"
    );
    rows
}

/// Words of code, and the modules that may hold them.
pub(super) fn doors() -> Vec<(String, Vec<String>)> {
    let doors: Vec<_> = rows()
        .iter()
        .filter(|row| row.len() > 2 && row[0].starts_with('`'))
        .map(|row| (literals(&row[0]).remove(0), literals(&row[1])))
        .collect();
    assert!(
        doors.len() > 3,
        "docs/architecture.md has lost its table of doors"
    );
    doors
}
