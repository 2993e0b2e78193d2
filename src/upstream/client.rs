//! One upstream behind one key.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::budget::Budget;
use super::counters::{Contact, Counters, Tally};
use super::exchange::Request;
use super::inner::Inner;
use super::list::{List, Page};
use super::removals::Removals;
use super::settings::{Settings, SettingsError};
use super::wire::{Raw, Wire};
use super::{Answer, Cx, Error, Path, Usage, Write, body};
use crate::audit::Intent;
use crate::clock::Clock;
use crate::store::Store;

/// Marks a type as one thing, as against a list of things. Only such a type can be [`Client::get`].
///
/// A list is asked for with a [`super::Walk`], because an unpaginated request is cut at 100 rows without a word and falls
/// into a bucket of one request a minute:
///
/// ```compile_fail
/// # async fn never(client: status_roster::upstream::Client, cx: status_roster::upstream::Cx) {
/// use status_roster::upstream::Path;
/// client.get::<Vec<String>>(&cx, Path::new().push("pages")).await;
/// # }
/// ```
pub trait Single: DeserializeOwned {}

/// The client. Cheap to clone; clones share the queue, the connections and the counters.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

impl Client {
    /// A client that has not touched the network yet. `store` holds the key's window.
    ///
    /// # Errors
    /// The settings would show the key to the network, or cannot work.
    pub fn new(mut settings: Settings, store: &Store, clock: Clock) -> Result<Self, SettingsError> {
        settings.check()?;
        settings.limits.answer_within = settings.total_timeout;
        let fingerprint = settings.credential.fingerprint();
        Ok(Self(Arc::new(Inner {
            wire: Wire::new(&settings)?,
            budget: Budget::new(
                settings.system,
                &fingerprint,
                settings.limits,
                settings.max_wait_for_slot,
                store,
                clock,
            ),
            tally: Tally::default(),
            removals: Removals::default(),
            reported: std::sync::Mutex::default(),
            fingerprint,
            clock,
            settings,
        })))
    }

    /// Reads one thing.
    ///
    /// # Errors
    /// See [`Error`]; never [`Error::AnswerLost`].
    pub async fn get<T: Single>(&self, cx: &Cx, path: Path) -> Result<T, Error> {
        let request = Request::get(path, Vec::new());
        let read = |body: &[u8]| body::read(self.system(), body);
        self.0.read(cx, &request, read).await
    }

    /// Changes something. `intent` proves that the audit record has it.
    ///
    /// # Errors
    /// See [`Error`]. [`Error::effect_unknown`] says whether the change can have been made all the same.
    pub async fn write(&self, cx: &Cx, intent: &Intent, write: Write) -> Result<Answer, Error> {
        tracing::debug!(intent.id = %intent.id(), method = %write.method, path = write.path.for_log(), "writing");
        let _removing = write.is_delete().then(|| self.0.removals.begin());
        let Raw { status, body, .. } = self.0.exchange(cx, &Request::write(write)?).await?;
        let body = if body.trim_ascii().is_empty() {
            None
        } else {
            Some(body::read(self.system(), &body)?)
        };
        Ok(Answer { status, body })
    }

    /// One page of a list, `taken` rows after its begin.
    pub(super) async fn page(
        &self,
        cx: &Cx,
        list: &List,
        index: u32,
        taken: usize,
    ) -> Result<Page, Error> {
        let request = Request::get(list.path.clone(), list.query(index, taken));
        let open = |body: &[u8]| list.paging.open(self.system(), body);
        self.0.read(cx, &request, open).await
    }

    pub(super) fn removals(&self) -> &Removals {
        &self.0.removals
    }

    /// Returns the use that was made of the key: as the upstream reports it where it does and its headers are followed, else by our own
    /// window.
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn usage(&self) -> Result<Usage, Error> {
        let ours = self.0.budget.usage().await?;
        let reported = *self
            .0
            .reported
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(reported.map_or(ours, |theirs| theirs.correct(ours, self.0.clock.now())))
    }

    /// Estimates how long `requests` interactive requests would wait for their slots, the last one included.
    ///
    /// # Errors
    /// [`Error::NoBudget`]
    pub async fn forecast(&self, requests: u32) -> Result<std::time::Duration, Error> {
        self.0.budget.forecast(requests).await
    }

    /// The last request that ended, for readiness.
    #[must_use]
    pub fn last_contact(&self) -> Option<Contact> {
        self.0.tally.contact()
    }

    /// Requests that wait for a slot now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.budget.waiting()
    }

    /// Totals, for metrics.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.0.tally.snapshot()
    }

    /// [`Settings::system`].
    #[must_use]
    pub fn system(&self) -> &'static str {
        self.0.settings.system
    }

    /// Names the key without showing it.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("system", &self.system())
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}
