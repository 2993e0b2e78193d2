//! The length of a piece, its end, and the length of a value as JSON without writing it anywhere.

use std::io::{self, Write};

use serde::Serialize;

/// The longest that a piece may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::access) struct Size {
    pub rows: usize,
    /// No limit where the caller named one of rows.
    pub bytes: usize,
}

/// The end of a piece.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) struct End {
    /// The row that the next piece begins with.
    pub next: Option<usize>,
    /// The number of rows that fit, in all pieces.
    pub matched: usize,
    /// The number of them in this one.
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
