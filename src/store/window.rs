//! The exact rolling window: it counts the requests that a key has sent lately.
//!
//! Guarantees: a slot is taken when a request is sent and comes free one window after its *answer* arrived, so the
//! receiving end never counts more than [`Limits::requests`] in any window, however the network delays either way
//! (a ring of send times is overrun by the jitter between sending and receiving). A slot whose holder vanished comes free
//! one window after the latest instant at which its answer could have come. All sharers of one key see one ring.
//!
//! Does not guarantee: an order among several processes (each queues its own callers; see `upstream::budget`), nor
//! anything about requests that somebody else sends with the same key.

mod file;
mod memory;
mod remote;
mod ring;
pub mod script;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use file::WindowError;
pub use ring::Ring;

use super::remote::Link;
use crate::clock::Clock;

/// The limits that an upstream sets for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in any window; 0 is read as 1. Statuspage: 60 ("Rate limiting" in the API reference).
    pub requests: u32,
    /// The rolling window. Statuspage: 60 s.
    pub window: Duration,
    /// Slots that bulk work leaves to interactive calls; at most half of `requests` is honoured.
    pub reserve: u32,
    /// The longest a request can stay unanswered (its total timeout): a holder silent for longer has vanished.
    pub answer_within: Duration,
}

impl Limits {
    /// `requests` in any `window`, 4 slots kept for interactive calls (their median wait during a scan falls from half a
    /// window to nothing; the scan takes about 7 % longer), answers within 30 s.
    #[must_use]
    pub fn new(requests: u32, window: Duration) -> Self {
        Self {
            requests,
            window,
            reserve: 4,
            answer_within: Duration::from_secs(30),
        }
    }

    /// Returns the number of slots that `lane` may see taken, its own included.
    #[must_use]
    pub fn slots(&self, lane: Lane) -> usize {
        let all = self.requests.max(1);
        let slots = match lane {
            Lane::Interactive => all,
            Lane::Bulk => all - self.reserve.min(all / 2),
        };
        slots as usize
    }
}

/// The lanes of requests: the interactive one goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Somebody waits for the answer.
    Interactive,
    /// A scan of many pages.
    Bulk,
}

/// A key's name in the store: a system and a fingerprint, never the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// Joins `system` and `fingerprint`. Whatever could leave a file name is replaced.
    #[must_use]
    pub fn new(system: &str, fingerprint: &str) -> Self {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        };
        Self(
            format!("{system}.{fingerprint}")
                .chars()
                .map(|c| if c == '.' { c } else { safe(c) })
                .collect(),
        )
    }

    /// `system.fingerprint`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A taken slot. It must be reported by [`Window::answered`] or [`Window::withdraw`]; otherwise it counts as in flight
/// for [`Limits::answer_within`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

impl Ticket {
    /// The ticket of this number. Two requests must not have the same.
    #[must_use]
    pub fn numbered(number: u64) -> Self {
        Self(number)
    }

    /// Its name in Redis.
    #[must_use]
    pub fn name(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// The answer to "may a request go now?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Yes: the slot is taken.
    Taken(Ticket),
    /// No; asking again cannot succeed before this long from now, unless a slot is withdrawn.
    Wait(Duration),
}

/// The use that a key has made of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Slots that are not free.
    pub used: u32,
    /// All slots.
    pub limit: u32,
    /// Until every slot would be free again if nothing more were sent. Zero when none is used.
    pub resets_in: Duration,
    /// The time for which the key still sends nothing after a rejection.
    pub paused_for: Option<Duration>,
    /// True when requests go one by one because of a rejection that this window did not predict.
    pub paced: bool,
}

/// The rings, and the place that they are kept in.
#[derive(Debug)]
pub struct Window(Rings);

#[derive(Debug)]
enum Rings {
    /// On this machine.
    Here(Here),
    /// In Redis: shared by several machines.
    Remote(remote::Remote),
}

#[derive(Debug)]
enum Here {
    /// In this process.
    Memory(memory::Memory),
    /// In the state directory, one locked file a key: shared by the processes of this machine.
    File(file::Directory),
}

impl Window {
    /// Rings that this process alone sees.
    #[must_use]
    pub fn memory(clock: Clock) -> Self {
        Self(Rings::Here(Here::Memory(memory::Memory::new(clock))))
    }

    /// Rings that every process of this machine shares. `directory` must exist and should be 0700.
    #[must_use]
    pub fn in_directory(directory: &Path, clock: Clock) -> Self {
        Self(Rings::Here(Here::File(file::Directory::new(
            directory, clock,
        ))))
    }

    pub(super) fn in_redis(link: Arc<Link>) -> Self {
        Self(Rings::Remote(remote::Remote::new(link)))
    }

    /// Takes a slot if one is free for `lane` now. Either the slot is in the returned value or none was taken, wherever the
    /// future is dropped.
    ///
    /// # Errors
    /// The ring cannot be read or written. A slot whose taking was not answered counts as in flight.
    pub async fn try_take(
        &self,
        key: &Key,
        limits: &Limits,
        lane: Lane,
    ) -> Result<Take, WindowError> {
        let ticket = Ticket::numbered(rand::random());
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.take(key, limits, lane, ticket).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| {
                    ring.take(now, limits, lane, ticket)
                })
                .await
            }
        }
    }

    /// Estimates how long a request with `ahead` others before it would wait. Never too long as long as nobody gives up.
    ///
    /// # Errors
    /// The ring cannot be read or written.
    pub async fn forecast(
        &self,
        key: &Key,
        limits: &Limits,
        lane: Lane,
        ahead: usize,
    ) -> Result<Duration, WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.forecast(key, limits, lane, ahead).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| {
                    ring.forecast(now, limits, lane, ahead)
                })
                .await
            }
        }
    }

    /// The answer arrived, or will never be read: the slot comes free one window from now.
    ///
    /// # Errors
    /// The ring cannot be read or written; the slot then counts as in flight.
    pub async fn answered(
        &self,
        key: &Key,
        limits: &Limits,
        ticket: Ticket,
    ) -> Result<(), WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.answered(key, limits, ticket).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| ring.answered(now, ticket))
                    .await
            }
        }
    }

    /// Nothing was sent after all (no connection): the slot is free at once.
    ///
    /// # Errors
    /// The ring cannot be read or written; the slot then counts as in flight.
    pub async fn withdraw(
        &self,
        key: &Key,
        limits: &Limits,
        ticket: Ticket,
    ) -> Result<(), WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.withdraw(key, limits, ticket).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, _| ring.withdraw(ticket))
                    .await
            }
        }
    }

    /// Stops the key for `how_long` (at most an hour), for every sharer.
    ///
    /// # Errors
    /// The ring cannot be read or written.
    pub async fn pause(
        &self,
        key: &Key,
        limits: &Limits,
        how_long: Duration,
    ) -> Result<(), WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.pause(key, limits, how_long).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| ring.pause(now, how_long))
                    .await
            }
        }
    }

    /// The upstream said "too many" although the window was not full: somebody else uses the key, or the upstream counts differently. Stops
    /// the key for `how_long`, then lets requests go one by one for ten windows.
    ///
    /// # Errors
    /// The ring cannot be read or written.
    pub async fn rejected(
        &self,
        key: &Key,
        limits: &Limits,
        how_long: Duration,
    ) -> Result<(), WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.rejected(key, limits, how_long).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| {
                    ring.rejected(now, limits, how_long)
                })
                .await
            }
        }
    }

    /// Returns the present use.
    ///
    /// # Errors
    /// The ring cannot be read or written.
    pub async fn usage(&self, key: &Key, limits: &Limits) -> Result<Usage, WindowError> {
        match &self.0 {
            Rings::Remote(remote) => Ok(remote.usage(key, limits).await?),
            Rings::Here(here) => {
                here.with(key, limits, |ring, now| ring.usage(now, limits))
                    .await
            }
        }
    }
}

impl Here {
    async fn with<R>(
        &self,
        key: &Key,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> Result<R, WindowError> {
        match self {
            Self::Memory(memory) => Ok(memory.with(key, change)),
            Self::File(directory) => directory.with(key, limits, change).await,
        }
    }
}
