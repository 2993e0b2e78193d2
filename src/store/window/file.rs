//! Rings shared by the processes of one machine: a file a key that holds what happened to its ring, locked for each access.
//!
//! Guarantees: read, change and write are one step for every process (an exclusive lock on the open file), the time is the one
//! clock that all of them share and that goes on while the machine sleeps, and a ring that cannot be read counts as used up.
//! A process killed at any instant leaves either the old ring or the new one: an entry lies inside one page, a change is one
//! entry, and a file grown long is replaced by a short one by a rename.
//!
//! Costs: each process remembers the ring and reads only what others have added to the file since; the size of the window makes no
//! difference. Keeping the whole ring in the file was dearer than the request that it counted.
//!
//! Does not guarantee: surviving a power cut in one piece. Entries are not flushed, so that the last ones can be missing, and a file cut
//! at an entry's end is read as it stands; the boot id tells that the machine restarted, and every slot of an earlier boot that is
//! still known is then taken to have been answered at this boot's first instant. Nor that a full disk lets requests go: what cannot be
//! written down is not sent.

mod log;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::log::{Access, Log};
use super::super::disk;
use super::super::remote::Unavailable;
use super::{Key, Limits, Ring};
use crate::clock::Clock;

/// Between two attempts at a lock that somebody holds. Waiting in the runtime instead of in the kernel keeps the runtime's one
/// thread free, and leaves no instant at which a dropped future has taken a slot that nobody knows of.
const LOCK_RETRY: Duration = Duration::from_millis(1);

/// A lock is held for microseconds; a holder that keeps it for this long is stopped (a debugger, a frozen disk).
const LOCK_PATIENCE: Duration = Duration::from_secs(10);

/// The reasons why the shared window could not be used. No request is sent without it.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The file cannot be opened, read or written.
    #[error("cannot use the shared request window `{path}`: {source}")]
    Io {
        /// The key's file.
        path: PathBuf,
        /// The system's reason.
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
    boot: [u8; 16],
    /// The files that this process has open. Held for the time of an access, which waits for nobody.
    open: Mutex<HashMap<Key, Log>>,
}

impl Directory {
    pub(super) fn new(path: &Path, clock: Clock) -> Self {
        Self {
            path: path.to_owned(),
            clock,
            boot: boot(),
            open: Mutex::default(),
        }
    }

    pub(super) async fn with<R>(
        &self,
        key: &Key,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> Result<R, WindowError> {
        let mut waited = Duration::ZERO;
        loop {
            match self.attempt(key, limits, &change) {
                Ok(Some(result)) => return Ok(result),
                Ok(None) if waited < LOCK_PATIENCE => {
                    self.clock.sleep(LOCK_RETRY).await;
                    waited += LOCK_RETRY;
                }
                Ok(None) => {
                    return Err(WindowError::Locked {
                        path: self.file(key),
                    });
                }
                Err(source) => {
                    return Err(WindowError::Io {
                        path: self.file(key),
                        source,
                    });
                }
            }
        }
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.path.join(format!("window.{}.ring", key.as_str()))
    }

    /// The key's file, opened. Somebody who tidies up can have taken the directory away.
    fn log(&self, key: &Key) -> std::io::Result<Log> {
        match Log::open(&self.file(key), self.boot) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                disk::make_directory(&self.path)?;
                self.lose(key)?;
                Log::open(&self.file(key), self.boot)
            }
            opened => opened,
        }
    }

    /// Records that the content of the file is lost: a file that cannot be read counts as used up, for every process. The first process to
    /// notice writes it.
    fn lose(&self, key: &Key) -> std::io::Result<()> {
        let made = disk::private()
            .write(true)
            .create_new(true)
            .open(self.file(key));
        match made {
            Ok(mut file) => std::io::Write::write_all(&mut file, b"lost"),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// `None` when somebody else holds the lock. A file is forgotten, and read anew, after any failure.
    fn attempt<R>(
        &self,
        key: &Key,
        limits: &Limits,
        change: impl Fn(&mut Ring, Duration) -> R,
    ) -> std::io::Result<Option<R>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut log = match open.remove(key) {
            Some(log) => log,
            None => self.log(key)?,
        };
        let mut access = log.with(self.clock, limits, &change)?;
        if matches!(access, Access::Gone) {
            // Once: where a file never is what its name says, waiting and then an error is better than turning in a circle.
            log = self.log(key)?;
            access = log.with(self.clock, limits, &change)?;
        }
        let (result, keep) = match access {
            Access::Done { result, replaced } => (Some(result), !replaced),
            Access::Busy => (None, true),
            Access::Gone => (None, false),
        };
        if keep {
            open.insert(key.clone(), log);
        }
        Ok(result)
    }
}

/// Tells one boot of the machine from the next. Where there is no boot id, a clock that went back is noticed by the ring itself.
fn boot() -> [u8; 16] {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits = id.trim().replace('-', "");
    let mut boot = [0; 16];
    // Anything but 32 digits leaves zeros: a machine without boot ids.
    let _ = hex::decode_to_slice(digits, &mut boot);
    boot
}
