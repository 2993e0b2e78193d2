//! Reading the record: is it whole, and how does it end.

use std::{
    collections::VecDeque,
    fmt,
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::Path,
};

use serde_json::Value;

use super::{Cause, Unfinished, head::Head, lease, line};

/// A record in which every line is as it was written.
#[derive(Debug)]
pub struct Verified {
    /// The number of lines.
    pub lines: u64,
    /// Intents without an outcome whose writer is gone.
    pub unfinished: Vec<Unfinished>,
    /// The hash of the last line. Kept elsewhere, it proves later that nothing up to here was rewritten.
    pub last_hash: String,
    /// Bytes of a line that its writer did not live to finish; the next writer records them as torn.
    pub torn: u64,
}

/// A place where the record differs from what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Broken {
    /// The line, from 1. `None`: the trouble is not with one line.
    pub line: Option<u64>,
    /// The kind of damage.
    pub why: Why,
}

/// The ways in which a record can be damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The machine does not let us read it.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// There is no such file.
    #[error("the file is gone")]
    Missing,
    /// There is a record and no head.
    #[error("its `.head` file is gone, without which a cut end cannot be told")]
    HeadMissing,
    /// The head holds something else.
    #[error("its `.head` file is not one")]
    HeadUnreadable,
    /// A line does not have the form of one.
    #[error("it does not have the form of a line")]
    NotALine,
    /// A line's bytes do not give its hash.
    #[error("it was edited: its bytes do not give its hash")]
    Edited,
    /// A line does not follow the one before it.
    #[error(
        "it does not follow the line before it (it says it is number {says}): a line was removed, added or moved"
    )]
    OutOfPlace {
        /// The number that it carries.
        says: u64,
    },
    /// The record ends before the line that was written last, or that line is another.
    #[error("it was the last line written, and it is gone or another one is in its place")]
    EndDiffers,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(
                f,
                "line {line} of the record is not what was written: {}",
                self.why
            ),
            None => write!(f, "the record is not what was written: {}", self.why),
        }
    }
}

/// Returns whether a record was ever begun at this path. A file that is missing beside its head is one that is gone.
#[must_use]
pub fn is_begun(path: &Path) -> bool {
    path.exists() || matches!(Head::read(path), Ok(Some(_)) | Err(_))
}

/// Reads the whole record and compares every line with its hash, the line before and the head. Blocks.
///
/// # Errors
/// The first line that is not what was written.
pub fn verify(path: &Path) -> Result<Verified, Broken> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Broken {
            line: None,
            why: Why::Missing,
        },
        _ => Broken {
            line: None,
            why: Why::Unreadable(error.to_string()),
        },
    };
    let file = File::open(path).map_err(unreadable)?;
    // No writer is in the middle of a line, or between a line and its head.
    file.lock_shared().map_err(unreadable)?;
    let written = match Head::read(path) {
        Ok(Some(head)) => head,
        Ok(None) => {
            return Err(Broken {
                line: None,
                why: Why::HeadMissing,
            });
        }
        Err(Cause::Broken(broken)) => return Err(broken),
        Err(cause) => {
            return Err(Broken {
                line: None,
                why: Why::Unreadable(cause.to_string()),
            });
        }
    };
    let mut lines = BufReader::new(file);
    let mut read = Head::empty();
    let mut piece = Vec::new();
    loop {
        if read.lines == written.lines && read.hash != written.hash {
            return Err(Broken {
                line: Some(read.lines),
                why: Why::EndDiffers,
            });
        }
        piece.clear();
        lines.read_until(b'\n', &mut piece).map_err(unreadable)?;
        let Some(text) = piece.strip_suffix(b"\n") else {
            break;
        };
        let seq = read.lines + 1;
        let line = line::read(text, seq, &read.hash).map_err(|why| Broken {
            line: Some(seq),
            why,
        })?;
        read.follow(line, piece.len() as u64);
    }
    if read.lines < written.lines {
        return Err(Broken {
            line: Some(read.lines + 1),
            why: Why::EndDiffers,
        });
    }
    let unfinished = read
        .open()
        .filter(|open| !lease::is_held(path, &open.writer))
        .cloned()
        .collect();
    Ok(Verified {
        lines: read.lines,
        unfinished,
        last_hash: read.hash,
        torn: piece.len() as u64,
    })
}

/// The last `n` lines that are wanted, oldest first, as they stand: unchecked. Each is asked about once, in order. Blocks.
///
/// # Errors
/// As the machine says.
pub fn last_lines(
    path: &Path,
    n: usize,
    mut wanted: impl FnMut(&str) -> bool,
) -> io::Result<Vec<String>> {
    let mut last = VecDeque::new();
    for line in BufReader::new(File::open(path)?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if !wanted(&line) {
            continue;
        }
        last.push_back(line);
        if last.len() > n {
            last.pop_front();
        }
    }
    Ok(last.into())
}

/// The last `n` lines, oldest first, read: unchecked. What is not JSON is given as a string. Blocks.
///
/// # Errors
/// As the machine says.
pub fn tail(path: &Path, n: usize) -> io::Result<Vec<Value>> {
    let lines = last_lines(path, n, |_| true)?;
    let read = |line: String| serde_json::from_str(&line).unwrap_or(Value::String(line));
    Ok(lines.into_iter().map(read).collect())
}
