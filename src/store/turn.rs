//! One at a time: whoever reads a record, changes a part of it and sends the whole back must be alone with it, or the
//! later of two overwrites what the earlier one did, and both are told that it was done.
//!
//! Guarantees: at most one [`Turn`] of a name at any time, among all that share the store; inside a process first come, first
//! served; a process that dies gives its turns back. Among machines a turn is a lease, and one that could not be renewed is
//! lost: whoever is about to write asks [`Turns::hold`]. Does not: keep out a client that shares no store with this one. A
//! caller that holds a turn and waits for another can wait for ever.

use std::{
    collections::HashMap,
    fs::{File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::sync::OwnedMutexGuard;

use super::remote::{Lease, Link};
use super::{StoreError, disk};
use crate::clock::Clock;

/// Between two looks at a turn that another process has. Looking costs microseconds, and a change takes a second.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The pause between two looks over a network.
const LOOK_AGAIN_AFAR: Duration = Duration::from_millis(50);

/// Being alone with something, until it is dropped.
#[derive(Debug)]
#[must_use = "whoever drops it is no longer alone"]
pub struct Turn {
    // Dropped in this order: the next in this process finds the file free.
    _elsewhere: Elsewhere,
    _here: OwnedMutexGuard<()>,
}

/// Being alone with it among others than this process too.
#[derive(Debug)]
#[expect(dead_code, reason = "held, and given back when it is dropped")]
enum Elsewhere {
    /// Nobody shares the store.
    Nobody,
    Machine(Held),
    Machines(Arc<Lease>),
}

/// The others with whom a turn is shared.
pub(super) enum Others<'a> {
    Nobody,
    /// The processes that share this directory of locks.
    Machine(PathBuf),
    /// The machines that share this Redis.
    Machines(&'a Arc<Link>),
}

/// The turns that somebody in this process has or waits for.
#[derive(Debug, Default)]
pub(super) struct Turns {
    lines: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    /// The turns among machines that somebody in this process has: only these can be lost.
    leases: Mutex<Vec<Weak<Lease>>>,
}

impl Turns {
    /// Waits for the turn of `name`. Dropping the future leaves the line.
    pub(super) async fn take(
        &self,
        name: &str,
        others: Others<'_>,
        clock: &Clock,
    ) -> Result<Turn, StoreError> {
        let here = self.line(name).lock_owned().await;
        // The name holds an address or an id; a listing need not.
        let name = hex::encode(Sha256::digest(name));
        let elsewhere = match others {
            Others::Nobody => Elsewhere::Nobody,
            Others::Machine(directory) => {
                let path = directory.join(name);
                loop {
                    match Held::attempt(&path) {
                        Ok(Some(held)) => break Elsewhere::Machine(held),
                        Ok(None) => clock.sleep(LOOK_AGAIN).await,
                        Err(source) => return Err(StoreError::Io { path, source }),
                    }
                }
            }
            Others::Machines(link) => {
                let key = link.name(&["turn", &name]);
                loop {
                    match Lease::attempt(link, &key, *clock).await? {
                        Some(lease) => break Elsewhere::Machines(self.noted(lease)),
                        None => clock.sleep(LOOK_AGAIN_AFAR).await,
                    }
                }
            }
        };
        Ok(Turn {
            _elsewhere: elsewhere,
            _here: here,
        })
    }

    /// Returns whether every turn that somebody in this process has is still theirs alone.
    pub(super) fn hold(&self) -> bool {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases
            .iter()
            .filter_map(Weak::upgrade)
            .all(|lease| lease.holds())
    }

    fn noted(&self, lease: Lease) -> Arc<Lease> {
        let lease = Arc::new(lease);
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases.retain(|it| it.strong_count() > 0);
        leases.push(Arc::downgrade(&lease));
        lease
    }

    fn line(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(name).and_then(Weak::upgrade) {
            return line;
        }
        lines.retain(|_, line| line.strong_count() > 0);
        let line = Arc::default();
        lines.insert(name.to_owned(), Arc::downgrade(&line));
        line
    }
}

/// A locked file, gone afterwards.
#[derive(Debug)]
struct Held {
    path: PathBuf,
    _lock: File,
}

impl Held {
    /// `None` when another process has it.
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        let file = disk::private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        // Its last holder removed it between the opening and the lock: others make and lock a new one.
        if file.metadata()?.nlink() == 0 {
            return Ok(None);
        }
        Ok(Some(Self {
            path: path.to_owned(),
            _lock: file,
        }))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Still locked here. A file that stays is only clutter.
        let _ = std::fs::remove_file(&self.path);
    }
}
