//! The identity provider's keys: fetched when first needed, kept, and fetched again when it has changed them.
//!
//! Guarantees: a fetch is a task of its own, so that no request that breaks off ends it and none with a known key waits for it;
//! tokens with made-up key ids are looked up at the provider a few times in a row and then once in ten seconds at most, which takes
//! nothing from the hourly renewal; when the provider cannot be reached, keys that were good stay good for a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::watch;

use super::OAuth;
use super::published::Published;
use crate::clock::Clock;
use crate::transport::http::refusal::Refusal;

/// The time for which keys are used without checking whether one was withdrawn.
const FRESH: Duration = Duration::from_secs(3_600);

/// The time for which they are used when the provider cannot be reached.
const STALE: Duration = Duration::from_secs(86_400);

/// The shortest time between two renewals of keys that are no longer fresh.
const PAUSE: Duration = Duration::from_secs(30);

/// Fetches for the sake of unknown key ids that may follow each other at once, and how long it takes until one more may.
const GUESSES: u32 = 4;
const ANOTHER_GUESS: Duration = Duration::from_secs(10);

/// The time in which the same unknown key id causes no further fetch, and the number of ids that are remembered.
const REMEMBERED: Duration = Duration::from_secs(60);
const MOST_REMEMBERED: usize = 256;

/// A key id that is longer is none.
const LONGEST_ID: usize = 200;

/// The time that a request waits for keys that it cannot do without, and the number of requests that may wait.
const WAIT: Duration = Duration::from_secs(8);
const MOST_WAITING: usize = 64;

/// The keys, and what fetches them. Cheap to clone.
#[derive(Clone)]
pub(super) struct Keys(Arc<Inner>);

struct Inner {
    published: Published,
    clock: Clock,
    held: Mutex<Held>,
    /// The number of fetches that have ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct Held {
    keys: Vec<Jwk>,
    /// When these keys came.
    since: Option<Duration>,
    /// When they were asked for last.
    asked: Option<Duration>,
    fetching: bool,
    waiting: usize,
    guesses: u32,
    /// When the last guess was taken or given back.
    guessed: Duration,
    /// Key ids that were not found, and when.
    unknown: HashMap<String, Duration>,
}

impl Keys {
    pub(super) fn new(settings: &OAuth, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            published: Published::of(settings),
            clock,
            held: Mutex::default(),
            ended: watch::Sender::new(0),
        }))
    }

    /// The key with this id that can make this kind of signature.
    pub(super) async fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Option<DecodingKey>, Refusal> {
        let waiting = {
            let mut cache = self.held();
            let now = self.0.clock.monotonic();
            let age = cache.age(now);
            if cache.is_stale(now) {
                if cache.may_renew(now) {
                    self.fetch(&mut cache, now);
                }
            } else {
                if age.is_some_and(|age| age >= FRESH) && cache.may_renew(now) {
                    self.fetch(&mut cache, now);
                }
                if let Some(key) = cache.pick(id, algorithm) {
                    return Ok(Some(key));
                }
                if cache.may_guess(id, now) {
                    self.fetch(&mut cache, now);
                }
            }
            if !cache.fetching {
                return cache.found(id, algorithm, now);
            }
            if cache.waiting >= MOST_WAITING {
                return Err(Refusal::NoKeys);
            }
            cache.waiting += 1;
            Waiting(self)
        };
        let mut ended = self.0.ended.subscribe();
        tokio::select! {
            _ = ended.changed() => {}
            () = self.0.clock.sleep(WAIT) => {}
        }
        drop(waiting);
        let cache = self.held();
        let found = cache.found(id, algorithm, self.0.clock.monotonic())?;
        // The provider has not answered yet: that nobody there knows the key cannot be said.
        if found.is_none() && cache.fetching {
            return Err(Refusal::NoKeys);
        }
        Ok(found)
    }

    /// Begins a fetch that ends whoever goes away meanwhile.
    fn fetch(&self, held: &mut Held, now: Duration) {
        if held.fetching {
            return;
        }
        held.fetching = true;
        held.asked = Some(now);
        let keys = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "it is bounded in time by the client's own limits, there is one at most, and no request owns it"
        )]
        tokio::spawn(async move {
            let fetched = keys.0.published.fetch().await;
            let mut cache = keys.held();
            cache.fetching = false;
            match fetched {
                Ok(new) => {
                    cache.keys = new;
                    cache.since = Some(keys.0.clock.monotonic());
                }
                Err(why) => tracing::error!(%why, "the identity provider's keys cannot be fetched"),
            }
            drop(cache);
            keys.0.ended.send_modify(|ended| *ended += 1);
        });
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for keys.
struct Waiting<'a>(&'a Keys);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut cache = self.0.held();
        cache.waiting = cache.waiting.saturating_sub(1);
    }
}

impl Held {
    fn age(&self, now: Duration) -> Option<Duration> {
        Some(now.saturating_sub(self.since?))
    }

    fn is_stale(&self, now: Duration) -> bool {
        self.age(now).is_none_or(|age| age >= STALE)
    }

    fn may_renew(&self, now: Duration) -> bool {
        let since_asked = self.asked.map(|then| now.saturating_sub(then));
        // The first keys are worth another question sooner: nobody gets in without.
        let pause = if self.since.is_none() {
            ANOTHER_GUESS
        } else {
            PAUSE
        };
        !self.fetching && since_asked.is_none_or(|it| it >= pause)
    }

    /// Returns whether the provider is asked for a key id that is not known: it may have a new key, or somebody may have made the id up.
    fn may_guess(&mut self, id: Option<&str>, now: Duration) -> bool {
        let Some(id) = id.filter(|id| !self.fetching && id.len() <= LONGEST_ID) else {
            return false;
        };
        self.unknown
            .retain(|_, then| now.saturating_sub(*then) < REMEMBERED);
        if self.unknown.contains_key(id) {
            return false;
        }
        while self.guesses > 0 && now.saturating_sub(self.guessed) >= ANOTHER_GUESS {
            self.guesses -= 1;
            self.guessed += ANOTHER_GUESS;
        }
        if self.guesses >= GUESSES || self.unknown.len() >= MOST_REMEMBERED {
            return false;
        }
        if self.guesses == 0 {
            self.guessed = now;
        }
        self.guesses += 1;
        self.unknown.insert(id.to_owned(), now);
        true
    }

    fn found(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        now: Duration,
    ) -> Result<Option<DecodingKey>, Refusal> {
        if self.is_stale(now) {
            return Err(Refusal::NoKeys);
        }
        Ok(self.pick(id, algorithm))
    }

    /// Without an id, the one key that there is; never a guess between two.
    fn pick(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|key| id.is_none() || key.common.key_id.as_deref() == id)
            .filter(|key| fits(key, algorithm));
        let key = fitting.next()?;
        if id.is_none() && fitting.next().is_some() {
            return None;
        }
        DecodingKey::from_jwk(key).ok()
    }
}

/// Returns whether a key is of the algorithm's kind, and of no other algorithm by its own word.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use jsonwebtoken::jwk::EllipticCurve as Curve;
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), _) => matches!(
            algorithm,
            Algorithm::RS256
                | Algorithm::RS384
                | Algorithm::RS512
                | Algorithm::PS256
                | Algorithm::PS384
                | Algorithm::PS512
        ),
        (AlgorithmParameters::EllipticCurve(it), Algorithm::ES256) => it.curve == Curve::P256,
        (AlgorithmParameters::EllipticCurve(it), Algorithm::ES384) => it.curve == Curve::P384,
        (AlgorithmParameters::OctetKeyPair(it), Algorithm::EdDSA) => it.curve == Curve::Ed25519,
        _ => false,
    };
    let named = key.common.key_algorithm;
    kind && named.is_none_or(|named| named.to_string() == format!("{algorithm:?}"))
}
