//! Rows as a table that fits the terminal: cells wrap between words, and a column that no row fills is left out.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::screen::{Screen, Tone};

/// Rows of cells under headings; nothing where there is no row.
pub(super) fn text(screen: &Screen, heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let filled = |index: usize| {
        rows.iter()
            .any(|row| row.get(index).is_some_and(|cell| !cell.is_empty()))
    };
    let shown: Vec<usize> = (0..heads.len()).filter(|index| filled(*index)).collect();
    let pick = |cells: &[String]| -> Vec<String> {
        let cells = shown.iter().map(|index| cells.get(*index).cloned());
        cells
            .map(|cell| {
                cell.filter(|cell| !cell.is_empty())
                    .unwrap_or_else(|| "–".to_owned())
            })
            .collect()
    };
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match screen.width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    table.set_header(pick(&heads));
    for row in rows {
        table.add_row(pick(row));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    if let Some(last) = table.column_iter_mut().last() {
        last.set_padding((0, 0));
        last.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    let lines = lines.enumerate().map(|(index, line)| match index {
        0 => screen.tint(Tone::Strong, &line),
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}
