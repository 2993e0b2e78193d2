//! The last defence of a credential: nothing above puts one into a line, and if it does it ends here.

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

    /// Takes JSON text, in which a credential stands as a JSON string writes it.
    pub(super) fn apply(&self, mut json: String) -> String {
        for secret in &self.0 {
            let written = serde_json::Value::from(secret.expose()).to_string();
            let written = written.trim_matches('"');
            if json.contains(written) {
                json = json.replace(written, "[secret]");
            }
        }
        json
    }
}
