//! Who is asking: named by the transport, believed by everything below it.

use serde::{Deserialize, Serialize};

/// Somebody on whose behalf a call is made. Plans, tokens, cursors and audit lines belong to one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caller {
    /// A stable name: `local` for a stdio client or loopback, a token's name or a subject over HTTP.
    pub name: String,
    /// The client program as it named itself (`claude-code 2.1.0`): recorded, never trusted.
    pub client: Option<String>,
    /// What the caller may do.
    pub scopes: Scopes,
}

/// What a caller may do at most; the server's own policy narrows it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look.
    Read,
    /// Add and change.
    Write,
    /// Take away.
    Remove,
    /// Read the audit tail, and whatever is the operator's.
    Admin,
}

/// A set of [`Scope`]s.
pub type Scopes = std::collections::BTreeSet<Scope>;

impl Caller {
    /// The one caller of a local transport: may do what the server's policy allows.
    #[must_use]
    pub fn local(client: Option<String>) -> Self {
        let scopes = [Scope::Read, Scope::Write, Scope::Remove, Scope::Admin].into();
        Self {
            name: "local".to_owned(),
            client,
            scopes,
        }
    }
}
