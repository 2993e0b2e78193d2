//! One ring's file, open: what this process knows of it, and how far it has read.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::ring::{Entry, News};
use super::super::{Limits, Ring};
use crate::clock::Clock;

/// A file with more entries than this, and than eight for each slot taken, is replaced by one that tells the same with fewer:
/// some 15 KB for Statuspage's 60 slots, which a new process reads in microseconds.
const LONG: usize = 256;

/// A file and the ring that it tells.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    /// Tells this file from another of its name.
    id: (u64, u64),
    boot: [u8; 16],
    ring: Ring,
    /// The bytes of which the ring knows.
    known: u64,
}

/// The outcome of an access.
pub(super) enum Access<R> {
    /// It was done. The file is to be opened anew when it was replaced.
    Done { result: R, replaced: bool },
    /// Somebody else holds the lock.
    Busy,
    /// The file was deleted, or replaced by somebody else.
    Gone,
}

impl Log {
    pub(super) fn open(path: &Path, boot: [u8; 16]) -> std::io::Result<Self> {
        let file = open(path, false)?;
        Ok(Self {
            id: id(&file.metadata()?),
            file,
            path: path.to_owned(),
            boot,
            ring: Ring::default(),
            known: 0,
        })
    }

    /// Lets `change` see the ring as all have left it, and leaves it to all as `change` did. After an error what is known of the
    /// ring is not what the file says: drop it.
    pub(super) fn with<R>(
        &mut self,
        clock: Clock,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> std::io::Result<Access<R>> {
        match self.file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Access::Busy),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let access = self.locked(clock, limits, change)?;
        self.file.unlock()?;
        Ok(access)
    }

    fn locked<R>(
        &mut self,
        clock: Clock,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> std::io::Result<Access<R>> {
        // By its name: what counts is what the others find there.
        let length = match std::fs::metadata(&self.path) {
            Ok(there) if id(&there) == self.id => there.len(),
            Ok(_) => return Ok(Access::Gone),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Access::Gone),
            Err(error) => return Err(error),
        };
        // Asked under the lock, so that what follows in the file does not come earlier in time.
        let now = clock.monotonic();
        self.catch_up(length, now, limits)?;
        let result = change(&mut self.ring, now);
        let replaced = self.save()?;
        Ok(Access::Done { result, replaced })
    }

    fn catch_up(&mut self, length: u64, now: Duration, limits: &Limits) -> std::io::Result<()> {
        if length == self.known && length > 0 {
            return Ok(());
        }
        if length < self.known {
            self.ring = Ring::default();
            self.known = 0;
        }
        if length == 0 {
            return self.append(&[Entry::Boot(self.boot)]);
        }
        let more = usize::try_from(length - self.known).map_err(std::io::Error::other)?;
        let mut bytes = vec![0; more];
        self.file.read_exact_at(&mut bytes, self.known)?;
        if self.repeat(&bytes).is_none() {
            let path = self.path.display();
            tracing::warn!(%path, "the shared request window is unreadable: counted as used up");
            self.ring = Ring::used_up(now, limits);
        }
        self.known = length;
        Ok(())
    }

    /// `None`: these bytes are not what anybody wrote.
    fn repeat(&mut self, bytes: &[u8]) -> Option<()> {
        let mut entries = bytes.chunks(Entry::LENGTH).map(Entry::read);
        let mut boot = self.boot;
        if self.known == 0 {
            let Entry::Boot(of) = entries.next()?? else {
                return None;
            };
            boot = of;
        }
        for entry in entries {
            self.ring.repeat(entry?);
        }
        if boot != self.boot {
            self.ring = std::mem::take(&mut self.ring).after_reboot();
        }
        Some(())
    }

    /// Returns whether the file was replaced by another.
    fn save(&mut self) -> std::io::Result<bool> {
        match self.ring.news() {
            News::Entries(entries) if entries.is_empty() => Ok(false),
            News::Entries(entries) if !self.is_long() => self.append(&entries).map(|()| false),
            // A disk without space for a second file may have space for an entry: a long file costs time, not correctness.
            News::Entries(entries) => match self.replace() {
                Ok(()) => Ok(true),
                Err(_) => self.append(&entries).map(|()| false),
            },
            News::Everything => self.replace().map(|()| true),
        }
    }

    fn is_long(&self) -> bool {
        let most = LONG.max(8 * self.ring.len()) * Entry::LENGTH;
        self.known >= most as u64
    }

    fn append(&mut self, entries: &[Entry]) -> std::io::Result<()> {
        let bytes: Vec<u8> = entries.iter().flat_map(|it| it.bytes()).collect();
        if let Err(error) = self.file.write_all_at(&bytes, self.known) {
            // A part of an entry would make the whole file unreadable. Where this fails too, that is what it becomes.
            let _ = self.file.set_len(self.known);
            return Err(error);
        }
        self.known += bytes.len() as u64;
        Ok(())
    }

    /// Only the lock's holder does this, so that one name for the new file is enough, also for one that a killed process left.
    fn replace(&self) -> std::io::Result<()> {
        let fresh = self.path.with_extension("ring.new");
        let entries = std::iter::once(Entry::Boot(self.boot)).chain(self.ring.entries());
        let bytes: Vec<u8> = entries.flat_map(Entry::bytes).collect();
        let file = open(&fresh, true)?;
        file.write_all_at(&bytes, 0)?;
        // Or a power cut could leave the name with an empty file, which is a window that nobody has used.
        file.sync_data()?;
        std::fs::rename(fresh, &self.path)
    }
}

fn id(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

fn open(path: &Path, empty: bool) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(empty)
        .mode(0o600)
        .open(path)
}
