//! Rows as a table that fits the terminal: cells wrap between words, and a column that no row fills is left out.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::screen::{Screen, Tone};

/// Columns between two cells.
const GAP: usize = 2;

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
    let titles: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    table.set_header(pick(&titles));
    for row in rows {
        table.add_row(pick(row));
    }
    let words = longest_words(&shown, heads, rows);
    let all: usize = words.iter().map(|word| word + GAP).sum();
    let fits = screen.width.is_some_and(|width| all <= width + GAP);
    for (column, word) in table.column_iter_mut().zip(words) {
        column.set_padding((0, 2));
        // No word is broken where the longest words of all columns fit beside each other.
        if let (true, Ok(least)) = (fits, u16::try_from(word + GAP)) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
    }
    if let Some(last) = table.column_iter_mut().last() {
        last.set_padding((0, 0));
        if !fits {
            last.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
        }
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    let lines = lines.enumerate().map(|(index, line)| match index {
        0 => screen.tint(Tone::Strong, &line),
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the length of the longest word of each column.
fn longest_words(shown: &[usize], heads: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let longest = |text: &str| text.split_whitespace().map(|it| it.chars().count()).max();
    let of = |index: &usize| {
        let head = heads.get(*index).and_then(|head| longest(head));
        let cells = rows.iter().filter_map(|row| longest(row.get(*index)?));
        cells.chain(head).max().unwrap_or_default()
    };
    shown.iter().map(of).collect()
}
