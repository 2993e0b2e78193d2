//! Several addresses as one argument: every one that is none is told at once.

use serde::{Deserialize, Deserializer, Serialize};

use super::Email;

/// Mistakes that are told.
const MOST_TOLD: usize = 20;

/// A list of addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Emails(pub Vec<Email>);

impl Emails {
    /// Reads a list.
    ///
    /// # Errors
    /// Every entry that is no address, with its place, up to twenty.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, String> {
        let mut good = Vec::with_capacity(texts.len());
        let mut bad = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            match Email::parse(text.as_ref()) {
                Ok(email) => good.push(email),
                Err(error) => bad.push(format!("entry {}: {error}", at + 1)),
            }
        }
        all_good(good, bad).map(Self)
    }
}

/// The values, or every mistake in one text.
pub fn all_good<T>(good: Vec<T>, mut bad: Vec<String>) -> Result<Vec<T>, String> {
    if bad.is_empty() {
        return Ok(good);
    }
    let more = bad.len().saturating_sub(MOST_TOLD);
    bad.truncate(MOST_TOLD);
    if more > 0 {
        bad.push(format!("and {more} more"));
    }
    Err(bad.join("; "))
}

impl<'de> Deserialize<'de> for Emails {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        Self::parse(&texts).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Emails {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Emails".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "array", "items": { "type": "string" } })
    }
}
