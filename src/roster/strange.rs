//! Names that read as something else than a name: a spreadsheet, a program or a reader may take them for it.

use super::{Email, sheet::is_formula};

/// Characters that a name has at most before it reads as a sentence.
const LONG: usize = 60;
/// Words, likewise.
const WORDS: usize = 6;
/// Characters and digits of a word that reads as an id, at least.
const ID: (usize, usize) = (6, 2);

/// Returns what a name reads as; nothing for one that reads as a name. `own`: the address of who has it.
#[must_use]
pub fn reads_as(name: &str, own: Option<&Email>) -> Option<&'static str> {
    let words = name.split_whitespace().count();
    let code = |c: char| "<>{}[]|`\\\";".contains(c);
    if is_formula(name) {
        Some("a formula")
    } else if name.contains(code) || name.contains("://") {
        Some("code, markup or a link")
    } else if name.contains('@') {
        let theirs = Email::inside(name);
        (theirs.is_none() || theirs.as_ref() != own).then_some("an address that is not theirs")
    } else if is_id(name) {
        Some("an id")
    } else if words > WORDS || name.chars().count() > LONG {
        Some("a sentence")
    } else {
        None
    }
}

fn is_id(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let digits = name.chars().filter(char::is_ascii_digit).count();
    name.len() >= ID.0 && digits >= ID.1 && name.chars().all(plain)
}
