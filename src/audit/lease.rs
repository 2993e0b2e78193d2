//! Tells a writer that is still running from one that died.
//!
//! Each open [`Log`](super::Log) holds the lock of a file of its own. The kernel lets go of it when the process ends,
//! however it ends, on every Unix and across containers; a process number would be reused, and names another process in
//! another container.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::store::disk;

/// Held while a log is open.
#[derive(Debug)]
pub(super) struct Lease {
    id: String,
    file: PathBuf,
    _held: File,
}

impl Lease {
    /// Only under the record's lock: [`sweep`] would take the file for a dead writer's before it is locked.
    pub(super) fn take(record: &Path) -> io::Result<Self> {
        let directory = directory(record);
        disk::make_directory(&directory)?;
        let id = hex::encode(rand::random::<[u8; 8]>());
        let file = directory.join(&id);
        let lock = disk::lock(&file)?;
        Ok(Self {
            id,
            file,
            _held: lock,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // If it stays, the next `sweep` takes it.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Returns whether the log that wrote as `writer` is still open somewhere. If that cannot be told it is not: a false alarm costs
/// a look, a missed one an account that nobody knows about.
pub(super) fn is_held(record: &Path, writer: &str) -> bool {
    // The name comes out of a file: a foreign one must not lead out of the directory.
    if !writer.bytes().all(|b| b.is_ascii_hexdigit()) {
        return false;
    }
    let Ok(file) = File::open(directory(record).join(writer)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Removes what dead writers left. Only under the record's lock.
pub(super) fn sweep(record: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(directory(record))? {
        let entry = entry?;
        if entry
            .file_name()
            .to_str()
            .is_none_or(|writer| is_held(record, writer))
        {
            continue;
        }
        match std::fs::remove_file(entry.path()) {
            // Its log was closed in this moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

fn directory(record: &Path) -> PathBuf {
    super::beside(record, ".writers")
}
