//! Digests of what a token is bound to.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a purpose and some parts. Each part is preceded by its length: `("ab", "c")` is not `("a", "bc")`.
pub(super) fn of<'a>(purpose: &'a str, parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in std::iter::once(purpose).chain(parts) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Writes JSON in the one form that equal values share: members sorted, no white space.
///
/// Sorted here and not by `serde_json`, whose maps keep the order of insertion as soon as any dependency asks for that.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        scalar => scalar.to_string(),
    }
}
