//! Reads a request's body whole: not longer than the limit, not slower than the server's patience, and within the memory for bodies.
//!
//! Guarantees: the memory of all bodies together stays below a bound, however many clients send theirs and stop in the middle. A body of an
//! ordinary call is read without a reservation; a longer one reserves its bytes from twice the longest body, of which one of several
//! callers can take half.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use crate::clock::Clock;
use crate::transport::message::IdScan;

/// The bytes that are read without a reservation: more than almost every call has. Times the connections, it is the bound for these bodies.
const FREE: usize = 16 * 1024;

/// The longest that a client may send nothing in the middle of a body.
const STALL: Duration = Duration::from_secs(10);

/// The time that a body waits for memory that others have reserved.
const WAIT: Duration = Duration::from_secs(5);

/// So many times the limit is far too long.
const FAR: usize = 4;

/// The longest that the rest of a body that is refused may stand still.
const REST: Duration = Duration::from_secs(1);

/// The bodies that are read or answered.
pub(super) struct Bodies {
    limit: usize,
    patience: Duration,
    clock: Clock,
    /// Bytes that are not taken.
    free: Arc<Semaphore>,
    share: usize,
    taken: Arc<Mutex<HashMap<Arc<str>, usize>>>,
}

/// The reservation of a body's memory: keep it until the body is answered.
pub(super) struct Reservation {
    of_all: Option<OwnedSemaphorePermit>,
    caller: Arc<str>,
    bytes: usize,
    taken: Arc<Mutex<HashMap<Arc<str>, usize>>>,
}

impl Bodies {
    /// Allows bodies of at most `limit` bytes. `several` callers share the memory; one alone has all of it.
    pub(super) fn new(limit: usize, patience: Duration, several: bool, clock: Clock) -> Self {
        let all = limit.saturating_mul(2).min(Semaphore::MAX_PERMITS);
        Self {
            limit,
            patience,
            clock,
            free: Arc::new(Semaphore::new(all)),
            share: if several { limit } else { all },
            taken: Arc::default(),
        }
    }

    /// Bytes of long bodies that are in memory.
    pub(super) fn taken(&self) -> usize {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.values().sum()
    }

    /// Reads a body to its end.
    pub(super) async fn read(
        &self,
        caller: &Arc<str>,
        body: Body,
    ) -> Result<(Bytes, Option<Reservation>), Refusal> {
        tokio::select! {
            read = self.whole(caller, body) => read,
            () = self.clock.sleep(self.patience) => Err(Refusal::TooSlow),
        }
    }

    async fn whole(
        &self,
        caller: &Arc<str>,
        body: Body,
    ) -> Result<(Bytes, Option<Reservation>), Refusal> {
        // A length that is announced is believed when it is too long, so that nothing of it needs to be read.
        let announced = usize::try_from(http_body::Body::size_hint(&body).lower());
        let announced = announced.unwrap_or(usize::MAX);
        if announced > self.limit {
            return Err(self
                .too_long(IdScan::default(), announced, 0, body.into_data_stream())
                .await);
        }
        let mut reserved = None;
        if announced > FREE {
            reserved = Some(self.reserve(caller, announced).await?);
        }
        let mut pieces = body.into_data_stream();
        let mut read = Vec::with_capacity(announced);
        let stall = STALL.min(self.patience);
        loop {
            let piece = tokio::select! {
                piece = pieces.next() => piece,
                () = self.clock.sleep(stall) => return Err(Refusal::TooSlow),
            };
            let Some(piece) = piece else { break };
            // A client that breaks off is told nothing; whatever it is told, it is not there to hear it.
            let piece = piece.map_err(|_| Refusal::TooSlow)?;
            let length = read.len() + piece.len();
            if length > self.limit {
                let mut scan = IdScan::default();
                scan.read(&read);
                scan.read(&piece);
                return Err(self.too_long(scan, announced, length, pieces).await);
            }
            if length > FREE && reserved.is_none() {
                reserved = Some(self.reserve(caller, self.limit).await?);
            }
            read.extend_from_slice(&piece);
        }
        Ok((read.into(), reserved))
    }

    /// Reads what is left of a body that is too long and keeps its id alone: a client that is cut off while it writes sees no answer, and
    /// one that sees none waits. A body that is far too long, or does not come, is refused as it stands.
    async fn too_long(
        &self,
        mut scan: IdScan,
        announced: usize,
        read: usize,
        mut rest: BodyDataStream,
    ) -> Refusal {
        let far = self.limit.saturating_mul(FAR);
        let mut left = far
            .checked_sub(announced.max(read))
            .map_or(0, |_| far - read);
        while left > 0 {
            let piece = tokio::select! {
                piece = rest.next() => piece,
                () = self.clock.sleep(REST) => break,
            };
            let Some(Ok(piece)) = piece else { break };
            scan.read(&piece);
            left = left.saturating_sub(piece.len());
        }
        Refusal::TooLong(self.limit, scan.id())
    }

    /// Reserves the bytes as soon as they are free. More than the caller's share is refused at once.
    async fn reserve(&self, caller: &Arc<str>, bytes: usize) -> Result<Reservation, Refusal> {
        let of_all = u32::try_from(bytes).map_err(|_| Refusal::TooLong(self.limit, None))?;
        {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let so_far = taken.get(caller).copied().unwrap_or_default();
            if so_far + bytes > self.share {
                return Err(Refusal::BodiesFull);
            }
            taken.insert(caller.clone(), so_far + bytes);
        }
        let mut reserved = Reservation {
            of_all: None,
            caller: caller.clone(),
            bytes,
            taken: self.taken.clone(),
        };
        let of_all = tokio::select! {
            of_all = self.free.clone().acquire_many_owned(of_all) => of_all,
            () = self.clock.sleep(WAIT) => return Err(Refusal::BodiesFull),
        };
        reserved.of_all = Some(of_all.map_err(|_| Refusal::Stopping)?);
        Ok(reserved)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = taken.get_mut(&self.caller) {
            *theirs = theirs.saturating_sub(self.bytes);
        }
        taken.retain(|_, bytes| *bytes > 0);
    }
}
