//! Adding a line, under the lock of the record.
//!
//! The order is: line, fsync, head, fsync. A crash between the two leaves a head that is behind, which the next writer
//! brings forward; a crash inside the line leaves a piece without a newline, which nobody was told is on record.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::{
    Broken, Cause, Unfinished, Why,
    head::Head,
    lease::{self, Lease},
    line::{self, Body},
    redact::Redact,
};
use crate::{clock::Clock, store::disk};

/// Makes the record if need be, brings its head forward and becomes one of its writers.
pub(super) fn open(
    path: &Path,
    clock: &Clock,
    redact: &Redact,
) -> Result<(Lease, Vec<Unfinished>), Cause> {
    if let Some(directory) = path.parent() {
        disk::make_directory(directory)?;
    }
    let mut file = disk::private()
        .create(true)
        .append(true)
        .read(true)
        .open(path)?;
    file.lock()?;
    if Head::read(path)?.is_none() && file.metadata()?.len() == 0 {
        disk::sync_directory_of(path)?;
        Head::empty().write(path)?;
    }
    let head = catch_up(&mut file, path, clock, redact)?;
    let lease = Lease::take(path)?;
    lease::sweep(path)?;
    let unfinished = abandoned(&head, path);
    Ok((lease, unfinished))
}

/// Returns the changes that are open according to the head and whose writer is no longer running.
fn abandoned(head: &Head, path: &Path) -> Vec<Unfinished> {
    head.open()
        .filter(|open| !lease::is_held(path, &open.writer))
        .cloned()
        .collect()
}

/// Reads the head anew and returns the abandoned changes. A head that is behind lists some that have ended since, and misses none.
pub(super) fn unfinished(path: &Path) -> Result<Vec<Unfinished>, Cause> {
    let head = Head::read(path)?;
    Ok(head.map_or_else(Vec::new, |head| abandoned(&head, path)))
}

/// Adds the outcome of an abandoned intent, unless somebody else did meanwhile.
pub(super) fn settle(
    path: &Path,
    clock: &Clock,
    redact: &Redact,
    intent: &str,
    body: &Body,
) -> Result<bool, Cause> {
    let (mut file, mut head) = locked(path, clock, redact)?;
    let open = abandoned(&head, path)
        .iter()
        .any(|open| open.intent == intent);
    if open {
        add(&mut file, path, &mut head, clock, redact, body)?;
    }
    Ok(open)
}

/// Adds one line. The file is opened anew each time: a record that was moved away is noticed, not written to unseen.
pub(super) fn append(
    path: &Path,
    clock: &Clock,
    redact: &Redact,
    body: &Body,
) -> Result<(), Cause> {
    let (mut file, mut head) = locked(path, clock, redact)?;
    add(&mut file, path, &mut head, clock, redact, body)
}

/// Returns whether a line could be added now, as far as that shows without adding one.
pub(super) fn check(path: &Path, clock: &Clock, redact: &Redact) -> Result<(), Cause> {
    locked(path, clock, redact).map(drop)
}

fn locked(path: &Path, clock: &Clock, redact: &Redact) -> Result<(File, Head), Cause> {
    let mut file = match disk::private().append(true).read(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Broken {
                line: None,
                why: Why::Missing,
            }
            .into());
        }
        opened => opened?,
    };
    file.lock()?;
    let head = catch_up(&mut file, path, clock, redact)?;
    Ok((file, head))
}

fn add(
    file: &mut File,
    path: &Path,
    head: &mut Head,
    clock: &Clock,
    redact: &Redact,
    body: &Body,
) -> Result<(), Cause> {
    let seq = head.lines + 1;
    let text = line::write(seq, clock.now(), &head.hash, body, redact).map_err(io::Error::from)?;
    let line = line::read(text.trim_end().as_bytes(), seq, &head.hash).map_err(|why| Broken {
        line: Some(seq),
        why,
    })?;
    if let Err(error) = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_data())
    {
        // Half a line would be recognised as torn; without it there is nothing to explain.
        let _ = file.set_len(head.bytes);
        return Err(error.into());
    }
    head.follow(line, text.len() as u64);
    Ok(head.write(path)?)
}

/// Brings the head up to what the record holds, and takes a torn end off.
fn catch_up(file: &mut File, path: &Path, clock: &Clock, redact: &Redact) -> Result<Head, Cause> {
    let Some(mut head) = Head::read(path)? else {
        return Err(Broken {
            line: None,
            why: Why::HeadMissing,
        }
        .into());
    };
    let length = file.metadata()?.len();
    if length < head.bytes || !ends_as(file, &head)? {
        return Err(Broken {
            line: Some(head.lines),
            why: Why::EndDiffers,
        }
        .into());
    }
    if length == head.bytes {
        return Ok(head);
    }
    file.seek(SeekFrom::Start(head.bytes))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    let mut torn = None;
    for piece in rest.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = piece.strip_suffix(b"\n") else {
            torn = Some(piece);
            break;
        };
        let seq = head.lines + 1;
        let line = line::read(text, seq, &head.hash).map_err(|why| Broken {
            line: Some(seq),
            why,
        })?;
        head.follow(line, piece.len() as u64);
    }
    match torn {
        None => head.write(path)?,
        Some(piece) => {
            file.set_len(head.bytes)?;
            let text = String::from_utf8_lossy(piece).into_owned();
            let body = Body::Torn {
                bytes: piece.len() as u64,
                text,
            };
            add(file, path, &mut head, clock, redact, &body)?;
        }
    }
    Ok(head)
}

/// Returns whether the record has, where the head says, the line that the head says.
fn ends_as(file: &mut File, head: &Head) -> io::Result<bool> {
    if head.lines == 0 {
        return Ok(true);
    }
    let expected = line::tail_of(&head.hash);
    let Some(start) = head.bytes.checked_sub(expected.len() as u64) else {
        return Ok(false);
    };
    let mut end = vec![0; expected.len()];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut end)?;
    Ok(end == expected.as_bytes())
}
