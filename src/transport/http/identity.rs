//! Identifies the caller: by a token's name, an identity provider's subject, or as the user of this machine.

use std::os::unix::fs::MetadataExt as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, header};

use super::pass::Pass;
use super::refusal::Refusal;
use super::tokens::{Token, TokenFile, matching};
use super::{OAuth, Settings, oauth};
use crate::caller::{Caller, Scope};
use crate::clock::Clock;

/// The time for which the content of the token file is used without looking again.
const BELIEVED: Duration = Duration::from_secs(1);

/// Longer than any token that is one. What is longer is not even hashed.
const LONGEST_TOKEN: usize = 16 * 1024;

/// The means by which callers are identified.
pub(super) struct Identity {
    tokens: Option<Tokens>,
    oauth: Option<oauth::Checker>,
    clock: Clock,
}

struct Tokens {
    file: TokenFile,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    tokens: Arc<[Token]>,
    /// When the file was looked at last, on the monotonic clock.
    looked: Option<Duration>,
    /// A fingerprint of the file's metadata, which tells one content from another without reading it.
    version: Option<(u64, i64, i64, u64)>,
}

impl Identity {
    pub(super) fn new(settings: &Settings, clock: Clock) -> Self {
        Self {
            tokens: settings.tokens_file.as_deref().map(|path| Tokens {
                file: TokenFile::at(path),
                held: Mutex::default(),
            }),
            oauth: settings
                .oauth
                .clone()
                .map(|settings: OAuth| oauth::Checker::new(settings, clock)),
            clock,
        }
    }

    /// Returns whether nobody needs to show who they are.
    pub(super) fn is_local(&self) -> bool {
        self.tokens.is_none() && self.oauth.is_none()
    }

    /// Returns whether an identity provider can give a caller further scopes.
    pub(super) fn can_step_up(&self, caller: &Caller) -> bool {
        self.oauth.is_some() && caller.name.starts_with(oauth::NAMES)
    }

    /// Identifies the sender of these headers.
    pub(super) async fn who(&self, headers: &HeaderMap) -> Result<(Caller, Pass), Refusal> {
        if self.is_local() {
            return Ok((Caller::local(None), Pass::Local));
        }
        let token = bearer(headers)?;
        let (caller, pass) = match self.static_token(token) {
            Some(known) => known?,
            None => match &self.oauth {
                Some(oauth) => oauth.check(token).await?,
                None => return Err(Refusal::BadToken("it is not one that this server knows")),
            },
        };
        if caller.scopes.contains(&Scope::Read) {
            Ok((caller, pass))
        } else {
            Err(Refusal::ScopeMissing)
        }
    }

    /// Returns whether somebody who was let in by this would be let in again.
    pub(super) fn is_good(&self, pass: &Pass) -> bool {
        let now = self.clock.now();
        match (pass, &self.tokens) {
            (Pass::Local, _) => true,
            (Pass::Until(end), _) => *end > now,
            (Pass::Token(hash), Some(tokens)) => {
                let tokens = tokens.current(self.clock);
                let mut good = tokens.iter().filter(|it| it.expires > now);
                good.any(|it| *it.hash == **hash && it.scopes.contains(&Scope::Read))
            }
            (Pass::Token(_), None) => false,
        }
    }

    fn static_token(&self, presented: &str) -> Option<Result<(Caller, Pass), Refusal>> {
        let tokens = self.tokens.as_ref()?.current(self.clock);
        let token = matching(&tokens, presented)?;
        Some(if token.expires <= self.clock.now() {
            Err(Refusal::BadToken("it has expired"))
        } else {
            Ok((token.caller(), Pass::Token(token.hash.as_str().into())))
        })
    }
}

impl Tokens {
    /// The tokens that the file holds, at most a second ago.
    fn current(&self, clock: Clock) -> Arc<[Token]> {
        let now = clock.monotonic();
        let mut cache = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if cache
            .looked
            .is_some_and(|then| now.saturating_sub(then) < BELIEVED)
        {
            return cache.tokens.clone();
        }
        cache.looked = Some(now);
        let version = std::fs::metadata(self.file.path())
            .ok()
            .map(|it| (it.ino(), it.mtime(), it.mtime_nsec(), it.size()));
        if version.is_none() || version != cache.version {
            cache.version = version;
            cache.tokens = match self.file.list() {
                Ok(tokens) => tokens.into(),
                Err(error) => {
                    tracing::error!(%error, "nobody is let in");
                    Arc::default()
                }
            };
        }
        cache.tokens.clone()
    }
}

/// The token of `Authorization: Bearer …`. A token anywhere else, such as in the address, is not looked for.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut headers_sent = headers.get_all(header::AUTHORIZATION).iter();
    let value = headers_sent.next().ok_or(Refusal::NoToken)?;
    if headers_sent.next().is_some() {
        return Err(Refusal::BadToken("there are two `Authorization` headers"));
    }
    let value = value
        .to_str()
        .map_err(|_| Refusal::BadToken("it is not text"))?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::NoToken);
    }
    let token = token.trim();
    if token.is_empty() {
        return Err(Refusal::NoToken);
    }
    if token.len() > LONGEST_TOKEN {
        return Err(Refusal::BadToken("it is too long"));
    }
    Ok(token)
}
