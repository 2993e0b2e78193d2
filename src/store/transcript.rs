//! The answers of a read, recorded in the state directory: another process on the same directory continues the read where it stopped.
//!
//! Guarantees: what was answered is given once more in the order in which it came, with the time at which it came; the last answer
//! of a read that had not ended is asked for again and compared, so that a list that changed meanwhile is noticed instead of being
//! put together of two halves; a transcript that does not hold the whole read is thrown away.

mod folder;
mod line;

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub use self::folder::Transcripts;
use self::line::{Answer, Line};

/// Bytes of one read at most: some 50,000 viewers. What is longer goes on in its own process alone.
const LONGEST: usize = 64 << 20;

/// The answers of one read.
#[derive(Debug)]
pub struct Transcript {
    /// Names the read, in every process.
    pub id: String,
    /// When it began.
    pub began: Timestamp,
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answers: HashMap<String, VecDeque<Answer>>,
    /// The number of answers still to be returned.
    left: usize,
    /// True when the read came to its end.
    ended: bool,
    /// The answer that is asked for once more.
    expected: Option<Answer>,
    changed: bool,
    void: bool,
    /// When the answer came that was given last, where it was given once more.
    now: Option<Timestamp>,
    written: usize,
    /// The file that the read is recorded in; open during the read, and in one process at a time.
    file: Option<File>,
}

impl Transcript {
    fn at(path: PathBuf, id: &str, began: Timestamp, state: State) -> Arc<Self> {
        Arc::new(Self {
            id: id.to_owned(),
            began,
            path,
            state: Mutex::new(state),
        })
    }

    /// The answer to a request that was made before and is not made again.
    pub fn recall(&self, asked: &str) -> Option<Vec<u8>> {
        let mut state = self.state();
        let answer = state.answers.get_mut(asked)?.pop_front()?;
        state.left -= 1;
        if state.left == 0 && !state.ended {
            state.expected = Some(answer);
            return None;
        }
        state.now = Some(answer.at);
        Some(answer.body.into_bytes())
    }

    /// Keeps an answer that came just now.
    pub fn keep(&self, asked: &str, at: Timestamp, body: &[u8]) {
        let mut state = self.state();
        state.now = None;
        let Ok(body) = std::str::from_utf8(body) else {
            drop(state);
            self.throw_away();
            return;
        };
        if let Some(expected) = state.expected.take_if(|expected| expected.asked == asked) {
            state.changed = expected.body != body;
            if !state.changed {
                state.now = Some(expected.at);
                return;
            }
        }
        drop(state);
        let (asked, body) = (asked.to_owned(), body.to_owned());
        self.write(&Line::Answer(Answer { asked, at, body }));
    }

    /// Returns whether the list is another than the one that was written down.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.state().changed
    }

    /// The time that the last answer is of, where it was given once more.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.state().now
    }

    /// The read came to its end. Its file is closed: a server holds many reads.
    pub fn ended(&self) {
        let first = !std::mem::replace(&mut self.state().ended, true);
        if first {
            self.write(&Line::Ended);
            self.state().file = None;
        }
    }

    /// Its caller was stopped: whoever asks the same goes on with it.
    pub fn stopped(&self) {
        self.note(&Line::Stopped);
    }

    /// Somebody has the whole of it: the same question is a new one. Cursors into it stay good.
    pub fn done(&self) {
        self.note(&Line::Done);
    }

    /// It does not hold the whole read, or nobody will ask for it again.
    pub fn throw_away(&self) {
        self.state().void = true;
        // It may be gone already.
        let _ = std::fs::remove_file(&self.path);
    }

    /// Writes a line also where the read has ended.
    fn note(&self, line: &Line) {
        let closed = {
            let mut state = self.state();
            let closed = state.file.is_none() && state.ended && !state.void;
            if closed {
                state.file = folder::alone(&self.path);
            }
            closed
        };
        self.write(line);
        if closed {
            self.state().file = None;
        }
    }

    fn write(&self, line: &Line) {
        let mut state = self.state();
        if state.void {
            return;
        }
        let text = serde_json::to_string(line).map(|text| format!("{text}\n"));
        let whole = match (&mut state.file, text) {
            (Some(file), Ok(text)) => {
                let written = file.write_all(text.as_bytes());
                state.written += text.len();
                written.is_ok() && state.written <= LONGEST
            }
            _ => true,
        };
        drop(state);
        if !whole {
            self.throw_away();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
