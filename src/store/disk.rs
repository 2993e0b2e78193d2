//! Files that only this user reads, and that are whole after a crash.
//!
//! Guarantees: files are made with mode 0600 and directories with 0700; [`replace`] leaves the old content or the new,
//! never a mixture, and the new one is on the disk when it returns. Does not: work on file systems without locks.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

/// Runs work that waits for the disk or for another process's lock. `None`: the program is stopping.
///
/// On a thread of its own because one fsync takes milliseconds and a lock as long as its owner wants, while the server
/// answers everybody on a single thread. The work is finished even if its caller is cancelled.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// Makes a directory and those above it, for this user alone.
///
/// # Errors
/// As the machine says. One that is there already is none.
pub fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Returns the options with which a private file is opened or made.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Opens the file, made if need be, and waits until no other process or thread holds it. Dropping it lets go.
///
/// # Errors
/// As the machine says.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = private()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)?;
    file.lock()?;
    Ok(file)
}

/// Puts `content` in the place of whatever the file held. Two callers at once need a [`lock`] around this.
///
/// # Errors
/// As the machine says; the old content is then still there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    let mut file = private()
        .create(true)
        .truncate(true)
        .write(true)
        .open(beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(beside, path)?;
    sync_directory_of(path)
}

/// Makes the names in a file's directory durable: without this a new file can be lost although its content was synced.
///
/// # Errors
/// As the machine says.
pub fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
