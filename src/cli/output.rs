//! The one door to standard output and standard error.
//!
//! `serve` never comes here: its standard output belongs to the protocol.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use crate::roster::text::is_hidden;

/// `text` as a terminal may have it: what would move, hide or reorder something there is written as JSON writes it, so that JSON
/// stays JSON of the same value.
fn visible(text: &str) -> Cow<'_, str> {
    let shown = |c: char| matches!(c, '\n' | '\t') || !is_hidden(c);
    if text.chars().all(shown) {
        return text.into();
    }
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if shown(c) {
            visible.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(visible, "\\u{unit:04x}");
        }
    }
    visible.into()
}

/// Prints a line on standard output. A closed pipe (`| head`) is nobody's error.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", visible(text));
}

/// Prints a line on standard error.
pub(super) fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible(text));
}

/// Says why the program ends, and ends it with 1.
pub(super) fn failed(sentence: &str) -> ExitCode {
    aside(&format!("status-roster: {sentence}"));
    ExitCode::FAILURE
}
