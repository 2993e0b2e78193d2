//! One at a time: whoever reads a record, changes a part of it and sends the whole back must be alone with it, or the
//! later of two overwrites what the earlier one did, and both are told that it was done.
//!
//! Guarantees: at most one [`Turn`] of a name at any time, among all that share the store; inside a process first come, first
//! served; a process that dies gives its turns back. Does not: keep out a client that shares no store with this one. A
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

use super::{StoreError, disk};
use crate::clock::Clock;

/// Between two looks at a turn that another process has. Looking costs microseconds, and a change takes a second.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Being alone with something, until it is dropped.
#[derive(Debug)]
#[must_use = "whoever drops it is no longer alone"]
pub struct Turn {
    // Dropped in this order: the next in this process finds the file free.
    _file: Option<Held>,
    _here: OwnedMutexGuard<()>,
}

/// The turns that somebody in this process has or waits for.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for the turn of `name`. Dropping the future leaves the line.
    pub(super) async fn take(
        &self,
        name: &str,
        directory: Option<PathBuf>,
        clock: &Clock,
    ) -> Result<Turn, StoreError> {
        let here = self.line(name).lock_owned().await;
        let Some(directory) = directory else {
            return Ok(Turn {
                _file: None,
                _here: here,
            });
        };
        // The name holds an address or an id; the folder's listing need not.
        let path = directory.join(hex::encode(Sha256::digest(name)));
        loop {
            match Held::attempt(&path) {
                Ok(Some(held)) => {
                    return Ok(Turn {
                        _file: Some(held),
                        _here: here,
                    });
                }
                Ok(None) => clock.sleep(LOOK_AGAIN).await,
                Err(source) => return Err(StoreError::Io { path, source }),
            }
        }
    }

    fn line(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
