//! E-mail addresses: the one thing that joins a person's accounts.
//!
//! Two addresses are equal when they differ in case or in Unicode spelling only; both are shown as they were stored.
//! Not promised: that somebody reads mail there, or that the local part follows RFC 5321 to the letter.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::text;

/// Bytes in the longest address that mail can carry (RFC 5321: a path of 256 with its brackets).
const LONGEST: usize = 254;

/// An e-mail address: exactly one `@` with something on both sides, nothing invisible, at most 254 bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    shown: String,
    folded: String,
}

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEmail {
    /// Nothing there.
    #[error("an e-mail address is empty")]
    Empty,
    /// Too long for mail.
    #[error("an e-mail address of {0} bytes is longer than 254")]
    TooLong(usize),
    /// A character that no reader would see.
    #[error("`{0}` holds an invisible or control character")]
    Invisible(String),
    /// White space, or a character that makes it a list or a display name.
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
        /// How many there are.
        count: usize,
    },
    /// Nothing before or after the `@`.
    #[error("`{0}` has nothing before or after its `@`")]
    Half(String),
}

impl Email {
    /// Reads an address. White space around it is not part of it and is dropped.
    ///
    /// # Errors
    /// Says what is wrong with the text; the text in the message is cleaned.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let shown = || text::clean(text, 80).text;
        if text.is_empty() {
            return Err(BadEmail::Empty);
        }
        if text.len() > LONGEST {
            return Err(BadEmail::TooLong(text.len()));
        }
        if text.chars().any(text::is_hidden) {
            return Err(BadEmail::Invisible(shown()));
        }
        let stray = |c: &char| c.is_whitespace() || "<>,;\"\\()[]".contains(*c);
        if let Some(found) = text.chars().find(stray) {
            return Err(BadEmail::Stray {
                shown: shown(),
                found,
            });
        }
        let count = text.matches('@').count();
        let Some((local, domain)) = text.split_once('@').filter(|_| count == 1) else {
            return Err(BadEmail::Ats {
                shown: shown(),
                count,
            });
        };
        if local.is_empty() || domain.trim_matches('.').is_empty() {
            return Err(BadEmail::Half(shown()));
        }
        // ASCII is in every normal form, and most addresses of most lists are ASCII.
        let folded = if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            text.nfc().flat_map(char::to_lowercase).nfc().collect()
        };
        Ok(Self {
            shown: text.to_owned(),
            folded,
        })
    }

    /// As it was stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form in which equal addresses are the same text: lower case, one Unicode spelling.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What stands after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.folded.split_once('@').map_or("", |(_, domain)| domain)
    }
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
        email.shown
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
