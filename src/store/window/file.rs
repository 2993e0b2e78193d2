//! Rings shared by the processes of one machine: one small file a key, locked for each access.
//!
//! Guarantees: read, change and write are one step for every process (an exclusive lock on the open file), the time is the one
//! clock that all of them share and that goes on while the machine sleeps, and a ring that cannot be read counts as used up.
//! A process killed at any instant leaves either the old ring or the new one: the new text is written in one call, padded
//! with blanks so that it is never shorter than the old.
//!
//! Does not guarantee: surviving a power cut in one piece (nothing is flushed); the boot id tells that the machine restarted, and
//! every slot of an earlier boot is then taken to have been answered at this boot's first instant.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::remote::Unavailable;
use super::{Key, Limits, Ring};
use crate::clock::Clock;

/// Between two attempts at a lock that somebody holds. Waiting in the runtime instead of in the kernel keeps the runtime's one
/// thread free, and leaves no instant at which a dropped future has taken a slot that nobody knows of.
const LOCK_RETRY: Duration = Duration::from_millis(1);

/// A lock is held for microseconds; a holder that keeps it for this long is stopped (a debugger, a frozen disk).
const LOCK_PATIENCE: Duration = Duration::from_secs(10);

/// Why the shared window could not be used. No request is sent without it.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The file cannot be opened, read or written.
    #[error("cannot use the shared request window `{path}`: {source}")]
    Io {
        /// The key's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process holds the lock and does not let go.
    #[error("the shared request window `{path}` stayed locked by another process for 10 s")]
    Locked {
        /// The key's file.
        path: PathBuf,
    },
    /// Redis does not answer.
    #[error(transparent)]
    Remote(#[from] Unavailable),
}

/// The directory that holds the rings.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    clock: Clock,
    boot: String,
}

/// The first line of the file, in JSON. The slots follow it, and then blanks.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    boot: String,
    saved_at: Duration,
    ring: Ring,
    /// Bytes of the slots, and their check sum: a process killed in the middle of writing leaves a mixture.
    length: usize,
    sum: u32,
}

/// What a file holds; `None` when it is not what was written.
fn parse(bytes: &[u8]) -> Option<(Head, Ring)> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, rest) = bytes.split_at(end);
    let mut head: Head = serde_json::from_slice(head).ok()?;
    let slots = rest.get(1..)?.get(..head.length)?;
    if crc32fast::hash(slots) != head.sum {
        return None;
    }
    let ring = std::mem::take(&mut head.ring).with_slots(slots)?;
    Some((head, ring))
}

impl Directory {
    pub(super) fn new(path: &Path, clock: Clock) -> Self {
        // Where there is no boot id, a clock that went back is noticed by the ring itself.
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self {
            path: path.to_owned(),
            clock,
            boot: boot.trim().to_owned(),
        }
    }

    pub(super) async fn with<R>(
        &self,
        key: &Key,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> Result<R, WindowError> {
        let path = self.path.join(format!("window.{}.ring", key.as_str()));
        let mut waited = Duration::ZERO;
        loop {
            match self.attempt(&path, limits, &change) {
                Ok(Some(result)) => return Ok(result),
                Ok(None) if waited < LOCK_PATIENCE => {
                    self.clock.sleep(LOCK_RETRY).await;
                    waited += LOCK_RETRY;
                }
                Ok(None) => return Err(WindowError::Locked { path }),
                Err(source) => return Err(WindowError::Io { path, source }),
            }
        }
    }

    /// `None` when somebody else holds the lock. Opened anew each time, so that a deleted file is not used further.
    fn attempt<R>(
        &self,
        path: &Path,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> std::io::Result<Option<R>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if file.metadata()?.nlink() == 0 {
            return Ok(None);
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let now = self.clock.monotonic();
        let mut ring = self.read(&text, now, limits, path);
        let result = change(&mut ring, now);
        self.write(&file, ring, now, text.len())?;
        Ok(Some(result))
    }

    fn read(&self, text: &[u8], now: Duration, limits: &Limits, path: &Path) -> Ring {
        if text.is_empty() {
            return Ring::default();
        }
        match parse(text) {
            Some((head, ring)) if head.boot == self.boot => ring,
            Some((head, ring)) => ring.after_reboot(head.saved_at),
            None => {
                tracing::warn!(path = %path.display(), "the shared request window is unreadable: counted as used up");
                Ring::used_up(now, limits)
            }
        }
    }

    fn write(
        &self,
        file: &File,
        ring: Ring,
        now: Duration,
        at_least: usize,
    ) -> std::io::Result<()> {
        let slots = ring.slots();
        let head = Head {
            boot: self.boot.clone(),
            saved_at: now,
            ring,
            length: slots.len(),
            sum: crc32fast::hash(&slots),
        };
        let mut text = serde_json::to_vec(&head)?;
        text.push(b'\n');
        text.extend_from_slice(&slots);
        if text.len() < at_least {
            text.resize(at_least, b' ');
        }
        file.write_all_at(&text, 0)
    }
}
