//! E-mail addresses: the one thing that joins a person's accounts.
//!
//! Two addresses are equal when they differ in case, in Unicode form, or in the way that their domain is written (`exämple.example` and
//! `xn--exmple-cua.example`); both are shown as they were stored. [`Email::parse`] reads what somebody asks for and takes one bare address
//! and nothing else; [`Email::stored`] reads what a system holds, which is data: it has to be found and shown whatever it is. Not promised:
//! that somebody reads mail there.

mod bare;
pub mod domain;
mod several;

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization as _;

use self::bare::Inside;
pub use self::several::{Emails, all_good};
use super::text;

/// Bytes in the longest address that mail can carry (RFC 5321: a path of 256 with its brackets).
const LONGEST: usize = 254;

/// An e-mail address: exactly one `@` with something on both sides, nothing invisible, at most 254 bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    shown: SmolStr,
    folded: SmolStr,
}

/// The reasons why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEmail {
    /// Nothing there.
    #[error("an e-mail address is empty")]
    Empty,
    /// Too long for mail.
    #[error("an e-mail address of {0} bytes is longer than 254")]
    TooLong(usize),
    /// An address with something around it.
    #[error("`{shown}` is not one bare address: did you mean `{meant}`?")]
    Decorated {
        /// The text, cleaned.
        shown: String,
        /// The address inside.
        meant: Email,
    },
    /// More than one address.
    #[error("`{0}` holds several addresses: give each by itself")]
    Several(String),
    /// A character that no reader would see.
    #[error("`{0}` holds an invisible or control character")]
    Invisible(String),
    /// A character that the part before the `@` cannot have.
    #[error(
        "`{shown}` holds `{found}`, which no address has: give one bare address, such as `jane@example.com`"
    )]
    Stray {
        /// The text, cleaned.
        shown: String,
        /// The character.
        found: char,
    },
    /// No `@`, or more than one.
    #[error("`{shown}` has {count} `@`; an address has exactly one")]
    Ats {
        /// The text, cleaned.
        shown: String,
        /// The number of `@`.
        count: usize,
    },
    /// Nothing before or after the `@`.
    #[error("`{0}` has nothing before or after its `@`")]
    Half(String),
    /// A dot where none can be.
    #[error("`{0}` begins or ends with a dot before its `@`, or has two in a row")]
    Dots(String),
    /// No domain can be written so.
    #[error("`{0}` does not end in a domain such as `example.com`")]
    Domain(String),
}

/// The content of a system's field for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// An address, if a strange one.
    Address(Email),
    /// A text with exactly one address inside, such as `mailto:jane@example.com`.
    ReadsAs(Email),
    /// Anything else.
    Text,
}

impl Email {
    /// Holds a text once where both are the same.
    fn new(shown: &str, folded: &str) -> Self {
        let shown = SmolStr::new(shown);
        let folded = if shown == folded {
            shown.clone()
        } else {
            SmolStr::new(folded)
        };
        Self { shown, folded }
    }

    /// Reads an address that somebody asks for. White space around it is not part of it and is dropped; anything else around it is
    /// refused with the address that was probably meant.
    ///
    /// # Errors
    /// Says what is wrong with the text; the text in the message is cleaned.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim();
        read(text).map_err(|why| match bare::inside(text) {
            _ if matches!(why, BadEmail::Empty | BadEmail::TooLong(_)) => why,
            Inside::One(meant) => BadEmail::Decorated {
                shown: shown(text),
                meant,
            },
            Inside::Several => BadEmail::Several(shown(text)),
            Inside::Nothing => why,
        })
    }

    /// Reads what a system stores. An address that no mail program would take is an address all the same: the account has it.
    #[must_use]
    pub fn stored(text: &str) -> Stored {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        if let Ok(email) = read(text) {
            return Stored::Address(email);
        }
        if let Inside::One(email) = bare::inside(text) {
            return Stored::ReadsAs(email);
        }
        let Some((local, name)) = text.split_once('@') else {
            return Stored::Text;
        };
        let stray =
            |c: char| text::is_hidden(c) || c.is_whitespace() || "@<>,;\"\\()[]".contains(c);
        if local.is_empty()
            || name.trim_matches('.').is_empty()
            || text.len() > LONGEST
            || local.contains(stray)
            || name.contains(stray)
        {
            return Stored::Text;
        }
        let domain = domain::ascii(name).map_or_else(|| folded(name), std::borrow::Cow::into_owned);
        Stored::Address(Self::new(text, &format!("{}@{domain}", folded(local))))
    }

    /// The address that a stored text is, or holds.
    #[must_use]
    pub fn inside(text: &str) -> Option<Self> {
        match Self::stored(text) {
            Stored::Address(email) | Stored::ReadsAs(email) => Some(email),
            Stored::Text => None,
        }
    }

    /// As it was stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form in which equal addresses are the same text: lower case, one Unicode form, the domain in ASCII.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Returns the part after the `@`, in ASCII and lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.folded.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Returns the part after the `@`, as it was stored.
    #[must_use]
    pub fn shown_domain(&self) -> &str {
        self.shown.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The texts under which a system may hold this address, case aside: as it is here, and with its domain in each of its two forms.
    #[must_use]
    pub fn spellings(&self) -> Vec<String> {
        let mut all = vec![self.shown.to_string()];
        if let Some((local, _)) = self.shown.split_once('@') {
            let ascii = self.domain();
            if !self.shown.is_ascii() || ascii.split('.').any(|label| label.starts_with("xn--")) {
                for domain in [ascii.to_owned(), domain::unicode(ascii)] {
                    let spelling = format!("{local}@{domain}");
                    if !all.contains(&spelling) {
                        all.push(spelling);
                    }
                }
            }
        }
        all
    }
}

fn shown(text: &str) -> String {
    text::clean(text, 80).text
}

/// One bare address: a dot-atom of ASCII signs and of letters of any script, and a domain.
fn read(text: &str) -> Result<Email, BadEmail> {
    if text.is_empty() {
        return Err(BadEmail::Empty);
    }
    if text.len() > LONGEST {
        return Err(BadEmail::TooLong(text.len()));
    }
    if text.chars().any(text::is_hidden) {
        return Err(BadEmail::Invisible(shown(text)));
    }
    let count = text.matches('@').count();
    let stray = |found| BadEmail::Stray {
        shown: shown(text),
        found,
    };
    let Some((local, name)) = text.split_once('@').filter(|_| count == 1) else {
        return Err(BadEmail::Ats {
            shown: shown(text),
            count,
        });
    };
    if local.is_empty() || name.is_empty() {
        return Err(BadEmail::Half(shown(text)));
    }
    // A quotation mark in front is one of the two around the address; in the middle it is the apostrophe of a name.
    let quoted = local.starts_with('\'') || local.to_ascii_lowercase().starts_with("mailto%3a");
    let odd = |c: &char| !(*c == '.' || *c != '`' && is_atext(*c) || domain::letter(*c));
    if let Some(found) = local
        .chars()
        .find(odd)
        .or(local.chars().next().filter(|_| quoted))
    {
        return Err(stray(found));
    }
    if local.split('.').any(str::is_empty) {
        return Err(BadEmail::Dots(shown(text)));
    }
    // Full-width and ornamental letters look like an address and are another one.
    if !local.is_ascii() && !local.nfkc().eq(local.nfc()) {
        return Err(stray(local.chars().find(|c| !c.is_ascii()).unwrap_or('?')));
    }
    let Some(domain) = domain::ascii(name) else {
        return Err(match name.chars().find(|c| !domain::belongs(*c)) {
            Some(found) => stray(found),
            None => BadEmail::Domain(shown(text)),
        });
    };
    Ok(Email::new(text, &format!("{}@{domain}", folded(local))))
}

/// Folds what differs in case and in Unicode form only into one form. ASCII is in every normal form, and most addresses of most lists are
/// ASCII.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let composed: String = text.nfc().collect();
    let folded = unicase::UniCase::unicode(composed).to_folded_case();
    folded.nfc().collect()
}

/// The signs of RFC 5322's `atext`, besides letters and digits.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Email {}

impl Hash for Email {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Email {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::str::FromStr for Email {
    type Err = BadEmail;
    fn from_str(text: &str) -> Result<Self, BadEmail> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Email {
    type Error = BadEmail;
    fn try_from(text: String) -> Result<Self, BadEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.shown.into()
    }
}

impl schemars::JsonSchema for Email {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Email".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
