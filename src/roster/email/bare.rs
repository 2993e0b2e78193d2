//! The address inside what chat, sentences, address books and mail programs put around one: named in a refusal, never taken silently.

use unicode_normalization::UnicodeNormalization as _;

use super::{Email, domain, text};

/// Bytes of a text that is searched for an address.
const LONGEST: usize = 2_000;

/// The content of a text besides its decoration.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// Exactly one address.
    One(Email),
    /// Several different ones.
    Several,
    /// None that is certain.
    Nothing,
}

/// Looks for the addresses in a text.
pub(super) fn inside(decorated: &str) -> Inside {
    if decorated.len() > LONGEST {
        return Inside::Nothing;
    }
    let plain = plain(decorated);
    let chars: Vec<char> = plain.chars().collect();
    let mut found: Vec<Email> = Vec::new();
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        match around(&chars, at) {
            Some(email) if !found.contains(&email) => found.push(email),
            Some(_) => {}
            None => return Inside::Nothing,
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(email), true) => Inside::One(email),
        (Some(_), false) => Inside::Several,
        (None, _) => Inside::Nothing,
    }
}

/// The text without what is written differently: hidden characters, full-width forms, entities of HTML, escapes of a link.
fn plain(decorated: &str) -> String {
    let visible = decorated.chars().filter(|c| !text::is_hidden(*c));
    let mut plain: String = visible.nfkc().collect();
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(entity, c);
    }
    let lower = plain.to_ascii_lowercase();
    if lower.contains("mailto:") || lower.contains("mailto%3a") {
        let link = percent_encoding::percent_decode_str(&plain).decode_utf8();
        plain = link.map_or_else(|_| plain.clone(), std::borrow::Cow::into_owned);
        // `?subject=…&cc=…` is about the message; the addresses there are other people's.
        plain = cut_queries(&plain);
    }
    plain
}

/// Takes `?…` off a link, up to what ends the link.
fn cut_queries(link: &str) -> String {
    let mut kept = String::with_capacity(link.len());
    let mut query = false;
    for c in link.chars() {
        query = match c {
            '?' => true,
            ')' | '>' | '|' | '"' | ']' => false,
            _ => query,
        };
        if !query {
            kept.push(c);
        }
    }
    kept
}

/// The address around one `@`.
fn around(chars: &[char], at: usize) -> Option<Email> {
    let before = chars.get(..at)?;
    let after = chars.get(at + 1..)?;
    let from = before
        .iter()
        .rposition(|c| !in_local(*c))
        .map_or(0, |at| at + 1);
    let to = after
        .iter()
        .position(|c| !domain::belongs(*c))
        .unwrap_or(after.len());
    let mut local = before.get(from..)?;
    let mut name = after.get(..to)?;
    // A character that an address may have stands before it: where the address begins is a guess.
    if let Some(left) = from.checked_sub(1).and_then(|at| before.get(at))
        && super::is_atext(*left)
        && !matches!(left, '|' | '`' | '*' | '{')
    {
        return None;
    }
    // Two `@` with nothing between them that ends an address belong to one text that is none.
    if from.checked_sub(1).and_then(|at| before.get(at)) == Some(&'@')
        || after.get(to) == Some(&'@')
    {
        return None;
    }
    while let [rest @ .., '.' | '-' | '。'] = name {
        name = rest;
    }
    // `_…_`, `~~…~~`, `'…'`: the same sign on both sides is no part of the address.
    let mut behind = after.get(name.len()..)?;
    while let ['.' | '。' | ',' | ';' | ':' | '!' | '?', rest @ ..] = behind {
        behind = rest;
    }
    let signs = local.iter().take_while(|c| "_~'-.+".contains(**c)).count();
    for pairs in (1..=signs).rev() {
        let (Some(opened), Some(closed)) = (local.get(..pairs), behind.get(..pairs)) else {
            continue;
        };
        // The sign that was opened last is closed first.
        if opened.iter().rev().eq(closed) {
            local = local.get(pairs..)?;
            break;
        }
    }
    while let ['\'' | '.', rest @ ..] = local {
        local = rest;
    }
    let address: String = local.iter().chain(&['@']).chain(name).collect();
    super::read(&address).ok()
}

/// Characters that the local part of nearly every address is made of.
fn in_local(c: char) -> bool {
    domain::letter(c)
        || matches!(
            c,
            '.' | '_' | '+' | '-' | '\'' | '=' | '~' | '#' | '&' | '$' | '%' | '!' | '^' | '?'
        )
}
