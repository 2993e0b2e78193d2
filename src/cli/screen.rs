//! The screen that a result is printed on: a terminal of some width, or a pipe.

use std::io::{IsTerminal as _, stderr, stdout};

use super::args::{Common, Format};
use crate::config;

/// The narrowest that text is wrapped to.
const NARROW: usize = 40;

/// The screen that results are printed on, and their form.
#[derive(Debug, Clone)]
pub(super) struct Screen {
    pub format: Format,
    /// Columns of the terminal; none in a pipe, where nothing is wrapped.
    pub width: Option<usize>,
    pub colour: bool,
    /// True when progress and remarks are shown beside the result.
    pub remarks: bool,
    /// True when a line on standard error can be drawn anew.
    pub live: bool,
}

/// A sentence for standard error, broken between words where that is a terminal.
pub(super) fn for_errors(text: &str) -> String {
    as_wide_as(rustix::termios::tcgetwinsize(stderr()).ok(), text)
}

/// Breaks a sentence for standard output between words where that is a terminal.
pub(super) fn for_output(text: &str) -> String {
    as_wide_as(rustix::termios::tcgetwinsize(stdout()).ok(), text)
}

fn as_wide_as(terminal: Option<rustix::termios::Winsize>, text: &str) -> String {
    match terminal.map(|size| usize::from(size.ws_col)) {
        Some(columns @ 1..) => filled(text, columns.max(NARROW), ""),
        _ => text.to_owned(),
    }
}

fn filled(text: &str, width: usize, indent: &str) -> String {
    let options = textwrap::Options::new(width)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// A colour, by what it says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tone {
    Good,
    Warn,
    Bad,
    Strong,
}

impl Screen {
    pub(super) fn of(common: &Common) -> Self {
        let environment = config::process_environment();
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let terminal = stdout().is_terminal();
        let plain = set("NO_COLOR").is_some() || set("TERM").is_some_and(|it| it == "dumb");
        let width = || {
            let size = rustix::termios::tcgetwinsize(stdout()).ok()?;
            Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
        };
        Self {
            format: common.output.unwrap_or(if terminal {
                Format::Table
            } else {
                Format::Json
            }),
            width: terminal.then(|| width().unwrap_or(80).max(NARROW)),
            colour: terminal && !plain,
            remarks: !common.quiet && stderr().is_terminal(),
            live: !common.quiet && stderr().is_terminal(),
        }
    }

    /// Coloured, where there is colour.
    pub(super) fn tint(&self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Warn => "33",
            Tone::Bad => "31",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A sentence, broken between words; lines after the first begin with `indent`.
    pub(super) fn wrapped(&self, text: &str, indent: &str) -> String {
        let Some(width) = self.width else {
            return text.to_owned();
        };
        filled(text, width, indent)
    }

    /// A remark beside the result, such as what to type next. None where nobody reads along.
    pub(super) fn remark(&self, text: &str) {
        if self.remarks {
            super::output::aside(&self.wrapped(text, ""));
        }
    }
}
