//! Tokens of an identity provider: this server as an OAuth 2.1 resource server.
//!
//! Guarantees: a token counts only if the provider's published key signed it with an asymmetric algorithm, for this
//! audience, from this issuer, and only between its `nbf` and `exp`; a token goes nowhere from here. Does not: ask the provider
//! about a token. One that was revoked there is good until it ends, so give it minutes and not days.

mod keys;
mod published;
mod signature;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;
use url::Url;

use self::keys::Keys;
use super::pass::Pass;
use super::refusal::Refusal;
use crate::caller::{Caller, Scope, Scopes};
use crate::clock::Clock;

/// The prefix of these callers' names.
pub(super) const NAMES: &str = "oauth:";

/// The most seconds by which the provider's clock may differ from ours.
const LEEWAY: i64 = 30;

/// The algorithms with which an identity provider signs and everybody can verify. No `HS…`: its key would be a secret that two share.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// `[http.oauth]`.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// Exactly what tokens say in `iss`.
    pub issuer: Url,
    /// The issuer as it was written: `iss` is compared as text.
    pub issuer_text: String,
    /// The value that tokens must have in `aud`: the name of this server at the provider.
    pub audience: String,
    /// The address of the keys. Without it the provider's metadata gives it.
    pub jwks_url: Option<Url>,
    /// The name of each scope in tokens.
    pub scopes: [(Scope, String); 5],
}

/// Checks tokens.
pub(super) struct Checker {
    settings: OAuth,
    keys: Keys,
    clock: Clock,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<OneOrMany>,
    exp: Option<f64>,
    nbf: Option<f64>,
    /// RFC 8693, section 4.2: names with spaces between them.
    scope: Option<String>,
    /// The claim that Microsoft and Okta use instead.
    scp: Option<OneOrMany>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn words(&self) -> impl Iterator<Item = &str> {
        let all = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        };
        all.iter().flat_map(|it| it.split_ascii_whitespace())
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::One(one) => one == text,
            Self::Many(many) => many.iter().any(|it| it == text),
        }
    }
}

impl Checker {
    pub(super) fn new(settings: OAuth, clock: Clock) -> Self {
        signature::install();
        Self {
            keys: Keys::new(&settings, clock),
            settings,
            clock,
        }
    }

    /// Checks a token and returns the caller it stands for, with the pass that says how long it is valid.
    pub(super) async fn check(&self, token: &str) -> Result<(Caller, Pass), Refusal> {
        let bad = Refusal::BadToken;
        let head = jsonwebtoken::decode_header(token)
            .map_err(|_| bad("it is neither a token of this server nor a signed JWT"))?;
        if !ALGORITHMS.contains(&head.alg) {
            return Err(bad(
                "it is signed with an algorithm that this server does not take",
            ));
        }
        // RFC 7515, section 4.1.11: who does not understand what is critical must refuse the token, and no extension is understood here.
        if head.crit.is_some() {
            return Err(bad(
                "it names extensions as critical (`crit`), and this server knows none",
            ));
        }
        let key = self
            .keys
            .find(head.kid.as_deref(), head.alg)
            .await?
            .ok_or(bad("no key of the identity provider has signed it"))?;
        let mut rules = Validation::new(head.alg);
        // Claims are checked below, against our clock and with words of our own.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let claims: Claims = jsonwebtoken::decode(token, &key, &rules)
            .map_err(|_| bad("its signature or its claims cannot be trusted"))?
            .claims;
        self.caller(&claims)
    }

    fn caller(&self, claims: &Claims) -> Result<(Caller, Pass), Refusal> {
        let bad = Refusal::BadToken;
        if claims.iss.as_deref() != Some(self.settings.issuer_text.as_str()) {
            return Err(bad("another issuer made it"));
        }
        let for_us = |audience: &OneOrMany| audience.holds(&self.settings.audience);
        if !claims.aud.as_ref().is_some_and(for_us) {
            return Err(bad("it was made for another audience"));
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds since 1970, far below 2^52"
        )]
        let (now, leeway) = (self.clock.now().as_second() as f64, LEEWAY as f64);
        let end = match claims.exp {
            None => return Err(bad("it has no end")),
            Some(end) if end + leeway <= now => return Err(bad("it has expired")),
            Some(end) => end + leeway,
        };
        if claims.nbf.is_some_and(|start| start - leeway > now) {
            return Err(bad("it is not good yet"));
        }
        let subject = claims.sub.as_deref().unwrap_or_default();
        let plain = |it: char| !it.is_control() && !it.is_whitespace();
        if subject.is_empty() || subject.len() > 200 || !subject.chars().all(plain) {
            return Err(bad("it does not say whom it was made for"));
        }
        let caller = Caller {
            name: format!("{NAMES}{subject}"),
            client: None,
            scopes: self.scopes(claims),
            only: None,
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a date beyond what the type holds is as good as no end"
        )]
        let until = Timestamp::from_second(end as i64).unwrap_or(Timestamp::MAX);
        Ok((caller, Pass::Until(until)))
    }

    fn scopes(&self, claims: &Claims) -> Scopes {
        let words = claims
            .scope
            .iter()
            .flat_map(|it| it.split_ascii_whitespace());
        let words: Vec<&str> = words
            .chain(claims.scp.iter().flat_map(OneOrMany::words))
            .collect();
        let meant = self.settings.scopes.iter();
        meant
            .filter(|(_, word)| words.contains(&word.as_str()))
            .map(|(scope, _)| *scope)
            .collect()
    }
}
