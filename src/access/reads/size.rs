//! How long a piece may be, where it ends, and how long something is as JSON without writing it anywhere.

use std::io::{self, Write};

use serde::Serialize;

/// How long a piece may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::access) struct Size {
    pub rows: usize,
    /// No limit where the caller named one of rows.
    pub bytes: usize,
}

/// Where a piece ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) struct End {
    /// The row that the next piece begins with.
    pub next: Option<usize>,
    /// How many rows fit, in all pieces.
    pub matched: usize,
    /// How many of them are in this one.
    pub shown: usize,
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of its JSON; 0 for what has none.
pub(in crate::access) fn of(value: &impl Serialize) -> usize {
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => 0,
    }
}
