//! The caller: named by the transport, trusted by everything below it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

/// Somebody on whose behalf a call is made. Plans, tokens, cursors and audit lines belong to one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caller {
    /// A stable name: `local` for a stdio client or loopback, a token's name or a subject over HTTP.
    pub name: String,
    /// The client program as it named itself (`claude-code 2.1.0`): recorded, never trusted.
    pub client: Option<String>,
    /// The rights of the caller.
    pub scopes: Scopes,
    /// The only tools that the caller wants, where it narrowed itself. Never more than the policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<BTreeSet<String>>,
}

/// A right of a caller; the server's own policy narrows it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look.
    Read,
    /// Add and change.
    Write,
    /// Take away.
    Remove,
    /// Speak to the readers of a page and change what it shows: the toolset `operations`.
    Publish,
    /// Read the audit tail, and whatever is the operator's.
    Admin,
}

/// Says whether a caller's credential is still good. Work on the caller's behalf checks it while it runs; the value lives as long as any
/// holder.
#[derive(Debug, Clone, Default)]
pub struct Standing(Arc<CancellationToken>);

impl Standing {
    /// One that a transport can end; see [`Standing::watched`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Held by whoever ends it: gone when nothing runs under it any more.
    #[must_use]
    pub fn watched(&self) -> std::sync::Weak<CancellationToken> {
        Arc::downgrade(&self.0)
    }

    /// The one behind [`Standing::watched`], while it is good.
    #[must_use]
    pub fn of(watched: &std::sync::Weak<CancellationToken>) -> Option<Self> {
        let standing = watched.upgrade().map(Self);
        standing.filter(|it| !it.is_over())
    }

    /// Returns whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Until the credential is withdrawn or ends.
    pub async fn over(&self) {
        self.0.cancelled().await;
    }

    /// Returns the token that is cancelled when the credential ends, for a future that owns what it waits for.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        (*self.0).clone()
    }
}

/// A set of [`Scope`]s.
pub type Scopes = BTreeSet<Scope>;

impl Scope {
    /// Every scope, from the least to the most.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Write,
        Self::Remove,
        Self::Publish,
        Self::Admin,
    ];

    /// Its name in tokens and settings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Remove => "remove",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

impl Caller {
    /// The one caller of a local transport: may do what the server's policy allows.
    #[must_use]
    pub fn local(client: Option<String>) -> Self {
        Self {
            name: "local".to_owned(),
            client,
            scopes: Scope::ALL.into(),
            only: None,
        }
    }

    /// The name for logs. An identity provider may name people by their addresses, and no log holds one; the audit file does.
    #[must_use]
    pub fn tag(&self) -> Cow<'_, str> {
        if self.name.contains('@') {
            let digest = Sha256::digest(&self.name);
            format!(
                "caller:{}",
                hex::encode(digest.get(..6).unwrap_or_default())
            )
            .into()
        } else {
            self.name.as_str().into()
        }
    }

    /// Somebody whom no transport vouched for: may do nothing.
    #[must_use]
    pub fn nobody() -> Self {
        Self {
            name: "nobody".to_owned(),
            client: None,
            scopes: Scopes::new(),
            only: None,
        }
    }
}
