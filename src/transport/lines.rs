//! Lines of a stream, one by one, none of them longer than [`LONGEST`] in memory.
//!
//! Guarantees: every line that has arrived comes out without waiting for more input, whatever came before it; a call of
//! [`Lines::next`] that is dropped before its end loses nothing.

use rmcp::model::RequestId;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

use super::message::IdScan;

/// The longest message, in bytes. A desired roster of 20,000 addresses fits; a runaway client does not fill the memory.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;

/// The next item of a stream.
#[derive(Debug)]
pub(super) enum Line {
    /// A line, without its end.
    Whole(Vec<u8>),
    /// A line that was too long, and the id in it.
    TooLong(Option<RequestId>),
    /// Nothing more.
    End,
}

/// The lines of a stream.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// The scan for the id of a line that has become too long.
    dropping: Option<IdScan>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn of(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, input),
            line: Vec::new(),
            dropping: None,
        }
    }

    /// The next line. One that the stream's end cuts off counts as a line.
    pub(super) async fn next(&mut self) -> Line {
        loop {
            let arrived = match self.input.fill_buf().await {
                Ok(arrived) => arrived,
                Err(error) => {
                    tracing::error!(%error, "the input cannot be read");
                    return Line::End;
                }
            };
            if arrived.is_empty() {
                return self.taken().unwrap_or(Line::End);
            }
            let end = arrived.iter().position(|byte| *byte == b'\n');
            let (bytes, _) = arrived.split_at(end.unwrap_or(arrived.len()));
            match &mut self.dropping {
                Some(scan) => scan.read(bytes),
                None => {
                    self.line.extend_from_slice(bytes);
                    if self.line.len() > LONGEST {
                        let mut scan = IdScan::default();
                        scan.read(&std::mem::take(&mut self.line));
                        self.dropping = Some(scan);
                    }
                }
            }
            let read = bytes.len().saturating_add(usize::from(end.is_some()));
            self.input.consume(read);
            if end.is_some()
                && let Some(line) = self.taken()
            {
                return line;
            }
        }
    }

    /// The line that was read to its end, unless it is blank.
    fn taken(&mut self) -> Option<Line> {
        if let Some(scan) = self.dropping.take() {
            return Some(Line::TooLong(scan.id()));
        }
        let line = std::mem::take(&mut self.line);
        (!line.trim_ascii().is_empty()).then_some(Line::Whole(line))
    }
}
