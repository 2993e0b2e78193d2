//! Records a read for other processes.

use std::sync::Arc;

use jiff::Timestamp;

use super::Scan;
use crate::access::Refusal;
use crate::store::Transcript;

impl<T> Scan<T> {
    /// When it began: nothing in it is older.
    pub(in crate::access) fn as_of(&self) -> Timestamp {
        self.transcript().map_or(self.opened, |it| it.began)
    }

    /// Returns whether nothing of it is read or written down.
    pub(in crate::access) fn is_new(&self) -> bool {
        let state = self.state.try_lock();
        let begun = state.map(|state| state.pages > 0 || state.ended);
        !begun.unwrap_or(true) && self.transcript().is_none()
    }

    /// Writes a read that has not begun down there, or goes on with what is there; whether it had not begun.
    pub(in crate::access) fn write_down(&self, transcript: Arc<Transcript>) -> bool {
        self.is_new() && self.transcript.set(transcript).is_ok()
    }

    /// Its name in cursors: the one that it has in every process.
    pub(in crate::access) fn name(&self) -> &str {
        self.transcript().map_or(&self.id, |it| &it.id)
    }

    /// Somebody has the last piece of it.
    pub(in crate::access) fn given(&self) {
        match self.transcript() {
            // Nobody can ask for it once more.
            Some(transcript) if !self.has_cursor() => transcript.throw_away(),
            Some(transcript) => transcript.done(),
            None => {}
        }
    }

    /// Returns the recorded answers, for other processes.
    pub(in crate::access) fn transcript(&self) -> Option<&Arc<Transcript>> {
        self.transcript.get()
    }

    /// The refusal of a caller who was stopped: the same question can go on.
    pub(super) fn stopped(&self) -> Refusal {
        self.transcript().inspect(|it| it.stopped());
        Refusal::Cancelled
    }

    /// The refusal where the list is another than the one that was begun.
    pub(super) fn changed(&self) -> Refusal {
        self.transcript().inspect(|it| it.throw_away());
        Refusal::Incomplete {
            what: self.what.clone(),
            why: "it changed since the reading was stopped".to_owned(),
            next: "Ask again, without a cursor: it is read anew.".to_owned(),
        }
    }
}
