//! The part after the `@`: read by IDNA, so that `exämple.example` and `xn--exmple-cua.example` are one domain.

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_general_category::{GeneralCategory, get_general_category};

/// The ASCII form of a domain in lower case, in which equal domains are the same text; nothing where no mail can have this domain.
pub fn ascii(text: &str) -> Option<Cow<'_, str>> {
    if text.is_empty() || !text.chars().all(belongs) {
        return None;
    }
    Uts46::new()
        .to_ascii(
            text.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Verify,
        )
        .ok()
}

/// The form in which people read a domain.
pub(super) fn unicode(text: &str) -> String {
    idna::domain_to_unicode(text).0
}

/// A domain as an operator or a caller writes it, with at least one dot; the error names the corrected form where there is one.
///
/// # Errors
/// Says what is wrong with the text.
pub fn domain(text: &str) -> Result<String, String> {
    let text = text.trim();
    let read = |text: &str| {
        let name = ascii(text)?;
        name.contains('.').then(|| name.into_owned())
    };
    if let Some(name) = read(text) {
        return Ok(name);
    }
    let shown = super::text::clean(text, 80).text;
    let bare: String = text
        .chars()
        .filter(|c| !super::text::is_hidden(*c))
        .collect();
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.rsplit('@').next().unwrap_or_default();
    Err(match read(bare) {
        Some(_) => format!("`{shown}` is not a domain: did you mean `{bare}`?"),
        None => format!(
            "`{shown}` is not a domain; write it as `example.com`, without `@` and without `*`"
        ),
    })
}

/// Returns whether a character can stand in a domain as somebody writes it. IDNA itself lets signs pass that end a sentence in many languages.
pub(super) fn belongs(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '-' || c == '.';
    }
    // Full stops of other scripts, and the signs that IDNA lets stand between certain letters.
    letter(c) || matches!(c, '。' | '．' | '｡' | '·' | '・' | '״' | '׳')
}

/// A letter, digit or mark of any script.
pub(super) fn letter(c: char) -> bool {
    use GeneralCategory as G;
    c.is_alphanumeric()
        || matches!(
            get_general_category(c),
            G::NonspacingMark | G::SpacingMark | G::EnclosingMark
        ) && !super::text::is_hidden(c)
}
