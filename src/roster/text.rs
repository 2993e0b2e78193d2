//! Text from outsiders, made safe to show: nothing in it hides, reorders, or goes on for ever.
//!
//! Guarantees: the result holds no character for which [`is_hidden`] is true, no white space but single plain spaces, is in
//! NFC, and is no longer than its cap; cleaning it again changes nothing.
//! Not promised: that it tells the truth. A name may still spell out an instruction, or look like another name; it stays
//! data because it is kept in its field, not because of this module.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Characters that a name keeps at most.
pub const NAME: usize = 200;

/// Characters that an upstream message keeps at most.
pub const MESSAGE: usize = 400;

/// A text that is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The text.
    pub text: String,
    /// True when something hidden was taken out, or the end was cut off. Spaces and Unicode form do not count: a reader who is told
    /// "altered" should look twice.
    pub altered: bool,
}

/// Strips what cannot be seen, spells the rest in NFC, makes any white space one space, and cuts at `cap` characters (the last
/// one then is `…`). A `cap` of 0 gives an empty text.
#[must_use]
pub fn clean(text: &str, cap: usize) -> Cleaned {
    if is_clean(text, cap) {
        return Cleaned {
            text: text.to_owned(),
            altered: false,
        };
    }
    let mut altered = false;
    // Bounds the work on a text of megabytes: somebody who hides 64 characters behind each visible one is cut short.
    let bound = cap.saturating_mul(64).saturating_add(1024);
    let mut visible = String::with_capacity(text.len().min(bound));
    let mut gap = false;
    for (seen, c) in text.chars().enumerate() {
        if seen >= bound {
            altered = true;
            break;
        }
        if c.is_whitespace() {
            gap = !visible.is_empty();
        } else if is_hidden(c) {
            altered = true;
        } else {
            if std::mem::take(&mut gap) {
                visible.push(' ');
            }
            visible.push(c);
        }
    }
    // ASCII is in every normal form.
    let text: String = if visible.is_ascii() {
        visible
    } else {
        visible.nfc().collect()
    };
    if text.chars().count() <= cap {
        return Cleaned { text, altered };
    }
    let kept: String = text.chars().take(cap.saturating_sub(1)).collect();
    let end = if cap == 0 { "" } else { "…" };
    Cleaned {
        text: format!("{}{end}", kept.trim_end()),
        altered: true,
    }
}

/// Cleans a text of several lines, which stay lines; the cap counts for the whole.
#[must_use]
pub fn clean_lines(text: &str, cap: usize) -> Cleaned {
    let mut altered = false;
    let mut left = cap;
    let mut lines = Vec::new();
    for line in text.lines() {
        if left == 0 {
            altered = true;
            break;
        }
        let cleaned = clean(line, left);
        altered |= cleaned.altered;
        left = left.saturating_sub(cleaned.text.chars().count() + 1);
        lines.push(cleaned.text);
    }
    Cleaned {
        text: lines.join("\n").trim_end().to_owned(),
        altered,
    }
}

/// The first character that a text to be published must not hold: one that nobody sees, besides line breaks and what emoji are
/// joined with.
#[must_use]
pub fn unpublishable(text: &str) -> Option<char> {
    let joins = |c: char| matches!(c, '\n' | '\u{200d}' | '\u{fe0f}');
    text.chars().find(|c| is_hidden(*c) && !joins(*c))
}

/// Returns whether cleaning would change nothing, as with nearly every text of nearly every list: found out without copying it.
fn is_clean(text: &str, cap: usize) -> bool {
    let mut left = cap;
    let mut gap = true;
    for c in text.chars() {
        let shows = if c == ' ' {
            !gap
        } else {
            !c.is_whitespace() && !is_hidden(c)
        };
        if !shows || left == 0 {
            return false;
        }
        gap = c == ' ';
        left -= 1;
    }
    let trimmed = !gap || text.is_empty();
    trimmed && (text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes)
}

/// Returns whether a character shows nothing, reorders its neighbours, or means something only to one program: control (C0, C1) and
/// format characters (bidirectional marks, zero width, soft hyphen, tags), line and paragraph separators, private use,
/// variation selectors, fillers, and code points that are not characters.
///
/// Zero-width joiners go too, although emoji families and some scripts use them: an address or a name reads the same without.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory as G;
    // Nearly every character of nearly every list; the table behind the categories is a slow place to look it up.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let by_category = matches!(
        get_general_category(c),
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::LineSeparator
            | G::ParagraphSeparator
    );
    by_category || ignorable(u32::from(c)) || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Default-ignorable code points that no general category marks (Unicode, `DerivedCoreProperties`), non-characters, and the
/// blank braille cell, which is a symbol by category and empty by design.
fn ignorable(c: u32) -> bool {
    matches!(c,
        0x034F | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x2065 | 0x2800 | 0x3164
        | 0xFE00..=0xFE0F | 0xFFA0 | 0xFFF0..=0xFFFC | 0xFDD0..=0xFDEF | 0xE0000..=0xE0FFF)
}
