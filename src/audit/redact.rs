//! The last defence of a credential: nothing above puts one into a line, and if it does it ends here.

use std::borrow::Cow;

use serde_json::Value;

use crate::secret::Secret;

/// A shorter one would also be found inside ordinary words, and no system gives out a key that short.
const SHORTEST: usize = 8;

/// The credentials that must not be written.
#[derive(Debug)]
pub(super) struct Redact(Vec<Secret>);

impl Redact {
    pub(super) fn new(secrets: Vec<Secret>) -> Self {
        Self(
            secrets
                .into_iter()
                .filter(|secret| secret.expose().len() >= SHORTEST)
                .collect(),
        )
    }

    /// Takes JSON text and replaces every credential inside a string of it.
    ///
    /// String by string as each reads without its escapes: in the raw text a credential can be escaped, and the `n` of
    /// `\n` can look like the first letter of one. The order of members stays as it is, which a `Value` would not keep.
    pub(super) fn apply(&self, json: &str) -> String {
        let mut out = String::with_capacity(json.len());
        let mut rest = json;
        while let Some((before, after)) = rest.split_once('"') {
            let (inside, next) = after.split_at(end_of_string(after));
            out.push_str(before);
            out.push_str(&self.string(&format!("\"{inside}\"")));
            rest = next.strip_prefix('"').unwrap_or(next);
        }
        out + rest
    }

    fn string<'a>(&self, literal: &'a str) -> Cow<'a, str> {
        let Ok(text) = serde_json::from_str::<String>(literal) else {
            return literal.into();
        };
        let clean = self
            .0
            .iter()
            .map(Secret::expose)
            .fold(Cow::from(&text), |text, secret| {
                if text.contains(secret) {
                    text.replace(secret, "[secret]").into()
                } else {
                    text
                }
            });
        if *clean == *text {
            literal.into()
        } else {
            Value::from(clean).to_string().into()
        }
    }
}

/// Returns the index at which the string ends whose opening quote was just read.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}
