//! `audit`: the record of changes, read and verified.

mod filter;
mod rows;

use std::path::Path;

use super::args::{Audit, Common, Format, Tail};
use super::end::{End, Fail};
use super::screen::Screen;
use super::{output, setup, table};
use crate::audit;
use crate::clock::Clock;

pub(super) fn run(common: &Common, command: &Audit) -> Result<End, Fail> {
    let path = setup::at_the_server(common)?.audit.path;
    if !audit::is_begun(&path) {
        return Err(Fail::from(format!(
            "there is no record at `{}`: no server that keeps one there was ever started. Name its state directory with \
             `--state-dir`, or its configuration with `--config`",
            path.display()
        )));
    }
    match command {
        Audit::Tail(wanted) => tail(common, &path, wanted),
        Audit::Verify => verify(&path),
    }
}

fn tail(common: &Common, path: &Path, wanted: &Tail) -> Result<End, Fail> {
    let since = match &wanted.since {
        Some(text) => Some(filter::since(text, Clock::system().now())?),
        None => None,
    };
    let mut filter = filter::Filter::new(wanted, since);
    let screen = Screen::of(common);
    // A change has a line for what was intended and one for what came of it, which are one row of a table.
    let rows = matches!(screen.format, Format::Table | Format::Csv);
    let most = if rows {
        wanted.lines.saturating_mul(3)
    } else {
        wanted.lines
    };
    let lines = audit::last_lines(path, most, |line| filter.takes(line))
        .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    match screen.format {
        Format::Json | Format::Ndjson => lines.iter().for_each(|line| output::json(line)),
        Format::Csv => rows::csv(&lines, wanted.lines),
        Format::Table if lines.is_empty() => {
            output::say(
                "No line of the record fits. Leave a filter out, or ask for an earlier `--since`.",
            );
        }
        Format::Table => {
            let (heads, cells) = rows::cells(&lines, wanted.lines);
            output::painted(&table::text(&screen, &heads, &cells));
        }
    }
    Ok(End::Done)
}

fn verify(path: &Path) -> Result<End, Fail> {
    let found = audit::verify(path).map_err(|broken| format!("`{}`: {broken}", path.display()))?;
    output::line(&format!(
        "{}: {} lines, each as it was written. Last hash {}",
        path.display(),
        found.lines,
        found.last_hash
    ));
    if found.torn > 0 {
        output::line(&format!(
            "{} bytes at the end are a line that its writer did not live to finish; it was never relied on",
            found.torn
        ));
    }
    for change in &found.unfinished {
        output::line(&format!("unfinished: {change}: look at the target"));
    }
    Ok(End::Done)
}
