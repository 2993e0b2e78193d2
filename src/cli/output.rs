//! The one door to standard output and standard error.
//!
//! `serve` never comes here: its standard output belongs to the protocol.

use std::io::Write as _;
use std::process::ExitCode;

/// Prints a line on standard output. A closed pipe (`| head`) is nobody's error.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a line on standard error.
pub(super) fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Says why the program ends, and ends it with 1.
pub(super) fn failed(sentence: &str) -> ExitCode {
    aside(&format!("status-roster: {sentence}"));
    ExitCode::FAILURE
}
