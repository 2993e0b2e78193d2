//! Writes to standard output and standard error. No other module does.
//!
//! `serve` never comes here: its standard output belongs to the protocol.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use super::end::Fail;
use super::screen;
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

/// Prints a sentence on standard output, broken between words where that is a terminal.
pub(super) fn say(sentence: &str) {
    line(&screen::for_output(sentence));
}

/// Prints a line on standard error.
pub(super) fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible(text));
}

/// Prints JSON on standard output, the same to whoever parses it.
pub(super) fn json(text: &str) {
    line(text);
}

/// Prints a text that was made for this terminal, with our own colours in it. What came from elsewhere was cleaned before.
pub(super) fn painted(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Shows that a line is to be typed.
pub(super) fn prompt() {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "> ");
    let _ = stderr.flush();
}

/// Draws the line on standard error anew; an empty text takes it away.
pub(super) fn redraw(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[2K{}", visible(text));
    let _ = stderr.flush();
}

/// Says why the program ends, and ends it.
pub(super) fn failed(fail: &Fail) -> ExitCode {
    let text = format!("status-roster: {}", fail.sentence);
    aside(&screen::for_errors(&text));
    fail.end.into()
}

/// A cell or a sentence for a terminal: what cannot be seen is written out.
pub(super) fn harmless(text: &str) -> String {
    visible(text).into_owned()
}

/// Prints what another program reads: a script, a page, a file.
pub(super) fn raw(bytes: &[u8]) {
    let _ = std::io::stdout().lock().write_all(bytes);
}
